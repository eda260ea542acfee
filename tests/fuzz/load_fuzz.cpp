// Any bytes as a stream of events, cut anywhere, and as an address or a mix of prompts: the load
// generator says the same of every cut.
#include "apps/load/destination.hpp"
#include "apps/load/profile.hpp"
#include "apps/load/prompt.hpp"
#include "apps/load/request_text.hpp"
#include "apps/load/stream_watch.hpp"

#include <algorithm>
#include <cstdlib>

namespace {

using namespace guardrails::load;

void check(bool holds) {
  if (!holds)
    std::abort();
}

void watch(std::string_view text, std::size_t step) {
  stream_watch whole;
  whole.feed(text);
  stream_watch cut;
  for (auto rest = text; !rest.empty(); rest.remove_prefix(std::min(step, rest.size())))
    cut.feed(rest.substr(0, step));
  check(whole.has_content() == cut.has_content() && whole.is_done() == cut.is_done());
}

void mixes(std::string_view text) {
  const auto read = read_prompts(text);
  const auto* prompts = std::get_if<std::vector<prompt>>(&read);
  if (!prompts)
    return;
  const mix all{*prompts};
  check(!prompts->empty() && all.kinds().size() <= most_kinds);
  for (std::uint64_t request = 0; request < 8; ++request)
    check(all.kind_of(all.pick(request)) < all.kinds().size());
}

void ask(std::string_view text) {
  const auto lines = [](const std::string& request) {
    return std::count(request.begin(), request.end(), '\n');
  };
  const auto where = parse_http_url(text);
  if (where)
    check(lines(request_text(*where, "GET", {}, std::nullopt)) == 3 &&
          where->shown().size() <= text.size() + 64);
  if (auto extra = parse_header(text))
    check(lines(request_text({"h", 80, "/"}, "GET", {std::move(*extra)}, std::nullopt)) == 4);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  watch(text, data[0] % 16 + 1u);
  ask(text);
  mixes(text);
  if (const auto phases = parse_schedule(text)) {
    const profile pace{*phases};
    check(pace.at(0) <= pace.at(pace.requests() / 2) && pace.at(pace.requests() / 2) <= pace.duration());
  }
  if (const auto where = parse_destination(text))
    check(!std::holds_alternative<node_list>(*where) || !std::get<node_list>(*where).nodes.empty());
  return 0;
}
