// Calls of tools as OpenAI's answers and streams have them.
#pragma once

#include <guardrails/generation.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace guardrails::llm {

inline constexpr std::size_t most_tool_calls = 128; ///< of one choice
inline constexpr std::size_t most_choices = 128;    ///< of one answer

/// Appends a function's call, to which arguments may come later. False: there are too many.
bool add_call(std::vector<tool_call>& to, std::string_view id, std::string_view name);

/// Calls that come in blocks, one after the other: a name, pieces of arguments, an end.
class blocks_of_calls {
public:
  explicit blocks_of_calls(std::vector<tool_call>& calls)
    : calls_{calls} {}

  /// False: there are too many calls.
  bool open(std::string_view id, std::string_view name);

  /// Is nothing where no call is open.
  void add(std::string_view arguments);

  /// A call without arguments has those of an empty object.
  void close();

private:
  std::vector<tool_call>& calls_;
  bool is_open_ = false;
};

/// Adds a `tool_calls` list, whole or the next delta of it, to what came before. False: there are more calls
/// than most_tool_calls.
bool add_tool_calls(std::vector<tool_call>& to, const boost::json::value* list);

} // namespace guardrails::llm
