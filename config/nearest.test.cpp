// Edit distance, suggestions and UTF-8.
#define CAF_SUITE config.nearest
#include "tests/caf_test.hpp"

#include "config/nearest.hpp"
#include "config/printable.hpp"

#include <array>

namespace {

struct fixture {
  static std::string near(std::string_view word) {
    constexpr auto known = std::to_array<std::string_view>({"temperature", "timeout", "top_p", "stop"});
    return std::string{guardrails::config::nearest(word, known)};
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("edits are insertions, deletions, replacements and swaps") {
    using guardrails::config::edit_distance;
    CHECK_EQ(edit_distance("abc", "abc"), 0u);
    CHECK_EQ(edit_distance("abc", "ac"), 1u);
    CHECK_EQ(edit_distance("abc", "acb"), 1u);
    CHECK_EQ(edit_distance("", "abc"), 3u);
  }

  TEST("the nearest word within a third of the length is suggested") {
    CHECK_EQ(near("temprature"), "temperature");
    CHECK_EQ(near("Time-Out"), "timeout");
    CHECK_EQ(near("top-p"), "top_p");
    CHECK_EQ(near("zzz"), "");
    CHECK_EQ(near(""), "");
    CHECK_EQ(near(std::string(10'000, 'a')), "");
  }

  TEST("malformed UTF-8 is found at its first byte") {
    using guardrails::find_invalid_utf8;
    const auto none = std::string_view::npos;
    CHECK_EQ(find_invalid_utf8("grün 漢字 🎉"), none);
    CHECK_EQ(find_invalid_utf8("ab\xc3("), 2u);
    CHECK_EQ(find_invalid_utf8("\xc0\x80"), 0u);         // overlong
    CHECK_EQ(find_invalid_utf8("a\xed\xa0\x80"), 1u);    // surrogate
    CHECK_EQ(find_invalid_utf8("\xf4\x90\x80\x80"), 0u); // beyond Unicode
    CHECK_EQ(find_invalid_utf8("\xe2\x82"), 0u);         // cut off
    CHECK_EQ(find_invalid_utf8("12345678\x80"), 8u);
    CHECK_EQ(find_invalid_utf8("plain ascii, longer than eight"), none);
    CHECK_EQ(find_invalid_utf8(""), none);
  }

  TEST("malformed bytes become replacement characters, the others stay") {
    using guardrails::well_formed;
    CHECK_EQ(well_formed("grün 漢字 🎉"), "grün 漢字 🎉");
    CHECK_EQ(well_formed("a\xff"
                         "b\xe2\x82"),
             "a\uFFFD"
             "b\uFFFD\uFFFD");
    CHECK_EQ(well_formed(""), "");
  }

  TEST("texts in errors are one printable line") {
    using guardrails::config::printable;
    CHECK_EQ(printable("a\nb\xff", 10), "a?b?");
    CHECK_EQ(printable("a\u0085b\u202Ec\u2067", 10), "a?b?c?");
    CHECK_EQ(printable("é\u200E\u2030\u2070", 20), "é\u200E\u2030\u2070");
    CHECK_EQ(printable("abcdef", 3), "abc…");
    CHECK_EQ(printable("ab漢", 3), "ab…");
  }

} // WITH_FIXTURE(fixture)
