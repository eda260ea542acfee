// A user's pattern and word, then a text, cut from one input by newlines: compiled or refused, matched within
// the text.
#include "checks/rail.hpp"

#include <guardrails/errors.hpp>

#include <cstdlib>

namespace {

std::uint64_t no_time() noexcept {
  return 0;
}

std::string cut_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string line{rest.substr(0, end)};
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace guardrails;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  rails_config config;
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false;
  config.guardrails.check_sensitive_data = false;
  auto& list = config.guardrails.block_list.emplace();
  list.patterns.push_back(cut_line(rest));
  list.words.push_back(cut_line(rest));
  try {
    const auto rail = checks::compile_rail(config, checks::direction::text);
    for (const auto& f : rail.judge(rest, no_time).report.findings)
      if (f.span.begin >= f.span.end || f.span.end > rest.size())
        std::abort();
  } catch (const config_error&) {
    return 0; // refused, by its key
  }
  return 0;
}
