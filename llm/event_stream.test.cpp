// Server-sent events, whole and cut everywhere.
#define CAF_SUITE event_stream
#include "llm/event_stream.hpp"

#include "tests/caf_test.hpp"

#include <string>
#include <vector>

using guardrails::llm::event_stream;
using events = std::vector<std::string>;

namespace {

events read(std::string_view text, std::size_t piece) {
  events all;
  event_stream stream;
  for (std::size_t at = 0; at < text.size(); at += piece)
    if (!stream.feed(text.substr(at, piece), [&](std::string_view data) { all.emplace_back(data); }))
      all.emplace_back("failed");
  return all;
}

void check_reads(std::string_view text, const events& expected) {
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, text.size()})
    CHECK(read(text, piece) == expected);
}

} // namespace

TEST("events end with an empty line, whatever ends the lines") {
  check_reads("data: one\n\ndata: two\r\n\r\ndata: three\r\r", {"one", "two", "three"});
  check_reads("data: one\r\n\ndata: two\n\r\n", {"one", "two"});
}

TEST("data of several lines is one event") {
  check_reads("data: a\ndata:b\ndata:  c\n\n", {"a\nb\n c"});
  check_reads("data\n\n", {""});
  check_reads("data:\ndata:\n\n", {"\n"});
}

TEST("other fields and comments carry no data") {
  check_reads(": keep-alive\n\nevent: x\nid: 7\nretry: 9\n\ndata: a\nevent: y\n\n", {"a"});
  check_reads("database: x\n\n Data: y\n\n", {});
}

TEST("a byte order mark counts at the start only") {
  check_reads("\xEF\xBB\xBF"
              "data: a\n\n\xEF\xBB\xBF"
              "data: b\n\n",
              {"a"});
}

TEST("an event that is not over is not handed out") {
  check_reads("data: a\n\ndata: b", {"a"});
  check_reads("data: a\n\ndata: b\n", {"a"});
}

TEST("an endless line and an endless event end the stream") {
  event_stream stream;
  const std::string piece(1u << 16, 'x');
  int handed_out = 0;
  bool open = true;
  for (int i = 0; i < 40 && open; ++i)
    open = stream.feed(piece, [&](std::string_view) { ++handed_out; });
  CHECK(!open);
  CHECK(!stream.feed("\n\ndata: a\n\n", [&](std::string_view) { ++handed_out; }));
  CHECK_EQ(handed_out, 0);

  event_stream lines;
  open = true;
  for (int i = 0; i < 40 && open; ++i)
    open = lines.feed("data: " + piece + "\n", [&](std::string_view) { ++handed_out; });
  CHECK(!open);
  CHECK_EQ(handed_out, 0);
}
