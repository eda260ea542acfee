// A whole call is a delta on nothing.
#include "llm/openai_tool_calls.hpp"

#include "llm/json_reader.hpp"

#include <utility>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

/// Which call a delta goes on with. Some servers leave out the index: then a new id or name begins a call.
std::size_t place_of(const std::vector<tool_call>& calls, const json::value& delta, bool begins) {
  const auto* index = member(&delta, "index");
  if (index && index->is_int64() && index->get_int64() >= 0)
    return static_cast<std::size_t>(index->get_int64());
  return begins || calls.empty() ? calls.size() : calls.size() - 1;
}

void append_said(std::string& to, const json::value* said) {
  if (!said || said->is_null())
    return;
  to += said->is_string() ? std::string{string_of(said)} : json::serialize(*said);
}

bool add_delta(std::vector<tool_call>& to, const json::value& delta) {
  const bool custom = member(&delta, "custom") != nullptr;
  const auto* tool = member(&delta, custom ? "custom" : "function");
  const auto id = string_of(member(&delta, "id"));
  const auto name = string_of(member(tool, "name"));
  const auto place = place_of(to, delta, !id.empty() || !name.empty());
  if (place >= most_tool_calls)
    return false;
  if (place >= to.size())
    to.resize(place + 1);
  auto& call = to[place];
  if (!id.empty())
    call.id = id;
  if (call.type.empty())
    call.type = custom ? "custom" : "function";
  call.name += name;
  append_said(call.arguments, member(tool, custom ? "input" : "arguments"));
  return true;
}

} // namespace

bool add_call(std::vector<tool_call>& to, std::string_view id, std::string_view name) {
  if (to.size() >= most_tool_calls)
    return false;
  to.push_back({std::string{id}, "function", std::string{name}, {}});
  return true;
}

bool blocks_of_calls::open(std::string_view id, std::string_view name) {
  is_open_ = add_call(calls_, id, name);
  return is_open_;
}

void blocks_of_calls::add(std::string_view arguments) {
  if (is_open_)
    calls_.back().arguments += arguments;
}

void blocks_of_calls::close() {
  if (std::exchange(is_open_, false) && calls_.back().arguments.empty())
    calls_.back().arguments = "{}";
}

bool add_tool_calls(std::vector<tool_call>& to, const json::value* list) {
  if (const auto* deltas = list ? list->if_array() : nullptr)
    for (const auto& delta : *deltas)
      if (!add_delta(to, delta))
        return false;
  return true;
}

} // namespace guardrails::llm
