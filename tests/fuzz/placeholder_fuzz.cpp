// Any bytes through placeholders: what is masked comes back as it was, in pieces too, and nothing else
// changes.
#include "checks/mask_vault.hpp"
#include "checks/placeholder.hpp"
#include "checks/unmasking.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace guardrails;
using namespace guardrails::checks;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

/// Everything between two `!` is a value.
std::vector<finding> marked(std::string_view text) {
  std::vector<finding> findings;
  for (auto begin = text.find('!'); begin != std::string_view::npos; begin = text.find('!', begin + 1)) {
    finding f;
    f.check = "pii";
    f.entity = begin % 2 == 0 ? "A" : "A_1";
    f.span = {begin, std::min(text.find('!', begin + 1), text.size())};
    f.replacement = "<A>";
    findings.push_back(std::move(f));
  }
  return findings;
}

std::string unmasked_in_pieces(std::string_view text, const masked_values& values, std::size_t size) {
  unmasking stream{values};
  std::string out;
  for (; !text.empty(); text.remove_prefix(std::min(size, text.size())))
    out += stream.feed(text.substr(0, size));
  return out.append(stream.finish());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = read_placeholder(text);
  expect(read.length <= text.size() && read.length <= longest_placeholder);
  mask_vault vault;
  // The second message may quote what the first one was given.
  const auto half = text.size() / 2;
  for (const auto message : {text.substr(0, half), text.substr(half)}) {
    auto findings = marked(message);
    const auto sent = vault.mask(message, 0, findings);
    expect(unmask(sent, vault.values()) == message);
    expect(unmasked_in_pieces(sent, vault.values(), 1 + size % 7) == message);
  }
  const auto answer = unmask(text, vault.values());
  expect(unmasked_in_pieces(text, vault.values(), 1 + size % 7) == answer);
  expect(unmask(text, {}) == text);
  return 0;
}
