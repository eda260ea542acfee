// An asynchronous HTTP client on one I/O thread: curl_multi behind a mailbox.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace guardrails::net {

/// One POST. `ticket` names it until its answer arrives; tickets of requests under way must differ.
struct http_request {
  std::uint64_t ticket = 0;
  std::string url;
  std::vector<std::string> headers; ///< whole lines
  std::string body;
  std::chrono::milliseconds timeout{30'000}; ///< for the whole transfer, waiting for a connection included
  std::chrono::milliseconds connect_timeout{5'000};
  std::uint64_t max_response_bytes = 16u << 20;
  /// 0: the answer comes whole. Otherwise an answer with a 2xx status comes in pieces, of which at most about
  /// this many bytes are out before http_client::consumed() says that they were used.
  std::uint64_t stream_window = 0;
  std::string proxy;   ///< empty: none, whatever the environment says
  std::string ca_file; ///< empty: the system's
};

/// How a transfer ended, short of an HTTP status.
enum class transfer_result : std::uint8_t {
  ok,             ///< an HTTP answer arrived, whatever its status
  connect_failed, ///< no connection (refused, no such host, connect timeout): nothing was sent
  timeout,        ///< `timeout` passed
  too_large,      ///< more than `max_response_bytes`
  tls_failed,     ///< certificate or handshake
  broken,         ///< the connection ended early, or the answer was not HTTP
  cancelled,
};

struct http_response {
  std::uint64_t ticket = 0;
  transfer_result result = transfer_result::ok;
  std::uint32_t status = 0;
  std::chrono::milliseconds retry_after{-1}; ///< from a Retry-After header (seconds or date); negative: none
  std::string body;
  std::string problem; ///< for people; empty on success; never holds headers or bodies
  bool last = true;    ///< false: a piece of a streamed answer, and more is to come
};

/// What a client did since it was made.
struct http_counters {
  std::uint64_t requests = 0;           ///< answered, whatever the result
  std::uint64_t connections_opened = 0; ///< requests less reuse of kept connections
};

/// Thread-safe. The I/O thread starts with the first request and ends with the client. Callers bound how many
/// requests they hand over at once; the client never queues inside curl. Connections are kept alive and
/// reused.
class http_client {
public:
  /// Receives finished transfers in batches, on the I/O thread; must not block and must not throw.
  using sink = std::function<void(std::vector<http_response>)>;

  /// `max_connections` bounds open connections, idle ones included.
  explicit http_client(std::uint32_t max_connections);

  /// Cancels what is under way (without telling the sink) and joins the I/O thread.
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// Who receives answers from now on. Requests under way are cancelled and forgotten: they belong to the
  /// previous receiver, which is not called any more once this returns. An empty sink just forgets.
  void reset(sink receive);

  void submit(http_request request);

  /// Closes the transfer's connection and answers it as `cancelled`; unknown tickets are ignored.
  void cancel(std::uint64_t ticket);

  /// So many bytes of a streamed answer need no room any more; unknown tickets are ignored. The connection of
  /// an answer that nobody consumes is not read on, so that its sender waits, until the request's timeout.
  void consumed(std::uint64_t ticket, std::uint64_t bytes);

  http_counters counters() const noexcept;

private:
  class io_loop;
  std::unique_ptr<io_loop> loop_;
};

} // namespace guardrails::net
