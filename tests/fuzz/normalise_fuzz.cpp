// Any bytes through the normaliser: the result is settled, its map leads back onto character boundaries, and
// a stream of pieces comes to the same.
#include <guardrails/utf8.hpp>

#include "checks/normalise.hpp"
#include "checks/normalised_stream.hpp"
#include "checks/rail.hpp"
#include "checks/utf8.hpp"

#include <cstdlib>
#include <string>

namespace {

using namespace guardrails;
using namespace guardrails::checks;

void expect(bool holds) {
  if (!holds)
    std::abort();
}

bool on_boundary(std::string_view text, std::size_t pos) {
  return pos == text.size() || (pos < text.size() && !is_continuation(text[pos]));
}

void check_map(std::string_view original, const normalised_text& n) {
  match_range last;
  for (std::size_t pos = 0; pos < n.text().size();) {
    const auto length = decode_at(n.text(), pos).length;
    const auto where = n.to_original({pos, pos + length});
    expect(where.begin < where.end && on_boundary(original, where.begin) && on_boundary(original, where.end));
    expect(where.begin >= last.end || where == last);
    last = where;
    pos += length;
  }
}

// A stream looks at some kilobytes together, so there must be more than the fuzzer's bytes.
void check_stream(std::string_view text, std::size_t chunk) {
  std::string longer;
  while (longer.size() < 6'000)
    longer.append(text).append(" and so on ");
  normalised_stream stream;
  std::string all;
  const auto sink = [&](std::string_view settled) { all += settled; };
  for (std::size_t at = 0; at < longer.size(); at += chunk)
    stream.feed(std::string_view{longer}.substr(at, chunk), sink);
  stream.finish(sink);
  expect(all == normalise(longer).text());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto valid = find_invalid_utf8(text) == std::string_view::npos;
  for (const auto which : {lookalikes::keep, lookalikes::in_mixed_words, lookalikes::all}) {
    const auto n = normalise(text, which);
    if (!valid)
      continue; // it is enough to survive them: the rail refuses them
    expect(find_invalid_utf8(n.text()) == std::string_view::npos);
    expect(normalise(n.text(), which).text() == n.text());
    check_map(text, n);
  }
  if (size > 0)
    check_stream(text.substr(0, 16'000), 1 + data[0]);
  return 0;
}
