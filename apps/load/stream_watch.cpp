// Cuts pieces into lines and looks into the JSON of events.
#include "apps/load/stream_watch.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace guardrails::load {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_line = 64 * 1024;
constexpr std::string_view done_mark = "[DONE]";

bool is_filled(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (!value)
    return false;
  if (const auto* text = value->if_string())
    return !text->empty();
  const auto* list = value->if_array();
  return list && !list->empty();
}

bool carries_content(const json::value& choice) {
  const auto* object = choice.if_object();
  if (!object)
    return false;
  const auto* delta = object->if_contains("delta");
  const auto* parts = delta ? delta->if_object() : nullptr;
  return is_filled(*object, "text") ||
         (parts && (is_filled(*parts, "content") || is_filled(*parts, "tool_calls")));
}

bool event_carries_content(std::string_view data) {
  boost::system::error_code problem;
  const auto event = json::parse({data.data(), data.size()}, problem);
  const auto* object = problem ? nullptr : event.if_object();
  const auto* choices = object ? object->if_contains("choices") : nullptr;
  const auto* list = choices ? choices->if_array() : nullptr;
  return list && std::any_of(list->begin(), list->end(), carries_content);
}

} // namespace

void stream_watch::feed(std::string_view piece) {
  while (!piece.empty()) {
    const auto end = piece.find('\n');
    keep(piece.substr(0, end));
    if (end == std::string_view::npos)
      return;
    end_line();
    piece.remove_prefix(end + 1);
  }
}

void stream_watch::keep(std::string_view part) {
  too_long_ = too_long_ || part.size() > longest_line - line_.size();
  if (!too_long_)
    line_.append(part);
}

void stream_watch::end_line() {
  std::string_view line = line_;
  if (line.ends_with('\r'))
    line.remove_suffix(1);
  if (line.empty() && !too_long_)
    done_ = last_is_done_;
  if (line.starts_with("data:")) {
    line.remove_prefix(line.starts_with("data: ") ? 6 : 5);
    last_is_done_ = !too_long_ && line == done_mark;
    done_ = false;
    contents_ += !too_long_ && !last_is_done_ && event_carries_content(line);
  }
  line_.clear();
  too_long_ = false;
}

} // namespace guardrails::load
