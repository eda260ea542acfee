// The parts of the load generator that need no socket.
#define CAF_SUITE load
#include "tests/caf_test.hpp"

#include "apps/load/arrivals.hpp"
#include "apps/load/course.hpp"
#include "apps/load/destination.hpp"
#include "apps/load/html_report.hpp"
#include "apps/load/latency_histogram.hpp"
#include "apps/load/plot.hpp"
#include "apps/load/profile.hpp"
#include "apps/load/progress_line.hpp"
#include "apps/load/prompt.hpp"
#include "apps/load/report.hpp"
#include "apps/load/request_text.hpp"
#include "apps/load/stream_watch.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>
#include <vector>

namespace {

using namespace guardrails::load;
using namespace std::chrono_literals;
using std::chrono::nanoseconds;
namespace json = boost::json;

/// Samples from 1 ns to some minutes, as many small as large ones.
std::vector<nanoseconds> wide_samples(std::size_t count, unsigned seed) {
  std::mt19937_64 random{seed};
  std::uniform_real_distribution<double> exponent{0, 26};
  std::vector<nanoseconds> samples;
  for (std::size_t i = 0; i < count; ++i)
    samples.emplace_back(static_cast<std::int64_t>(std::exp(exponent(random))));
  return samples;
}

latency_histogram histogram_of(const std::vector<nanoseconds>& samples) {
  latency_histogram histogram;
  for (const auto each : samples)
    histogram.add(each);
  return histogram;
}

/// The distance from the true quantile, as a share of it; a nanosecond is none.
double error_of(const latency_histogram& histogram, const std::vector<nanoseconds>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(sorted.size())));
  const auto exact = static_cast<double>(sorted[std::max<std::size_t>(rank, 1) - 1].count());
  const auto off = std::abs(static_cast<double>(histogram.quantile(share).count()) - exact);
  return off <= 1 ? 0 : off / exact;
}

bool same_figures(const latency_histogram& a, const latency_histogram& b) {
  bool same = a.count() == b.count() && a.least() == b.least() && a.greatest() == b.greatest();
  for (const double share : {0.0, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0})
    same = same && a.quantile(share) == b.quantile(share);
  return same;
}

std::string event(std::string_view data) {
  return std::string{"data: "}.append(data).append("\n\n");
}

const std::string role_event = event(R"({"choices":[{"delta":{"role":"assistant","content":""}}]})");
const std::string content_event = event(R"({"choices":[{"delta":{"content":"hi"}}]})");
const std::string done_event = event("[DONE]");

stream_watch watch(std::string_view text) {
  stream_watch events;
  events.feed(text);
  return events;
}

report report_of(outcome result) {
  report run;
  run.target = "http://127.0.0.1:1/x";
  run.rate = 100;
  run.lines = 8;
  run.threads = 1;
  run.result = std::move(result);
  return run;
}

/// Ten requests: six good, one 503 and one 429 that say when, one 503 that does not, one lost.
outcome mixed_outcome() {
  outcome result;
  auto& count = result.count;
  result.lasted = 2s;
  count.intended = 10;
  count.sent = 9;
  count.sent_in_time = 8;
  count.connections = 3;
  for (int i = 1; i <= 6; ++i)
    count.add({200, false, i * 10ms, i * 5ms, i < 6});
  count.add({503, true, 1ms, {}, true});
  count.add({429, true, 1ms, {}, true});
  count.add({503, false, 1ms, {}, true});
  count.add(failure::connect);
  return result;
}

std::string printed(const report& run) {
  std::ostringstream out;
  print(out, run);
  return out.str();
}

} // namespace

