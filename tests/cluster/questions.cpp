// Sends on time whatever became of earlier questions, and reads whole answers and streams.
#include "tests/cluster/questions.hpp"

#include <boost/json.hpp>

#include <utility>

namespace guardrails::test {

namespace {

constexpr std::uint32_t most_connections = 2'000;
constexpr std::uint64_t streamed_every = 4;
constexpr auto grace = std::chrono::seconds{1}; // for this process and the machine to be late

bool is_streamed(std::uint64_t number) {
  return number % streamed_every == 0;
}

std::string chat(std::string_view text, bool streamed) {
  return boost::json::serialize(boost::json::object{
    {"model", "mock"},
    {"stream", streamed},
    {"messages", boost::json::array{boost::json::object{{"role", "user"}, {"content", text}}}}});
}

std::string string_at(const boost::json::value& from, const char* pointer) {
  boost::system::error_code none;
  const auto* found = from.find_pointer(pointer, none);
  return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

boost::json::value parsed(std::string_view text) {
  boost::system::error_code problem;
  auto value = boost::json::parse(text, problem);
  return problem ? boost::json::value{} : value;
}

fate judge_whole(std::uint32_t status, std::string_view body, std::string_view asked_for, std::string& code) {
  const auto value = parsed(body);
  if (status == 200)
    return string_at(value, "/choices/0/message/content") == asked_for ? fate::generation : fate::wrong;
  code = string_at(value, "/error/code");
  return code.empty() ? fate::lost : fate::typed;
}

/// A stream ends with `[DONE]`, or with an error behind a beginning of the answer.
fate judge_stream(std::string_view body, std::string_view asked_for, std::string& code) {
  std::string content;
  bool done = false;
  constexpr std::string_view mark = "data: ";
  for (std::size_t at = 0; (at = body.find(mark, at)) != std::string_view::npos;) {
    at += mark.size();
    const auto event = body.substr(at, body.find('\n', at) - at);
    done = done || event == "[DONE]";
    const auto value = parsed(event);
    content += string_at(value, "/choices/0/delta/content");
    if (code.empty())
      code = string_at(value, "/error/code");
  }
  if (!asked_for.starts_with(content))
    return fate::wrong;
  if (!code.empty())
    return fate::typed;
  return !done ? fate::lost : content == asked_for ? fate::generation : fate::wrong;
}

const char* kind_of(net::transfer_result result) {
  switch (result) {
  case net::transfer_result::ok:
    return "untyped";
  case net::transfer_result::connect_failed:
    return "connect";
  case net::transfer_result::timeout:
    return "timeout";
  case net::transfer_result::too_large:
    return "too_large";
  case net::transfer_result::tls_failed:
    return "tls";
  case net::transfer_result::broken:
    return "broken";
  case net::transfer_result::cancelled:
    return "cancelled";
  }
  return "";
}

} // namespace

std::string question(std::string_view series, std::uint64_t number) {
  std::string letters;
  for (auto rest = number; rest > 0 || letters.empty(); rest /= 20)
    letters += "bcdfghjklmnpqrstvwxz"[rest % 20]; // no vowels: no words
  return "What does the series " + std::string{series} + " say at " + letters + " of its pages?";
}

fate judge(std::uint32_t status, std::string_view body, std::string_view asked_for, bool streamed,
           std::string& code) {
  if (streamed && status == 200)
    return judge_stream(body, asked_for, code);
  return judge_whole(status, body, asked_for, code);
}

questions::questions(plan how)
  : how_{std::move(how)}
  , client_{most_connections} {
  client_.reset([this](std::vector<net::http_response> batch) {
    for (const auto& response : batch)
      take(response);
  });
  asker_ = std::thread{[this] { ask_all(); }};
}

questions::~questions() {
  finish();
}

const std::vector<asked>& questions::finish() {
  {
    const std::lock_guard guard{mutex_};
    stopped_ = true;
  }
  changed_.notify_all();
  if (asker_.joinable())
    asker_.join();
  std::unique_lock guard{mutex_};
  changed_.wait(guard, [this] { return answered_ == all_.size(); }); // each has its own deadline
  return all_;
}

void questions::ask_all() {
  const auto pause =
    std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>{1 / how_.rate});
  const auto begin = clock::now();
  for (std::uint64_t number = 0;; ++number) {
    const auto at = begin + pause * static_cast<clock::rep>(number);
    {
      std::unique_lock guard{mutex_};
      if (changed_.wait_until(guard, at, [this] { return stopped_; }))
        return;
      all_.push_back({at});
    }
    ask(number, at);
  }
}

void questions::ask(std::uint64_t number, clock::time_point at) {
  net::http_request request;
  request.ticket = number;
  request.url = "http://127.0.0.1:" + std::to_string(how_.port) + "/v1/chat/completions";
  request.headers = {"Content-Type: application/json"};
  request.body = chat(question(how_.series, number), is_streamed(number));
  request.timeout =
    std::chrono::duration_cast<std::chrono::milliseconds>(at + how_.deadline + grace - clock::now());
  client_.submit(std::move(request));
}

void questions::take(const net::http_response& response) {
  const auto now = clock::now();
  const auto number = response.ticket;
  std::string code;
  const auto became =
    response.result == net::transfer_result::ok
      ? judge(response.status, response.body, question(how_.series, number), is_streamed(number), code)
      : fate::lost;
  const std::lock_guard guard{mutex_};
  auto& one = all_[number];
  one.took = std::chrono::duration_cast<std::chrono::milliseconds>(now - one.at);
  one.became = became;
  if (became == fate::typed)
    ++reasons_[code];
  else if (became == fate::wrong)
    ++reasons_["wrong"];
  else if (became == fate::lost)
    ++reasons_[kind_of(response.result)];
  ++answered_;
  changed_.notify_all();
}

} // namespace guardrails::test
