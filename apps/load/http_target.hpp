// An HTTP server as target: a line is a connection.
#pragma once

#include "apps/load/connection.hpp"
#include "apps/load/target.hpp"

#include <string>

namespace guardrails::load {

class http_target final : public target {
public:
  http_target(std::string shown, http_requests what)
    : shown_{std::move(shown)}
    , what_{std::move(what)} {}

  std::string shown() const override { return shown_; }
  bool is_ready(std::chrono::milliseconds) override { return true; }
  std::unique_ptr<line> make_line(boost::asio::io_context& context) override {
    return std::make_unique<connection>(context, what_);
  }

private:
  std::string shown_;
  http_requests what_;
};

} // namespace guardrails::load
