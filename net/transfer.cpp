// Sets up curl easy handles and turns what curl says into transfer results.
#include "net/transfer.hpp"

#include "net/retry_after.hpp"

#include <algorithm>
#include <ctime>
#include <new>
#include <strings.h>
#include <utility>

namespace guardrails::net {
namespace {

// More header bytes than any model's answer has.
constexpr std::size_t most_header_bytes = 256u << 10;

long to_long(std::chrono::milliseconds time) {
  // curl reads zero as "no limit"; a limit that is over already must still be one.
  return static_cast<long>(std::clamp<std::int64_t>(time.count(), 1, 24 * 3600 * 1000));
}

bool append(slist& list, const char* line) {
  auto* longer = curl_slist_append(list.get(), line);
  if (!longer)
    return false;
  static_cast<void>(list.release());
  list.reset(longer);
  return true;
}

bool has_line_break(std::string_view line) {
  constexpr std::string_view breaks{"\r\n\0", 3};
  return line.find_first_of(breaks) != line.npos;
}

} // namespace

transfer::transfer(std::vector<std::uint64_t>& fed)
  : fed_{fed}
  , easy_{curl_easy_init()} {
  if (!easy_)
    throw std::bad_alloc{};
  set_fixed_options();
}

void transfer::set_fixed_options() {
  auto* easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error_text_.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "guardrails");
  // Empty strings, not null: null would mean what the environment says.
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
#if LIBCURL_VERSION_NUM >= 0x075700
  // Otherwise giving up on a name that does not resolve waits for the resolver, and everybody with it.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

std::string transfer::prepare(http_request request, std::chrono::milliseconds left) {
  forget_answer(left);
  request_ = std::move(request);
  // Only a reset brings the system's certificates back. And only a reset clears curl's count of kept
  // connections that turned out to be dead: at the sixth it gives up, however many good requests lay between.
  if (request_.ca_file != ca_file_ || std::exchange(met_dead_connection_, false))
    start_over();
  if (!set_headers(std::move(request_.headers)))
    return "a request header holds a line break";
  if (has_line_break(request_.url))
    return "the URL holds a line break";
  set_request_options(left);
  return {};
}

void transfer::prepare_on_new_connection(std::chrono::milliseconds left) {
  auto lines = header_lines_;
  forget_answer(left);
  start_over();
  set_headers(std::move(lines));
  set_request_options(left);
  curl_easy_setopt(easy_.get(), CURLOPT_FRESH_CONNECT, 1L); // the next start_over() takes it back
}

void transfer::forget_answer(std::chrono::milliseconds left) {
  timeout_ = left;
  body_.clear();
  received_ = 0;
  out_bytes_ = 0;
  paused_ = false;
  header_bytes_ = 0;
  headers_complete_ = false;
  retry_after_ = std::chrono::milliseconds{-1};
  too_large_ = false;
  error_text_.front() = '\0';
}

void transfer::start_over() {
  curl_easy_reset(easy_.get());
  headers_.reset();
  header_lines_.clear();
  url_.clear();
  proxy_.clear();
  ca_file_ = request_.ca_file;
  set_fixed_options();
  if (!ca_file_.empty())
    curl_easy_setopt(easy_.get(), CURLOPT_CAINFO, ca_file_.c_str());
}

bool transfer::set_headers(std::vector<std::string> lines) {
  if (headers_ && lines == header_lines_)
    return true;
  if (std::ranges::any_of(lines, has_line_break))
    return false;
  slist list;
  bool complete = append(list, "Expect:"); // curl would wait for a "100 Continue" before long bodies
  for (const auto& line : lines)
    complete = complete && append(list, line.c_str());
  if (!complete)
    throw std::bad_alloc{};
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, list.get());
  headers_ = std::move(list);
  header_lines_ = std::move(lines);
  return true;
}

void transfer::set_request_options(std::chrono::milliseconds left) {
  auto* easy = easy_.get();
  if (request_.url != url_) {
    curl_easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
    url_ = request_.url;
  }
  if (request_.proxy != proxy_) {
    curl_easy_setopt(easy, CURLOPT_PROXY, request_.proxy.c_str());
    proxy_ = request_.proxy;
  }
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, to_long(left));
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, to_long(request_.connect_timeout));
  // Refuses by Content-Length before the first byte; take_body() counts what comes without one.
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(std::min<std::uint64_t>(request_.max_response_bytes, 1ull << 62)));
}

transfer& transfer::of(CURL* easy) noexcept {
  char* self = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
  return *reinterpret_cast<transfer*>(self);
}

bool transfer::opened_connection() const noexcept {
  long fresh = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_NUM_CONNECTS, &fresh);
  return fresh > 0;
}

bool transfer::met_only_dead_connections(CURLcode code) const noexcept {
  const bool died = code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING;
  return died && header_bytes_ == 0 && !opened_connection();
}

