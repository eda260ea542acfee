// Formats and writes the access log.
#include "apps/gateway/access_log.hpp"

#include <boost/json.hpp>

#include <array>
#include <ctime>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;

std::string utc(std::chrono::system_clock::time_point now) {
  const auto whole = std::chrono::system_clock::to_time_t(now);
  const auto millis =
    std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 40> text;
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &parts);
  auto digits = std::to_string(1000 + millis).substr(1);
  return std::string{text.data(), size}.append(digits).append("Z");
}

} // namespace

std::string line_of(const access_entry& entry, std::chrono::system_clock::time_point now) {
  json::object line{{"time", utc(now)},
                    {"request_id", entry.request_id},
                    {"method", entry.method},
                    {"route", to_string(entry.to)},
                    {"status", entry.status},
                    {"bytes", entry.bytes},
                    {"duration_us", entry.duration.count()}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty())
      line.emplace(name, text);
  };
  add("trace_id", entry.trace_id);
  add("key", entry.key);
  add("config_version", entry.config_version);
  if (entry.blocked)
    add("blocked", to_string(*entry.blocked));
  return json::serialize(line).append("\n");
}

access_log::access_log(std::ostream& out, metrics& counts)
  : out_{out}
  , counts_{counts}
  , writer_{[this] { run(); }} {}

access_log::~access_log() {
  {
    const std::lock_guard guard{mutex_};
    ended_ = true;
  }
  changed_.notify_one();
  writer_.join();
}

void access_log::write(std::string line) {
  {
    const std::lock_guard guard{mutex_};
    if (waiting_.size() >= most_waiting) {
      ++counts_.log_lines_dropped;
      return;
    }
    waiting_.push_back(std::move(line));
  }
  changed_.notify_one();
}

void access_log::run() {
  std::unique_lock lock{mutex_};
  while (!ended_ || !waiting_.empty()) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    auto lines = std::exchange(waiting_, {});
    lock.unlock();
    for (const auto& line : lines)
      out_ << line;
    out_.flush();
    lock.lock();
  }
}

} // namespace guardrails::gateway
