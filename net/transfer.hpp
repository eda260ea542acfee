// One HTTP exchange on one curl easy handle, made to be used again and again.
#pragma once

#include "net/http_client.hpp"

#include <array>
#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::net {

struct easy_deleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
using easy_handle = std::unique_ptr<CURL, easy_deleter>;

struct slist_deleter {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using slist = std::unique_ptr<curl_slist, slist_deleter>;

/// Options that two requests in a row have in common are left alone: setting them costs more than comparing
/// them.
class transfer {
public:
  /// Puts its ticket into `fed` when there is a piece of a streamed answer to be taken.
  explicit transfer(std::vector<std::uint64_t>& fed);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  /// Prepares the handle for `request`, of whose timeout `left` remains. Returns what is wrong with the
  /// request; empty: nothing.
  std::string prepare(http_request request, std::chrono::milliseconds left);

  /// Whether the exchange that curl finished with `code` met nothing but kept connections that died without a
  /// byte of an answer: no live peer has refused the request, and a connection of its own may serve it.
  bool met_only_dead_connections(CURLcode code) const noexcept;

  /// Prepares the handle to send the same request once more, on a new connection.
  void prepare_on_new_connection(std::chrono::milliseconds left);

  /// The answer after curl finished with `code`, or was made to stop.
  http_response finish(CURLcode code);
  http_response finish_cancelled();

  /// What came of a streamed answer since the last piece.
  http_response take_piece();

  /// So many bytes of pieces were used; reads on if there was no room before.
  void make_room(std::uint64_t bytes);

  /// When the request's time is over, of which prepare() is told what is left.
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept { deadline_ = deadline; }
  std::chrono::steady_clock::time_point deadline() const noexcept { return deadline_; }

  CURL* easy() const noexcept { return easy_.get(); }
  std::uint64_t ticket() const noexcept { return request_.ticket; }

  /// Whether the last exchange opened a connection of its own.
  bool opened_connection() const noexcept;

  static transfer& of(CURL* easy) noexcept;

private:
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) noexcept;

  void set_fixed_options();
  void start_over();
  void forget_answer(std::chrono::milliseconds left);
  bool set_headers(std::vector<std::string> lines);
  void set_request_options(std::chrono::milliseconds left);
  bool take_header(std::string_view line);
  bool take_body(std::string_view data);
  bool streams() const noexcept;
  bool has_room() const noexcept { return out_bytes_ < request_.stream_window; }
  transfer_result result_of(CURLcode code) const noexcept;
  std::string problem_of(CURLcode code, transfer_result result) const;

  std::array<char, CURL_ERROR_SIZE> error_text_{};
  slist headers_;
  std::vector<std::string> header_lines_;
  std::string url_, proxy_, ca_file_; // as the handle has them
  http_request request_;
  std::chrono::milliseconds timeout_{0};
  std::chrono::steady_clock::time_point deadline_{};
  std::vector<std::uint64_t>& fed_;
  std::string body_;
  std::uint64_t received_ = 0;  // bytes of the answer's body
  std::uint64_t out_bytes_ = 0; // of pieces that were not used yet, and of the next
  bool paused_ = false;         // there was no room
  std::size_t header_bytes_ = 0;
  bool headers_complete_ = false;
  std::chrono::milliseconds retry_after_{-1};
  bool too_large_ = false;
  bool met_dead_connection_ = false;
  easy_handle easy_; // last: dies before what its options point to
};

} // namespace guardrails::net