TEST("quantiles are within one per cent of sorted samples") {
  for (const std::size_t count : {1u, 2u, 10u, 1000u, 50'000u}) {
    auto samples = wide_samples(count, static_cast<unsigned>(count));
    const auto histogram = histogram_of(samples);
    std::sort(samples.begin(), samples.end());
    for (const double share : {0.0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0})
      CHECK(error_of(histogram, samples, share) <= 0.01);
    CHECK(histogram.least() == samples.front());
    CHECK(histogram.greatest() == samples.back());
    double sum = 0;
    for (const auto each : samples)
      sum += static_cast<double>(each.count());
    const auto mean = sum / static_cast<double>(count);
    CHECK(std::abs(static_cast<double>(histogram.mean().count()) - mean) <= 1 + mean * 1e-9);
  }
}

TEST("every size of sample keeps its place, at the edges of buckets too") {
  for (std::int64_t power = 1; power < std::int64_t{1} << 42; power *= 2)
    for (const auto value : {power - 1, power, power + 1, power + power / 2}) {
      latency_histogram histogram;
      histogram.add(nanoseconds{value});
      histogram.add(nanoseconds{0});
      histogram.add(nanoseconds{INT64_MAX});
      CHECK(error_of(histogram, {nanoseconds{0}, nanoseconds{value}, nanoseconds{INT64_MAX}}, 0.5) <= 0.01);
      CHECK_EQ(histogram.greatest().count(), INT64_MAX);
    }
}

TEST("an empty histogram is zero and a negative sample counts as zero") {
  latency_histogram histogram;
  CHECK(histogram.quantile(0.5) == 0ns && histogram.least() == 0ns && histogram.greatest() == 0ns);
  CHECK(histogram.mean() == 0ns);
  histogram.add(-5ns);
  CHECK_EQ(histogram.count(), 1u);
  CHECK(histogram.quantile(1) == 0ns);
}

TEST("merged histograms are the histogram of all samples, in any order") {
  const auto first = wide_samples(3000, 1);
  const auto second = wide_samples(500, 2);
  auto both = first;
  both.insert(both.end(), second.begin(), second.end());
  auto forth = histogram_of(first);
  forth.merge(histogram_of(second));
  auto back = histogram_of(second);
  back.merge(histogram_of(first));
  back.merge({});
  CHECK(same_figures(forth, histogram_of(both)));
  CHECK(same_figures(back, forth));
}

namespace {

std::vector<clock::time_point> times_of(arrivals from) {
  std::vector<clock::time_point> times;
  for (; !from.is_over(); from.advance())
    times.push_back(from.next().intended);
  return times;
}

std::size_t count_of(std::vector<phase> phases) {
  const profile what{std::move(phases)};
  return times_of(arrivals{what, clock::time_point{1h}, false}).size();
}

} // namespace

TEST("requests are evenly spaced, and threads share them without gap or double") {
  const clock::time_point start{1h};
  const profile even{{{1000, 1000, 2s}}};
  const auto whole = times_of({even, start, false});
  REQUIRE(whole.size() == 2000u);
  CHECK(whole[0] == start);
  CHECK(whole[1500] == start + 1500ms);
  CHECK(even.duration() == 2s);
  for (const std::uint64_t threads : {1u, 2u, 3u, 7u}) {
    std::vector<clock::time_point> times;
    for (std::uint64_t thread = 0; thread < threads; ++thread)
      for (const auto time : times_of({even, start, false, thread, threads}))
        times.push_back(time);
    std::sort(times.begin(), times.end());
    CHECK(times == whole);
  }
  CHECK_EQ(count_of({{3, 3, 1s}}), 3u);
  CHECK_EQ(count_of({{0.1, 0.1, 30s}}), 3u);
  CHECK_EQ(count_of({{0.5, 0.5, 1s}}), 1u);
}

TEST("ramps, steps and pauses have the requests that their rates make") {
  const profile ramp{{{0, 100, 2s}, {0, 0, 1s}, {100, 50, 2s}}};
  CHECK_EQ(ramp.requests(), 250.0);
  CHECK(ramp.at(0) == 0ns);
  CHECK(ramp.at(25) == 1s);  // a quarter of the requests in half of the time
  CHECK(ramp.at(100) == 3s); // after the pause
  const auto times = times_of({ramp, clock::time_point{}, false});
  CHECK_EQ(times.size(), 250u);
  CHECK(std::ranges::is_sorted(times));
  CHECK(times.back() < clock::time_point{5s});
  const auto in_first_of_last = std::ranges::count_if(
    times, [](auto time) { return time >= clock::time_point{3s} && time < clock::time_point{4s}; });
  CHECK(std::abs(static_cast<double>(in_first_of_last) - 87.5) <= 1);
}

TEST("requests by chance hold to the rate, differ in their gaps, and are the same in every run") {
  const profile what{{{1000, 1000, 10s}}};
  const arrivals half{what, clock::time_point{}, true, 1, 2};
  const auto times = times_of(half);
  CHECK(std::abs(static_cast<double>(times.size()) - 5000) < 300);
  CHECK(times == times_of(half));
  const arrivals whole{what, clock::time_point{}, true};
  const auto all = times_of(whole);
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto gap = std::chrono::duration<double, std::milli>{all[i] - all[i - 1]}.count();
    sum += gap;
    squares += gap * gap;
  }
  const auto mean = sum / static_cast<double>(all.size());
  CHECK(std::abs(mean - 1) < 0.06);
  CHECK(std::abs(squares / static_cast<double>(all.size()) - 2) < 0.3); // of an exponential distribution
}

