// Texts out of documents, and back into them.
#define CAF_SUITE document_text
#include "json/document_text.hpp"

#include "tests/caf_test.hpp"

using guardrails::json::document_text;

namespace {

/// The document with `from` replaced wherever it stands in the text; `-` where nothing changed.
std::string replaced(std::string_view document, std::string_view from, std::string_view to) {
  const auto read = document_text::read(document);
  if (!read)
    return "no document";
  const auto& text = read->text();
  const auto result = read->rewritten([&](std::string_view piece, std::size_t offset) {
    CHECK_EQ(text.substr(offset, piece.size()), piece);
    std::string now{piece};
    if (const auto at = now.find(from); at != now.npos)
      now.replace(at, from.size(), to);
    return now;
  });
  return result.value_or("-");
}

} // namespace

TEST("every value has a line behind its name") {
  const auto read = document_text::read(
    R"({"to":"a\u0040b.de","list":["x\ny",7,true,null],"in":{"card":4111111111111111},"":""})");
  REQUIRE(read.has_value());
  CHECK_EQ(read->text(), "to: a@b.de\nlist:\nx\ny\n7\nin:\ncard: 4111111111111111\n: \n");
  const auto list = document_text::read(R"(["a"])");
  REQUIRE(list.has_value());
  CHECK_EQ(list->text(), "a\n");
  const auto numbers = document_text::read(
    "[4111111111111111.0,4.111111111111111e15,-12.5,0.5,41111111111111110000000000,1e300]");
  REQUIRE(numbers.has_value());
  CHECK_EQ(numbers->text(),
           "4111111111111111\n4111111111111111\n-12.5\n5E-1\n41111111111111110000000000\n1E300\n");
}

TEST("what is no object and no array is no document") {
  for (const auto* text : {"", "7", "\"x\"", "{", "{} {}", "nonsense", "{\"a\":\"\\ud83d\"}"})
    CHECK(!document_text::read(text));
}

TEST("a rewritten document is the same document with other texts") {
  CHECK_EQ(replaced(R"({"to": "a\u0040b.de, \"x\"", "n": 1})", "a@b.de", "<MAIL>"),
           R"({"to":"<MAIL>, \"x\"","n":1})");
  CHECK_EQ(replaced(R"({"card":[4111111111111111,1.5]})", "4111111111111111", "<CARD>"),
           R"({"card":["<CARD>",1.5E0]})");
  CHECK_EQ(replaced("[4111111111111111.0]", "4111111111111111", "<CARD>"), R"(["<CARD>"])");
  CHECK_EQ(replaced(R"({"a@b.de":{"x":1}})", "a@b.de", "<MAIL>"), R"({"<MAIL>":{"x":1}})");
  CHECK_EQ(replaced(R"({"a": 1.50})", "z", "y"), "-");
}

TEST("what text() does not say does not stay") {
  CHECK_EQ(replaced(R"({"a":"said twice: \":","a":"x"})", "z", "y"), R"({"a":"x"})");
  CHECK_EQ(replaced(R"({"a:b":"c:d \\"})", "z", "y"), "-");
}
