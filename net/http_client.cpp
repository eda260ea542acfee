// The I/O thread of the HTTP client: takes commands from a mailbox, drives curl_multi, hands answers over in
// batches.
#include "net/http_client.hpp"

#include "net/transfer.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <mutex>
#include <new>
#include <stdexcept>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

namespace guardrails::net {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds longest_sleep{1000};
constexpr milliseconds sweep_interval{50};
constexpr milliseconds longest_timeout = std::chrono::hours{24}; // keeps deadlines far from overflow

struct multi_deleter {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

void init_curl_once() {
  static const auto result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK)
    throw std::runtime_error{"libcurl cannot be initialised"};
}

struct cancellation {
  std::uint64_t ticket = 0;
};

struct consumption {
  std::uint64_t ticket = 0;
  std::uint64_t bytes = 0;
};

struct submission {
  http_request request;
  clock::time_point deadline;
};

/// In the order of the calls, so that a cancellation finds its request.
using command = std::variant<submission, cancellation, consumption>;

http_response refusal(std::uint64_t ticket, transfer_result result, std::string problem) {
  http_response response;
  response.ticket = ticket;
  response.result = result;
  response.problem = std::move(problem);
  return response;
}

} // namespace

class http_client::io_loop {
public:
  explicit io_loop(std::uint32_t max_connections)
    : max_connections_{std::clamp(max_connections, 1u, 65'536u)} {
    init_curl_once();
    multi_.reset(curl_multi_init());
    if (!multi_)
      throw std::bad_alloc{};
    // No more handles are ever added than there may be connections, so these bounds only govern idle ones.
    const auto bound = static_cast<long>(max_connections_);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, bound);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS, bound);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, bound);
    curl_multi_setopt(multi_.get(), CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
  }

  ~io_loop() {
    reset({});
    {
      const std::lock_guard guard{mail_mutex_};
      stopping_ = true;
    }
    if (thread_.joinable()) {
      curl_multi_wakeup(multi_.get());
      thread_.join();
    }
    drop_everything();
  }
  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  void reset(sink receive) {
    auto next = receive ? std::make_shared<const sink>(std::move(receive)) : nullptr;
    const std::lock_guard delivering{delivery_mutex_};
    const std::lock_guard guard{mail_mutex_};
    sink_.swap(next);
    ++epoch_;
    mail_.clear();
    wake_if_asleep();
  }

  void submit(http_request request) {
    const auto deadline = clock::now() + std::clamp(request.timeout, milliseconds{0}, longest_timeout);
    post(submission{std::move(request), deadline});
  }

  void cancel(std::uint64_t ticket) { post(cancellation{ticket}); }

  void consumed(std::uint64_t ticket, std::uint64_t bytes) { post(consumption{ticket, bytes}); }

  http_counters counters() const noexcept { return {requests_.load(), connections_opened_.load()}; }

