// Fuzzes the readers of judges' answers, and the quoting of judged texts, with any bytes.
#include "llm/judges/formats.hpp"
#include "llm/judges/judge_codec.hpp"

#include <guardrails/utf8.hpp>

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace guardrails;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void check(const judge_verdict& verdict) {
  require(verdict.score >= 0 && verdict.score <= 1);
  require(verdict.flagged != verdict.label.empty());
  for (const char c : verdict.category)
    require(static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f);
}

void check_answer(judge_config config, judge_subject subject, std::uint32_t status, std::string_view body) {
  config.thresholds = {{"hate", 0.5}};
  const auto read = llm::decode_judge(config, subject, 1, status, body);
  if (const auto* failure = std::get_if<judge_failure>(&read)) {
    require(failure->kind == "judge_malformed" || failure->kind == "judge_status");
    require(!failure->message.empty() && failure->message.size() < 200);
    return;
  }
  const auto& verdicts = std::get<std::vector<judge_verdict>>(read);
  require(verdicts.size() == 1 && status >= 200 && status < 300);
  check(verdicts.front());
}

void check_quotation(std::string_view text) {
  const auto quoted = llm::quoted_as_data(text);
  require(quoted.find_first_of("<>\n\r") == std::string::npos);
  require(std::string_view{boost::json::parse(quoted).get_string()} == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2)
    return 0;
  const std::string_view body{reinterpret_cast<const char*>(data) + 2, size - 2};
  judge_config config;
  config.engine = data[0] % 4 == 0 ? judge_engine::openai_moderation : judge_engine::openai_compatible;
  config.format = static_cast<judge_format>(data[0] / 4 % 3);
  const auto subject = data[0] % 2 == 0 ? judge_subject::toxicity : judge_subject::content_class;
  check_answer(config, subject, data[1] < 200 ? 200 : data[1] * 2u, body);
  // The same bytes as what a chat model said.
  const bool is_text = find_invalid_utf8(body) == std::string_view::npos;
  if (is_text && config.engine == judge_engine::openai_compatible) {
    boost::json::object message{{"content", body}};
    boost::json::object choice{{"message", message}};
    check_answer(config, subject, 200,
                 boost::json::serialize(boost::json::object{{"choices", boost::json::array{choice}}}));
  }
  if (is_text)
    check_quotation(body);
  return 0;
}