// -- callbacks: any other result than `size` makes curl give up
// --------------------------------------------------

std::size_t transfer::on_header(char* data, std::size_t, std::size_t size, void* self) noexcept {
  try {
    return static_cast<transfer*>(self)->take_header({data, size}) ? size : 0;
  } catch (...) {
    return 0;
  }
}

std::size_t transfer::on_body(char* data, std::size_t, std::size_t size, void* self) noexcept {
  try {
    auto& one = *static_cast<transfer*>(self);
    one.paused_ = one.streams() && !one.has_room();
    if (one.paused_)
      return CURL_WRITEFUNC_PAUSE;
    return one.take_body({data, size}) ? size : 0;
  } catch (...) {
    return 0;
  }
}

bool transfer::take_header(std::string_view line) {
  constexpr std::string_view wanted = "retry-after:";
  header_bytes_ += line.size();
  if (line.starts_with("HTTP/"))
    headers_complete_ = false;
  else if (line == "\r\n" || line == "\n")
    headers_complete_ = true;
  if (line.size() > wanted.size() && strncasecmp(line.data(), wanted.data(), wanted.size()) == 0)
    retry_after_ = parse_retry_after(line.substr(wanted.size()), std::time(nullptr));
  return header_bytes_ <= most_header_bytes;
}

bool transfer::take_body(std::string_view data) {
  too_large_ = data.size() > request_.max_response_bytes - received_;
  if (too_large_)
    return false;
  if (streams()) {
    if (body_.empty())
      fed_.push_back(request_.ticket);
    out_bytes_ += data.size();
  }
  received_ += data.size();
  body_ += data;
  return true;
}

bool transfer::streams() const noexcept {
  if (request_.stream_window == 0)
    return false;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300;
}

http_response transfer::take_piece() {
  http_response piece;
  piece.ticket = request_.ticket;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  piece.status = static_cast<std::uint32_t>(status);
  piece.body = std::exchange(body_, {});
  piece.last = false;
  return piece;
}

void transfer::make_room(std::uint64_t bytes) {
  out_bytes_ -= std::min(bytes, out_bytes_);
  if (!paused_ || !has_room())
    return;
  paused_ = false;
  curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

// -- results
// -----------------------------------------------------------------------------------------------------

http_response transfer::finish(CURLcode code) {
  met_dead_connection_ = opened_connection(); // perhaps: a new one is opened then, too
  http_response response;
  response.ticket = request_.ticket;
  response.result = result_of(code);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<std::uint32_t>(status);
  response.retry_after = retry_after_;
  if (response.result == transfer_result::ok)
    response.body = std::move(body_);
  else
    response.problem = problem_of(code, response.result);
  body_ = {};
  request_.body = {};
  return response;
}

http_response transfer::finish_cancelled() {
  met_dead_connection_ = true; // perhaps
  http_response response;
  response.ticket = request_.ticket;
  response.result = transfer_result::cancelled;
  response.problem = "cancelled";
  body_ = {};
  request_.body = {};
  return response;
}

transfer_result transfer::result_of(CURLcode code) const noexcept {
  switch (code) {
  case CURLE_OK:
    return headers_complete_ ? transfer_result::ok : transfer_result::broken;
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_PROXY:
  case CURLE_COULDNT_CONNECT:
    return transfer_result::connect_failed;
  case CURLE_FILESIZE_EXCEEDED:
    return transfer_result::too_large;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
  case CURLE_SSL_INVALIDCERTSTATUS:
  case CURLE_PEER_FAILED_VERIFICATION:
    return transfer_result::tls_failed;
  case CURLE_OPERATION_TIMEDOUT:
    break;
  default:
    return too_large_ ? transfer_result::too_large : transfer_result::broken;
  }
  // curl has one code for both limits: without a request sent, and before its own time, it was the connect's.
  curl_off_t ready = 0, total = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &total);
  const bool connecting = ready == 0 && std::chrono::microseconds{total} < timeout_;
  return connecting ? transfer_result::connect_failed : transfer_result::timeout;
}

std::string transfer::problem_of(CURLcode code, transfer_result result) const {
  // curl's own text names host, port and certificate there; elsewhere it may quote what the peer sent.
  const bool harmless = result == transfer_result::connect_failed || result == transfer_result::tls_failed ||
                        result == transfer_result::timeout;
  if (harmless && error_text_.front() != '\0')
    return error_text_.data();
  if (result == transfer_result::too_large)
    return "the answer is longer than " + std::to_string(request_.max_response_bytes) + " bytes";
  // curl takes a connection that ends within the headers for an answer without a body.
  return code == CURLE_OK ? "the answer ended within its headers" : curl_easy_strerror(code);
}

} // namespace guardrails::net
