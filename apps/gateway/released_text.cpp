// Posts what scheduler threads bring to the connection's own.
#include "apps/gateway/released_text.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace guardrails::gateway {

namespace asio = boost::asio;

class released_text::relay final : public stream_completion {
public:
  explicit relay(std::shared_ptr<released_text> to)
    : to_{std::move(to)}
    , work_{to_->home_} {}

  void begin(std::string config_version) noexcept override {
    tell([version = std::move(config_version)](released_text& to) mutable {
      to.config_version_ = std::move(version);
    });
  }

  void release(std::string piece) noexcept override {
    tell([text = std::move(piece)](released_text& to) { to.text_ += text; });
  }

  void complete(generation result) noexcept override {
    tell([last = std::move(result)](released_text& to) mutable {
      to.result_ = std::move(last);
      to.ended_ = true;
    });
    work_.reset();
  }

private:
  template <class News>
  void tell(News news) noexcept {
    asio::post(to_->home_, [to = to_, what = std::move(news)]() mutable {
      what(*to);
      to->news_.cancel();
    });
  }

  std::shared_ptr<released_text> to_;
  asio::executor_work_guard<asio::any_io_executor> work_;
};

released_text::released_text(asio::any_io_executor home, std::function<void(std::uint64_t)> use,
                             std::function<void()> cancel)
  : home_{std::move(home)}
  , news_{home_}
  , use_{std::move(use)}
  , cancel_{std::move(cancel)} {}

std::shared_ptr<released_text> released_text::start(llm_rails& rails, generation_request request,
                                                    asio::any_io_executor home) {
  const auto ticket = rails.reserve_ticket();
  const std::shared_ptr<released_text> text{
    new released_text{std::move(home), rails.use_stream_action(ticket), rails.cancel_action(ticket)}};
  rails.submit_stream(ticket, std::move(request), std::make_unique<relay>(text));
  return text;
}

void released_text::leave() noexcept {
  if (!ended_)
    cancel_();
}

asio::awaitable<std::string> released_text::next() {
  if (const auto used = std::exchange(handed_out_, 0); used > 0)
    use_(used);
  while (text_.empty() && !ended_) {
    boost::system::error_code woken;
    news_.expires_at(asio::steady_timer::time_point::max());
    co_await news_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  handed_out_ = text_.size();
  co_return std::exchange(text_, {});
}

} // namespace guardrails::gateway
