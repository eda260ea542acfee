// What messages have beside their text.
#define CAF_SUITE message_extra
#include "llm/message_extra.hpp" // first: older CAF test headers define `allow` as a macro

#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::llm;

namespace {

std::string written(const chat_message& message) {
  std::string out;
  append_message(out, message);
  return out;
}

std::string problem_of(std::string content, std::string extra) {
  return find_extra_problem({"user", std::move(content), std::move(extra)}).value_or("-");
}

const std::string picture = R"({"type":"image_url","image_url":{"url":"data:,"}})";

std::string part(const std::string& text) {
  return R"({"type":"text","text":")" + text + R"("})";
}

} // namespace

TEST("extra members stand beside role and content") {
  CHECK_EQ(written({"user", "hi", {}}), R"({"role":"user","content":"hi"})");
  CHECK_EQ(written({"tool", "18", R"({"tool_call_id":"c1"})"}),
           R"({"role":"tool","content":"18","tool_call_id":"c1"})");
  CHECK_EQ(written({"assistant", "", R"({"content":null,"tool_calls":[]})"}),
           R"({"role":"assistant","content":null,"tool_calls":[]})");
  const auto parts = R"({"content":[)" + part("a") + "," + picture + "]}";
  CHECK_EQ(written({"user", "a", parts}), R"({"role":"user","content":[)" + part("a") + "," + picture + "]}");
  CHECK_EQ(written({"user", "hi", "nonsense"}), R"({"role":"user","content":"hi"})");
}

TEST("what does not fit its message is refused") {
  CHECK_EQ(problem_of("hi", ""), "-");
  CHECK_EQ(problem_of("hi", R"({"name":"joe"})"), "-");
  CHECK_EQ(problem_of("a\nb", R"({"content":[)" + part("a") + "," + picture + "," + part("b") + "]}"), "-");
  CHECK_EQ(problem_of("", R"({"content":null})"), "-");
  for (const auto* wrong : {"[]", "7", "{", R"({"role":"system"})", R"({"content":"x"})",
                            R"({"content":[1]})", R"({"tool_calls":{}})"})
    CHECK(problem_of("hi", wrong) != "-");
  CHECK(problem_of("harmless", R"({"content":[)" + part("something else") + "]}") != "-");
  CHECK(problem_of("harmless", R"({"content":[{"type":"input_text","text":"something else"}]})") != "-");
  CHECK(problem_of("harmless", R"({"content":null})") != "-");
}

TEST("texts are rewritten, and nothing else is") {
  const std::string extra = R"({"content":[)" + part("one") + "," + picture + "," + part("two") +
                            R"(],"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}},)" +
                            R"({"custom":{"input":"x"}},{"function":7}],"refusal":"no","name":"one"})";
  std::string seen;
  const auto now =
    rewrite_extra(extra, {[&](std::string_view text, std::size_t at) {
                            seen.append(text).append("@").append(std::to_string(at)).append(" ");
                            return std::string{"T"};
                          },
                          [&](std::string_view said) {
                            seen.append(said).append(" ");
                            return std::string{"S"};
                          }});
  CHECK_EQ(seen, "one@0 two@4 {} x no ");
  CHECK_EQ(now, R"({"content":[)" + part("T") + "," + picture + "," + part("T") +
                  R"(],"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"S"}},)" +
                  R"({"custom":{"input":"S"}},{"function":7}],"refusal":"S","name":"one"})");
}