TEST("schedules are phases with commas between them") {
  const auto phases = parse_schedule("100@10s,0..500@20s,10..30/3@3s").value();
  REQUIRE(phases.size() == 5u);
  CHECK(phases[0].from == 100 && phases[0].to == 100 && phases[0].time == 10s);
  CHECK(phases[1].from == 0 && phases[1].to == 500 && phases[1].time == 20s);
  CHECK(phases[3].from == 20 && phases[3].to == 20 && phases[3].time == 1s);
  for (const auto* wrong :
       {"", ",", "100", "@1s", "100@", "100@1s,", "-1@1s", "x@1s", "1..@1s", "1..2/1@1s", "1/2@1s",
        "1..2/x@1s", "1..2/1001@1s", "200001@1s", "1@61m", "1@40m,1@40m", "0@1s", "nan@1s", "inf@1s"})
    CHECK(!parse_schedule(wrong));
}

TEST("a stop rule is broken by an interval with enough outcomes") {
  recent what;
  what.good = 18;
  what.bad = 1;
  CHECK(!broken_rule({0, 0ns}, what));
  what.bad = 2;
  CHECK(!broken_rule({0.1, 0ns}, what));
  CHECK(broken_rule({0.05, 0ns}, what).value().starts_with("2 of 20"));
  for (int i = 0; i < 20; ++i)
    what.latency.add(30ms);
  CHECK(!broken_rule({1, 40ms}, what));
  CHECK(broken_rule({1, 20ms}, what).has_value());
}

TEST("the course is told as lines of CSV and as bars") {
  recent what;
  what.intended = 10;
  what.good = 5;
  what.latency.add(20ms);
  std::vector<moment> course{tell(what, 1s, 500ms), tell({}, 1500ms, 500ms)};
  course[1].process = process_usage{0.5, 12};
  std::ostringstream out;
  print_csv_head(out);
  print_csv(out, 2, course);
  const auto text = out.str();
  CHECK(text.find("\n2,1,20,10,0,20") != std::string::npos);
  CHECK(text.find(",0.5,12\n") != std::string::npos);
  const auto line = progress_text(course);
  CHECK(line.find("0/s offered") != std::string::npos);
  CHECK(line.ends_with("█▁"));
  CHECK(progress_text({}).empty());
}

TEST("servers are plain HTTP addresses") {
  const auto is = [](std::string_view url, std::string_view host, int port, std::string_view path) {
    const auto found = parse_http_url(url);
    return found && found->host == host && found->port == port && found->path == path;
  };
  CHECK(is("http://localhost", "localhost", 80, "/v1/chat/completions"));
  CHECK(is("http://127.0.0.1:8089/", "127.0.0.1", 8089, "/v1/chat/completions"));
  CHECK(is("http://[::1]:80/x?y=1#z", "::1", 80, "/x?y=1"));
  CHECK(is("http://h?k=1", "h", 80, "/v1/chat/completions?k=1"));
  for (const auto* wrong : {"", "localhost", "https://h/", "http://", "http://:80", "http://h:0",
                            "http://h:65536", "http://h:1x", "http://u:p@h/", "http://[::1", "http://[]",
                            "http://[::1]x", "http://h/a b", "http://h/\r\nX: y", "http://h/\x80"})
    CHECK(!parse_http_url(wrong));
  CHECK_EQ(parse_http_url("http://[::1]:8080/p?key=secret")->shown(), "http://[::1]:8080/p");
  CHECK_EQ(parse_http_url("http://h:80/p")->authority(), "h");
}

TEST("headers and methods cannot break the request") {
  const auto key = parse_header("Authorization:  Bearer x ");
  CHECK_EQ(key.value().value, "Bearer x");
  const auto none = parse_header("X-Empty:");
  CHECK_EQ(none.value().value, "");
  for (const auto* wrong : {"", "none", ": x", "A B: x", "A: x\r\nB: y", "A\n: x", "Host: h",
                            "content-length: 5", "Transfer-Encoding: chunked", "Connection: close"})
    CHECK(!parse_header(wrong));
  CHECK(is_method("GET") && is_method("Post"));
  CHECK(!is_method("") && !is_method("CONNECT") && !is_method("GET /") && !is_method("A\r\n"));
}

