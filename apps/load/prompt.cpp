// Reads mixes strictly: a misspelt key would change what is measured.
#include "apps/load/prompt.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace guardrails::load {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_kind = 64;

std::optional<std::string> text_of(const json::value& value) {
  const auto* text = value.if_string();
  return text ? std::optional{std::string{*text}} : std::nullopt;
}

std::optional<chat_message> message_of(const json::value& value) {
  const auto* object = value.if_object();
  if (!object || object->size() != 2 || !object->contains("role") || !object->contains("content"))
    return std::nullopt;
  auto role = text_of(object->at("role"));
  auto content = text_of(object->at("content"));
  if (!role || !content)
    return std::nullopt;
  return chat_message{std::move(*role), std::move(*content)};
}

bool take_messages(const json::value& value, prompt& into) {
  const auto* list = value.if_array();
  if (!list || list->empty())
    return false;
  for (const auto& each : *list) {
    auto message = message_of(each);
    if (!message)
      return false;
    into.messages.push_back(std::move(*message));
  }
  return true;
}

bool take_weight(const json::value& value, prompt& into) {
  boost::system::error_code problem;
  into.weight = value.to_number<double>(problem);
  return !problem && std::isfinite(into.weight) && into.weight > 0;
}

bool take_kind(const json::value& value, prompt& into) {
  auto text = text_of(value);
  into.kind = text ? std::move(*text) : std::string{};
  return !into.kind.empty() && into.kind.size() <= longest_kind;
}

bool take_text(const json::value& value, prompt& into) {
  auto text = text_of(value);
  if (!text)
    return false;
  into.messages.push_back({"user", std::move(*text)});
  return true;
}

bool take(std::string_view key, const json::value& value, prompt& into) {
  if (key == "text")
    return into.messages.empty() && take_text(value, into);
  if (key == "messages")
    return into.messages.empty() && take_messages(value, into);
  if (key == "weight")
    return take_weight(value, into);
  return key == "kind" && take_kind(value, into);
}

/// What is wrong with it; nothing: it was read.
std::optional<std::string> read_line(std::string_view line, prompt& into) {
  boost::system::error_code problem;
  const auto value = json::parse({line.data(), line.size()}, problem);
  const auto* object = problem ? nullptr : value.if_object();
  if (!object)
    return "not a JSON object";
  into.kind = "default";
  for (const auto& [key, member] : *object)
    if (!take(key, member, into))
      return std::string{key}.append(" is not known, or not what it may be");
  if (into.messages.empty())
    return "neither 'text' nor 'messages'";
  return std::nullopt;
}

/// The bits of a number well mixed, as a share from 0 to below 1 (splitmix64).
double scattered(std::uint64_t number) noexcept {
  auto bits = number * 0x9e3779b97f4a7c15u + 0x9e3779b97f4a7c15u;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  bits ^= bits >> 31;
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

} // namespace

std::variant<std::vector<prompt>, std::string> read_prompts(std::string_view text) {
  std::vector<prompt> prompts;
  std::vector<std::string> kinds;
  const auto at = [](std::size_t line, std::string_view wrong) {
    return std::string{"line "}.append(std::to_string(line)).append(": ").append(wrong);
  };
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos)
      continue;
    prompt next;
    if (const auto wrong = read_line(line, next))
      return at(number, *wrong);
    if (std::ranges::find(kinds, next.kind) == kinds.end())
      kinds.push_back(next.kind);
    if (kinds.size() > most_kinds)
      return at(number, "more than " + std::to_string(most_kinds) + " kinds");
    prompts.push_back(std::move(next));
  }
  if (prompts.empty())
    return "no prompt";
  return prompts;
}

mix::mix(std::span<const prompt> prompts) {
  double sum = 0;
  for (const auto& each : prompts) {
    up_to_.push_back(sum += each.weight);
    const auto known = std::ranges::find(kinds_, each.kind);
    kind_of_.push_back(static_cast<std::size_t>(known - kinds_.begin()));
    if (known == kinds_.end())
      kinds_.push_back(each.kind);
  }
}

std::size_t mix::pick(std::uint64_t request) const noexcept {
  if (up_to_.size() == 1)
    return 0;
  const auto found = std::ranges::upper_bound(up_to_, scattered(request) * up_to_.back());
  return std::min(static_cast<std::size_t>(found - up_to_.begin()), up_to_.size() - 1);
}

} // namespace guardrails::load