private:
  // -- any thread
  // ------------------------------------------------------------------------------------------------

  void post(command next) {
    const std::lock_guard guard{mail_mutex_};
    mail_.push_back(std::move(next));
    if (!thread_.joinable())
      start_thread();
    wake_if_asleep();
  }

  // The host program's signals are not for this thread; SIGPIPE, which OpenSSL may raise, is for nobody.
  void start_thread() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread{[this] { run(); }};
    } catch (...) {
      pthread_sigmask(SIG_SETMASK, &before, nullptr);
      mail_.pop_back();
      throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  // A busy thread looks into its mailbox anyway; waking it would cost two system calls.
  void wake_if_asleep() {
    if (std::exchange(asleep_, false))
      curl_multi_wakeup(multi_.get());
  }

  // -- I/O thread
  // ------------------------------------------------------------------------------------------------

  void run() noexcept {
    for (;;) {
      try {
        if (!take_mail())
          return;
        start_waiting();
        perform();
        if (!deliver())
          sleep();
      } catch (...) {
        // Out of memory, or a sink that throws: the next round may do better, a spinning one would not.
        std::this_thread::sleep_for(milliseconds{1});
      }
    }
  }

  bool take_mail() {
    bool forget = false;
    {
      const std::lock_guard guard{mail_mutex_};
      asleep_ = false;
      if (stopping_)
        return false;
      taken_.swap(mail_);
      forget = std::exchange(epoch_seen_, epoch_) != epoch_;
    }
    if (forget)
      drop_everything();
    for (auto& next : taken_)
      std::visit([this](auto& it) { take(it); }, next);
    taken_.clear();
    return true;
  }

  void take(submission& next) {
    const auto ticket = next.request.ticket;
    if (active_.contains(ticket) || waiting_.contains(ticket)) {
      out_.push_back(refusal(ticket, transfer_result::cancelled, "the ticket is in use"));
      return;
    }
    if (active_.size() < max_connections_ && waiting_.empty())
      return start(std::move(next));
    waiting_.emplace(ticket, std::move(next));
    queue_.push_back(ticket);
  }

  void take(const cancellation& next) {
    if (waiting_.erase(next.ticket) > 0) {
      out_.push_back(refusal(next.ticket, transfer_result::cancelled, "cancelled"));
    } else if (const auto it = active_.find(next.ticket); it != active_.end()) {
      auto one = take_out(it);
      out_.push_back(one->finish_cancelled());
      recycle(std::move(one));
    }
  }

  void take(const consumption& next) {
    if (const auto it = active_.find(next.ticket); it != active_.end())
      it->second->make_room(next.bytes);
  }

  void start_waiting() {
    while (active_.size() < max_connections_ && !queue_.empty()) {
      const auto it = waiting_.find(queue_.front());
      queue_.pop_front();
      if (it == waiting_.end())
        continue; // cancelled, or its time was over
      auto next = std::move(it->second);
      waiting_.erase(it);
      start(std::move(next));
    }
    if (!waiting_.empty())
      sweep();
    else
      queue_.clear();
  }

  void sweep() {
    const auto now = clock::now();
    if (now < next_sweep_)
      return;
    next_sweep_ = now + sweep_interval;
    std::erase_if(waiting_, [&](const auto& entry) {
      const bool over = entry.second.deadline <= now;
      if (over)
        out_.push_back(refusal(entry.first, transfer_result::timeout, "no connection became free in time"));
      return over;
    });
  }

  void start(submission next) {
    const auto left = std::chrono::ceil<milliseconds>(next.deadline - clock::now());
    const auto ticket = next.request.ticket;
    if (left.count() <= 0)
      return out_.push_back(refusal(ticket, transfer_result::timeout, "no connection became free in time"));
    auto problem = try_start(std::move(next), left);
    if (!problem.empty())
      out_.push_back(refusal(ticket, transfer_result::broken, std::move(problem)));
  }

  /// Returns why the request was not started; empty: it was.
  std::string try_start(submission next, milliseconds left) {
    try {
      auto one = idle_.empty() ? std::make_unique<transfer>(fed_) : std::move(idle_.back());
      if (!idle_.empty())
        idle_.pop_back();
      one->set_deadline(next.deadline);
      auto problem = one->prepare(std::move(next.request), left);
      auto& slot = active_[one->ticket()] = std::move(one);
      if (problem.empty() && curl_multi_add_handle(multi_.get(), slot->easy()) != CURLM_OK)
        problem = "libcurl refused the request";
      if (!problem.empty())
        recycle(take_out(active_.find(slot->ticket())));
      return problem;
    } catch (const std::bad_alloc&) {
      return "out of memory";
    }
  }

  void perform() {
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_.get(), &left))
      if (message->msg == CURLMSG_DONE)
        finish(transfer::of(message->easy_handle), message->data.result);
    for (const auto ticket : fed_)
      if (const auto it = active_.find(ticket); it != active_.end())
        out_.push_back(it->second->take_piece());
    fed_.clear();
  }

  void finish(transfer& done, CURLcode code) {
    if (done.met_only_dead_connections(code) && try_on_new_connection(done))
      return;
    auto one = take_out(active_.find(done.ticket()));
    connections_opened_ += one->opened_connection();
    out_.push_back(one->finish(code));
    recycle(std::move(one));
  }

  /// curl itself gives up after several kept connections that died; a new one then opens, so that this
  /// happens once.
  bool try_on_new_connection(transfer& one) {
    const auto left = std::chrono::ceil<milliseconds>(one.deadline() - clock::now());
    if (left.count() <= 0)
      return false;
    curl_multi_remove_handle(multi_.get(), one.easy());
    one.prepare_on_new_connection(left);
    return curl_multi_add_handle(multi_.get(), one.easy()) == CURLM_OK;
  }

  using transfers = std::unordered_map<std::uint64_t, std::unique_ptr<transfer>>;

  std::unique_ptr<transfer> take_out(transfers::iterator it) {
    auto one = std::move(it->second);
    active_.erase(it);
    curl_multi_remove_handle(multi_.get(), one->easy());
    return one;
  }

  void recycle(std::unique_ptr<transfer> one) { idle_.push_back(std::move(one)); }

  /// False if there was nothing to hand over.
  bool deliver() {
    if (out_.empty())
      return false;
    requests_ += static_cast<std::uint64_t>(std::ranges::count_if(out_, &http_response::last));
    const std::lock_guard delivering{delivery_mutex_};
    // Its own reference: the sink may call reset().
    const auto receiver = sink_;
    if (receiver && epoch_seen_ == epoch_)
      (*receiver)(std::exchange(out_, {}));
    out_.clear();
    return true;
  }

  void sleep() {
    {
      const std::lock_guard guard{mail_mutex_};
      if (!mail_.empty() || stopping_ || epoch_seen_ != epoch_)
        return;
      asleep_ = true;
    }
    const auto limit = waiting_.empty() ? longest_sleep : sweep_interval;
    curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(limit.count()), nullptr);
  }

  void drop_everything() noexcept {
    for (auto& [ticket, one] : active_)
      curl_multi_remove_handle(multi_.get(), one->easy());
    active_.clear();
    waiting_.clear();
    queue_.clear();
    out_.clear();
    fed_.clear();
  }

  const std::uint32_t max_connections_;

  // Held while the sink runs, so that reset() can promise that the old one does not. Taken before
  // mail_mutex_.
  std::recursive_mutex delivery_mutex_;
  std::shared_ptr<const sink> sink_;

  std::mutex mail_mutex_;
  std::vector<command> mail_;
  std::uint64_t epoch_ =
    0; // grows with each reset(); written under both mutexes, so either suffices to read it
  bool asleep_ = false;
  bool stopping_ = false;

  // I/O thread only; `active_` and `idle_` die before `multi_`.
  std::unique_ptr<CURLM, multi_deleter> multi_;
  std::uint64_t epoch_seen_ = 0;
  std::vector<command> taken_;
  std::unordered_map<std::uint64_t, submission> waiting_;
  std::deque<std::uint64_t> queue_; // order of `waiting_`; tickets that are gone from there are skipped
  transfers active_;
  std::vector<std::unique_ptr<transfer>> idle_;
  std::vector<http_response> out_;
  std::vector<std::uint64_t> fed_; // streams with a piece to be taken
  clock::time_point next_sweep_{};

  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> connections_opened_{0};
  std::thread thread_;
};

http_client::http_client(std::uint32_t max_connections)
  : loop_{std::make_unique<io_loop>(max_connections)} {}

http_client::~http_client() = default;

void http_client::reset(sink receive) {
  loop_->reset(std::move(receive));
}

void http_client::submit(http_request request) {
  loop_->submit(std::move(request));
}

void http_client::cancel(std::uint64_t ticket) {
  loop_->cancel(ticket);
}

void http_client::consumed(std::uint64_t ticket, std::uint64_t bytes) {
  loop_->consumed(ticket, bytes);
}

http_counters http_client::counters() const noexcept {
  return loop_->counters();
}

} // namespace guardrails::net