TEST("the request is a chat completion with its length") {
  const auto body = chat_body("m", std::vector{guardrails::chat_message{"user", "say \"hi\""}}, true);
  const auto value = json::parse(body);
  CHECK(value.at("stream") == true);
  CHECK(value.at("model") == "m");
  CHECK(value.at("messages").at(0).at("content") == "say \"hi\"");
  CHECK(value.at("messages").at(0).at("role") == "user");
  CHECK(!json::parse(chat_body("m", std::vector{guardrails::chat_message{"user", "x"}}, false))
           .as_object()
           .contains("stream"));

  const auto where = *parse_http_url("http://127.0.0.1:81");
  const auto text = request_text(where, "POST", {{"X-A", "b"}}, "12345");
  CHECK_EQ(text, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:81\r\nX-A: b\r\nContent-Type: "
                 "application/json\r\nContent-Length: 5\r\n\r\n12345");
  const auto typed = request_text(where, "POST", {{"content-type", "text/plain"}}, "");
  CHECK(typed.find("application/json") == std::string::npos);
  CHECK(request_text(where, "GET", {}, std::nullopt).find("Content-") == std::string::npos);
}

TEST("a stream has content once an event carries some, and is done after [DONE]") {
  CHECK(!watch(role_event).has_content());
  CHECK(watch(role_event + content_event).has_content());
  CHECK(watch(event(R"({"choices":[{"text":"x"}]})")).has_content());
  CHECK(watch(event(R"({"choices":[{"delta":{"tool_calls":[{"index":0}]}}]})")).has_content());
  CHECK(watch(content_event + done_event).is_done());
  CHECK(watch("data:[DONE]\r\n\r\n").is_done());
  CHECK(!watch(content_event).is_done());
  CHECK(!watch("data: [DONE]").is_done());
  CHECK(!watch("data: [DONE]\n").is_done());
  CHECK(!watch(done_event + content_event).is_done());
  CHECK(!watch(": [DONE]\n\n").is_done());
}

TEST("a stream means the same in whatever pieces it comes") {
  const auto text = role_event + ": comment\r\n\r\n" + content_event + done_event;
  const auto content_from = role_event.size() + 13 + content_event.size() - 1; // its line has ended
  for (std::size_t size = 1; size < text.size(); ++size) {
    stream_watch events;
    for (std::size_t at = 0; at < text.size(); at += size) {
      CHECK_EQ(events.has_content(), at >= content_from);
      CHECK(!events.is_done());
      events.feed(std::string_view{text}.substr(at, size));
    }
    CHECK(events.has_content() && events.is_done());
  }
}

