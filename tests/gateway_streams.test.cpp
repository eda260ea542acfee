// Streams through the whole gateway, over real sockets: what a client gets is the answer that it would get at
// once, however the model cuts it, and nothing of what checks mask or block.
#define CAF_SUITE gateway_streams
#include "tests/caf_test.hpp"

#include "checks/rail.hpp"
#include "tests/check_support.hpp"
#include "tests/child_process.hpp"
#include "tests/cutting_upstream.hpp"
#include "tests/http_asking.hpp"
#include "tests/sanitized.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>

using namespace guardrails;
using namespace std::chrono_literals;
using test::cutting_upstream;
namespace json = boost::json;

namespace {

std::string upstream_section(const std::string& base_url) {
  return "llm: {engine: openai_compatible, base_url: '" + base_url +
         "', model: m, timeout: 30s, retries: {max: 0}}\n";
}

/// What a client of a stream sees.
struct seen_stream {
  std::string text;
  std::string finish_reason;
  std::string error_code; ///< empty: no error
  bool reported = false;
  bool done = false;
};

seen_stream read_events(std::string_view body) {
  seen_stream seen;
  for (std::size_t at = body.find("data: "); at != body.npos; at = body.find("\ndata: ", at)) {
    at = body.find("data: ", at) + 6;
    const auto line = body.substr(at, body.find('\n', at) - at);
    if (line == "[DONE]") {
      seen.done = true;
      continue;
    }
    const auto event = json::parse(line);
    seen.reported |= event.as_object().contains("guardrails");
    if (const auto* error = event.as_object().if_contains("error")) {
      seen.error_code = error->at("code").as_string();
      continue;
    }
    const auto& choice = event.at("choices").at(0);
    if (const auto* piece = choice.at("delta").as_object().if_contains("content"))
      seen.text += piece->as_string();
    if (const auto* reason = choice.at("finish_reason").if_string())
      seen.finish_reason = *reason;
  }
  return seen;
}

/// `guardrails serve` with a model behind it.
class gateway {
public:
  gateway(const cutting_upstream& model, const std::string& guardrails)
    : process_{GUARDRAILS_BINARY_DIR "/apps/guardrails",
               {"serve", "--listen", "127.0.0.1:0", "--config",
                folder_.file("c.yml", upstream_section(model.base_url()) + guardrails)}}
    , base_{"http://127.0.0.1:" +
            process_.wait_for_line("listening on http://127\\.0\\.0\\.1:(\\d+)", 60s)[1]} {}

  std::string ask(const std::string& question, bool stream) {
    auto request = test::post(++asked_, base_ + "/v1/chat/completions");
    const json::object body{{"model", "m"},
                            {"stream", stream},
                            {"messages", json::array{json::object{{"role", "user"}, {"content", question}}}}};
    request.body = json::serialize(body);
    request.headers.push_back("x-guardrails-report: true");
    request.timeout = 60s;
    const auto got = test::ask(std::move(request));
    if (got.status != 200)
      throw std::runtime_error{"status " + std::to_string(got.status) + ": " + got.body};
    return got.body;
  }

private:
  test::scratch_folder folder_;
  test::child_process process_;
  std::string base_;
  std::uint64_t asked_ = 0;
};

std::size_t bytes_beyond(const std::string& text, const std::string& allowed) {
  const auto end = std::ranges::mismatch(text, allowed).in1;
  return static_cast<std::size_t>(text.end() - end);
}

struct tally {
  std::size_t streams = 0;
  std::size_t blocked = 0;
  std::size_t ended_early = 0;
  std::size_t leaked = 0; // bytes
};

void compare(gateway& gate, const checks::rail& whole, const std::string& text, std::size_t number,
             std::size_t cut, tally& all) {
  const auto judged = whole.judge(text, checks::testing::no_time).report;
  const auto at_once = json::parse(gate.ask(cutting_upstream::question(number, cut), false));
  const std::string content{at_once.at("choices").at(0).at("message").at("content").as_string()};
  const auto seen = read_events(gate.ask(cutting_upstream::question(number, cut), true));
  ++all.streams;
  if (judged.passed) {
    CHECK_EQ(seen.text, content);
    CHECK_EQ(seen.finish_reason, "stop");
    CHECK(seen.done);
  } else if (++all.blocked; seen.error_code.empty()) { // before its first word
    CHECK_EQ(seen.text, content);
    CHECK_EQ(seen.finish_reason, "content_filter");
  } else {
    ++all.ended_early;
    CHECK_EQ(seen.error_code, "content_filter");
    CHECK(!seen.done);
  }
  if (judged.passed || !seen.error_code.empty())
    all.leaked += bytes_beyond(seen.text, test::most_shown(text, judged));
}

} // namespace

TEST("a client gets the answer that it would get at once, and no byte of what checks hold back") {
  constexpr std::size_t count = test::is_sanitized ? 12 : 40;
  auto texts = test::answers_to_stream(count);
  for (const auto at : {0, 1'500, 2'900}) { // a beginning, a midst and an end
    std::string text;
    while (text.size() < 3'000)
      text += "plain words of an answer that go on. ";
    texts.push_back(
      text.insert(static_cast<std::size_t>(at), " See Zanzibar and proj-12 at evil.example now. "));
  }
  const cutting_upstream model{texts};
  gateway gate{model, test::all_that_streams};
  const auto whole =
    checks::compile_rail(rails_config::from_content(test::all_that_streams), checks::direction::output);
  tally all;
  for (std::size_t number = 0; number < texts.size(); ++number)
    for (const auto cut : {number % 5, (number + 2) % 5})
      compare(gate, whole, texts[number], number, cut, all);
  std::cout << all.streams << " streams, " << all.blocked << " blocked, " << all.ended_early
            << " of them after something was shown, " << all.leaked << " bytes leaked\n";
  CHECK_EQ(all.leaked, 0U);
  CHECK(all.ended_early > 0U);
}

TEST("a check that trails ends a stream with an error after it was shown") {
  std::string words;
  while (words.size() < 3'000)
    words += "plain words of an answer that go on. ";
  const cutting_upstream model{{words + "\n```sql\nSELECT FROM WHERE;\n```\n"}};
  const std::string rails = "guardrails: {check_semantic: false, check_sql_syntax: true, streaming: ";
  gateway trailing{model, rails + "trailing}"};
  const auto shown = read_events(trailing.ask(cutting_upstream::question(0, 2), true));
  CHECK_EQ(shown.error_code, "content_filter");
  CHECK(shown.reported);
  CHECK(shown.text.size() > 1'000U);
  CHECK(!shown.done);
  gateway held{model, rails + "buffer}"};
  const auto refused = read_events(held.ask(cutting_upstream::question(0, 2), true));
  CHECK_EQ(refused.finish_reason, "content_filter");
  CHECK(refused.done);
  CHECK(refused.text.find("plain words") == refused.text.npos);
}
