// An expression, then a text, cut from one input by the first newline: what the parser takes means what RE2
// takes it to mean.
#include "checks/stream_patterns.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/utf8.hpp>

#include <re2/re2.h>

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guardrails;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto cut = std::min(input.find('\n'), input.size());
  const auto text = input.substr(std::min(cut + 1, input.size()));
  const auto parsed = checks::parse_bounded(input.substr(0, cut), checks::stream_patterns::widest);
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 reference{{input.data(), cut}, options};
  if (!parsed.expression || !parsed.expression->exact || !reference.ok() ||
      find_invalid_utf8(input) != std::string_view::npos)
    return 0;
  const std::vector<checks::pattern> patterns{{std::string{input.substr(0, cut)}, "key"}};
  const checks::stream_patterns compiled{patterns};
  checks::stream_patterns::stream stream{compiled};
  bool found = false;
  const auto note = [&](checks::pattern_id, std::size_t) { found = true; };
  const auto middle = text.size() / 2;
  stream.feed(text.substr(0, middle), note);
  stream.feed(text.substr(middle), note);
  stream.finish(note);
  if (found != RE2::PartialMatch({text.data(), text.size()}, reference))
    std::abort();
  return 0;
}
