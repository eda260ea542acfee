// A model behind HTTP whose answers come cut as a test wants them.
#pragma once

#include "tests/raw_server.hpp"

#include <guardrails/generation.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::test {

/// Answers the question `text N cut C` with the text of that number. As a stream it is cut, as C says, into
/// pieces of a few bytes or of hundreds, and its events, escapes and characters are cut once more on their
/// way through the socket.
class cutting_upstream {
public:
  explicit cutting_upstream(std::vector<std::string> texts);

  /// For `llm.base_url`.
  std::string base_url() const;

  static std::string question(std::size_t text, std::size_t cut);

private:
  void serve(raw_connection& peer) const;

  std::vector<std::string> texts_;
  raw_server server_;
};

/// All that a stream may show of an answer that was judged so: what is shown at once, or, of one that is
/// blocked, what stands before the first finding that blocks it.
std::string most_shown(std::string_view text, const check_report& judged);

/// YAML of guardrails with a bit of everything that judges an answer on its way, and nothing that holds it.
extern const std::string all_that_streams;

/// Answers as models write them, some with things to be found at the start, in the midst and at the end, some
/// longer than what is judged where it is.
std::vector<std::string> answers_to_stream(std::size_t count);

} // namespace guardrails::test