TEST("hostile events are no content and cost no memory") {
  for (const auto* wrong :
       {"[]", "1", "{", "{\"choices\":1}", "{\"choices\":[1]}", "{\"choices\":[{\"delta\":1}]}",
        "{\"choices\":[{\"delta\":{\"content\":null}}]}", "\x80"})
    CHECK(!watch(event(wrong)).has_content());
  CHECK(!watch(event(std::string(100'000, '['))).has_content());
  stream_watch events;
  const std::string block(60'000, 'x');
  events.feed("data: ");
  for (int i = 0; i < 100; ++i)
    events.feed(block);
  CHECK(!events.is_done());
  events.feed("\n\n" + content_event + done_event);
  CHECK(events.has_content() && events.is_done());
}

TEST("a tally files each answer once, and adding up loses none") {
  const auto count = mixed_outcome().count;
  CHECK_EQ(count.answered(), 9u);
  CHECK_EQ(count.unanswered(), 1u);
  CHECK_EQ(count.answered() + count.unanswered(), count.intended);
  CHECK_EQ(count.statuses[200], 6u);
  CHECK_EQ(count.statuses[503], 2u);
  CHECK_EQ(count.refused_503.with_retry_after, 1u);
  CHECK_EQ(count.refused_503.without_retry_after, 1u);
  CHECK_EQ(count.refused_429.with_retry_after, 1u);
  CHECK_EQ(count.refused_429.without_retry_after, 0u);
  CHECK_EQ(count.good_in_time, 5u);
  CHECK_EQ(count.latency_good.count(), 6u);
  CHECK_EQ(count.first_content.count(), 6u);
  auto twice = count;
  twice.merge(count);
  CHECK_EQ(twice.intended, 20u);
  CHECK_EQ(twice.sent, 18u);
  CHECK_EQ(twice.statuses[503], 4u);
  CHECK_EQ(twice.count(failure::connect), 2u);
  CHECK_EQ(twice.latency.count(), 18u);
  CHECK_EQ(twice.refused_503.with_retry_after, 2u);
}

TEST("the JSON report has every figure") {
  auto run = report_of(mixed_outcome());
  run.stream = true;
  const json::value value = to_json(run);
  CHECK(value.at("requests").at("intended").to_number<int>() == 10);
  CHECK(value.at("requests").at("not_sent").to_number<int>() == 1);
  CHECK(value.at("requests").at("answered").to_number<int>() == 9);
  CHECK(value.at("requests").at("failed").to_number<int>() == 1);
  CHECK_EQ(value.at("achieved_rate").as_double(), 4.0);
  CHECK_EQ(value.at("goodput").as_double(), 2.5);
  CHECK(value.at("statuses").at("503").to_number<int>() == 2);
  CHECK(value.at("refusals").at("503").at("without_retry_after").to_number<int>() == 1);
  CHECK(value.at("errors").at("connect").to_number<int>() == 1);
  CHECK(value.at("errors").as_object().size() == failures);
  CHECK(std::abs(value.at("latency_2xx_ms").at("p50").as_double() - 30) < 0.3);
  CHECK(std::abs(value.at("latency_2xx_ms").at("mean").as_double() - 35) < 1e-6);
  CHECK(std::abs(value.at("latency_ms").at("max").as_double() - 60) < 1e-6);
  CHECK(std::abs(value.at("first_content_ms").at("max").as_double() - 30) < 1e-6);
  run.stream = false;
  CHECK(!to_json(run).contains("first_content_ms"));
}

TEST("the text report says what was counted and what was not") {
  const auto text = printed(report_of(mixed_outcome()));
  for (const auto* part :
       {"10 intended, 9 sent, 1 not sent; 9 answered, 1 failed", "200: 6 429: 1 503: 2",
        "1 with Retry-After, 1 without", "connect: 1", "4.00/s sent, 2.50/s", "leave out 1 request", "p99.9"})
    CHECK(text.find(part) != std::string::npos);
  CHECK(text.find("warning") == std::string::npos);
  CHECK(text.find("ended early") == std::string::npos);
}

TEST("runs of several rates are lines of one table") {
  std::vector<report> runs{report_of(mixed_outcome()), report_of({})};
  runs[1].rate = 200;
  std::ostringstream out;
  print_table(out, runs);
  const auto text = out.str();
  CHECK_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  CHECK(text.find("    100      4.00      2.50") != std::string::npos);
}

TEST("the generator is to blame when it is late itself or has no time for its connections") {
  auto late = mixed_outcome();
  late.count.lateness.add(20ms);
  CHECK(report_of(late).generator_was_bottleneck());
  CHECK(printed(report_of(late)).find("warning: the generator") != std::string::npos);

  auto waiting = mixed_outcome(); // a slow target makes requests wait, and that is not the generator
  waiting.count.lateness.add(900us);
  waiting.count.send_delay.add(5s);
  waiting.count.busiest = 0.5;
  CHECK(!report_of(waiting).generator_was_bottleneck());

  auto busy = mixed_outcome(); // but in time
  busy.count.busiest = 0.97;
  CHECK(!report_of(busy).generator_was_bottleneck());
  busy.count.send_delay.add(5s);
  CHECK(report_of(busy).generator_was_bottleneck());
}

TEST("nothing was reached when no request could be sent") {
  outcome result;
  CHECK(!report_of(result).reached_nothing());
  result.count.intended = 2;
  result.count.add(failure::connect);
  result.count.add(failure::interrupted);
  CHECK(report_of(result).reached_nothing());
  result.count.sent = 1;
  CHECK(!report_of(result).reached_nothing());
}

TEST("targets are servers, the library, or nodes") {
  const auto nodes = parse_destination("node://127.0.0.1:4711,[::1]:1");
  REQUIRE(nodes && std::holds_alternative<node_list>(*nodes));
  CHECK_EQ(std::get<node_list>(*nodes).nodes.size(), 2u);
  CHECK(std::holds_alternative<embedded>(parse_destination("embedded").value()));
  CHECK(std::holds_alternative<http_url>(parse_destination("http://h").value()));
  for (const auto* wrong : {"", "embed", "node://", "node://h", "node://h:0", "node://h:1,", "https://h"})
    CHECK(!parse_destination(wrong));
}

TEST("prompts are lines of JSON, and a mistake names its line") {
  const auto read = read_prompts("{\"text\": \"a\", \"kind\": \"x\", \"weight\": 0.5}\n\n"
                                 "{\"messages\": [{\"role\": \"user\", \"content\": \"b\"}]}");
  REQUIRE(std::holds_alternative<std::vector<prompt>>(read));
  const auto& prompts = std::get<std::vector<prompt>>(read);
  REQUIRE(prompts.size() == 2u);
  CHECK_EQ(prompts[0].messages.at(0).content, "a");
  CHECK_EQ(prompts[0].weight, 0.5);
  CHECK_EQ(prompts[1].messages.at(0).content, "b");
  CHECK_EQ(prompts[1].kind, "default");
  for (const auto* wrong : {"", "\n", "x", "[]", "{}", "{\"text\": 1}", "{\"text\": \"a\", \"text\": \"b\"}x",
                            "{\"text\": \"a\", \"messages\": []}", "{\"text\": \"a\", \"wieght\": 1}",
                            "{\"text\": \"a\", \"weight\": 0}", "{\"text\": \"a\", \"weight\": -1}",
                            "{\"text\": \"a\", \"kind\": \"\"}", "{\"messages\": [{\"role\": \"user\"}]}"})
    CHECK(std::holds_alternative<std::string>(read_prompts(wrong)));
  const auto third = read_prompts("{\"text\": \"a\"}\n{\"text\": \"b\"}\n{}");
  CHECK(std::get<std::string>(third).starts_with("line 3: "));
}

TEST("a mix holds to its weights and is the same in every run") {
  const std::vector<prompt> prompts{{{}, 1, "a"}, {{}, 2, "b"}, {{}, 1, "a"}, {{}, 4, "c"}};
  const mix all{prompts};
  CHECK_EQ(all.kinds().size(), 3u);
  std::vector<int> counts(4);
  for (std::uint64_t request = 0; request < 8000; ++request)
    ++counts[all.pick(request)];
  for (std::size_t i = 0; i < counts.size(); ++i)
    CHECK(std::abs(counts[i] - 1000 * prompts[i].weight) < 150);
  CHECK_EQ(all.kind_of(0), all.kind_of(2));
  CHECK_EQ(all.pick(5), mix{prompts}.pick(5));
}

TEST("generations are good, blocked or failed, and each counts once") {
  tally count;
  count.add({0, false, 1ms, {}, true});
  count.add({0, false, 1ms, {}, true, "input"});
  count.add({0, false, 1ms, {}, true, {}, "node_lost"});
  count.add({0, false, 1ms, {}, true, {}, "overloaded"});
  CHECK_EQ(count.good, 2u);
  CHECK_EQ(count.blocked["input"], 1u);
  CHECK_EQ(count.generation_errors["node_lost"], 1u);
  CHECK_EQ(count.refused(), 1u);
  CHECK_EQ(count.answered(), 4u);
  auto twice = count;
  twice.merge(count);
  CHECK_EQ(twice.blocked["input"], 2u);
  CHECK_EQ(twice.generation_errors["node_lost"], 2u);
}

TEST("plots stay within their frame, and names cannot break the page") {
  const auto drawn = to_svg({"p", "a < b & \"c\"", "x", "y", {{"one", {{0, 0}, {1, 1e9}}}, {"none", {}}}});
  CHECK(drawn.find("a &lt; b &amp; &quot;c&quot;") != std::string::npos);
  CHECK(drawn.find("nan") == std::string::npos && drawn.find("inf") == std::string::npos);
  CHECK(drawn.find("points=\"64,236 708,12 \"") != std::string::npos);
  CHECK(to_svg({"p", "empty", "x", "y", {}}).find("nan") == std::string::npos);
}

TEST("the page has every run and its plots, and asks nobody for anything") {
  std::vector<report> runs{report_of(mixed_outcome()), report_of({})};
  runs[0].target = "http://h/<script>";
  runs[0].result.course = {tell({}, 1s, 1s)};
  runs[0].result.course[0].process = process_usage{1, 2};
  const auto page = to_html(runs);
  for (const auto* part : {"id=\"latency-1\"", "id=\"percentiles-2\"", "id=\"throughput-2\"",
                           "id=\"memory-1\"", "id=\"goodput\"", "10 intended, 9 sent"})
    CHECK(page.find(part) != std::string::npos);
  for (const auto* part : {"<script", "src=", "href=", "url(", "id=\"memory-2\"", "nan"})
    CHECK(page.find(part) == std::string::npos);
}
