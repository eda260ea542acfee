// Writes server-sent events and cuts them anywhere.
#include "tests/cutting_upstream.hpp"

#include "checks/masking.hpp"
#include "checks/utf8.hpp"
#include "llm/json_text.hpp"
#include "tests/streamed_texts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <string_view>
#include <thread>
#include <utility>

namespace guardrails::test {

namespace {

constexpr std::string_view head = "HTTP/1.1 200 OK\r\nContent-Type: ";

std::size_t number_after(std::string_view request, std::string_view word) {
  const auto at = request.rfind(word);
  return at == std::string_view::npos ? 0 : std::stoul(std::string{request.substr(at + word.size(), 9)});
}

void append_escape(std::string& out, unsigned unit) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", unit & 0xFFFFU);
  out += text.data();
}

// As many models write JSON: nothing but ASCII.
std::string escaped(std::string_view text) {
  std::string quoted;
  llm::append_json_string(quoted, text);
  std::string out;
  for (std::size_t at = 0; at < quoted.size();) {
    const auto c = checks::decode_at(quoted, at);
    if (c.value < 0x80)
      out += quoted[at];
    else if (c.value < 0x10000)
      append_escape(out, static_cast<unsigned>(c.value));
    else {
      append_escape(out, 0xD800U + ((static_cast<unsigned>(c.value) - 0x10000U) >> 10U));
      append_escape(out, 0xDC00U + ((static_cast<unsigned>(c.value) - 0x10000U) & 0x3FFU));
    }
    at += c.length;
  }
  return out;
}

std::string quoted(std::string_view text, bool as_ascii) {
  std::string out;
  if (as_ascii)
    return escaped(text);
  llm::append_json_string(out, text);
  return out;
}

std::string whole(std::string_view text) {
  return R"({"model":"m","choices":[{"message":{"role":"assistant","content":)" + quoted(text, false) +
         R"(},"finish_reason":"stop"}]})";
}

std::string events(std::string_view text, std::size_t cut, std::mt19937& random) {
  constexpr std::array<std::size_t, 5> lengths{1, 3, 9, 60, 400};
  std::uniform_int_distribution<std::size_t> length{1, lengths[cut % lengths.size()]};
  std::string all;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = checks::next_boundary(text, std::min(text.size(), at + length(random)));
    all.append(R"(data: {"model":"m","choices":[{"index":0,"delta":{"content":)")
      .append(quoted(text.substr(at, end - at), cut % 2 == 1))
      .append("}}]}\n\n");
    at = end;
  }
  all += "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  return all += "data: [DONE]\n\n";
}

// Each part is a chunk of HTTP and a packet, as far as the kernel lets it be one. Now and then it pauses, so
// that not all of it is there at once.
bool write_cut(raw_connection& peer, std::string_view body, std::mt19937& random) {
  std::uniform_int_distribution<std::size_t> length{1, 3'000};
  const auto quarter = body.size() / 4 + 1;
  auto pause_at = body.size() - quarter;
  while (!body.empty()) {
    if (body.size() < pause_at) {
      std::this_thread::sleep_for(std::chrono::milliseconds{5});
      pause_at -= std::min(pause_at, quarter);
    }
    const auto part = body.substr(0, length(random));
    std::array<char, 24> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", part.size());
    if (!peer.write(std::string{size.data()}.append(part).append("\r\n")))
      return false;
    body.remove_prefix(part.size());
  }
  return peer.write("0\r\n\r\n");
}

} // namespace

cutting_upstream::cutting_upstream(std::vector<std::string> texts)
  : texts_{std::move(texts)}
  , server_{[this](raw_connection& peer) { serve(peer); }} {}

std::string cutting_upstream::base_url() const {
  const auto url = server_.url();
  return url.substr(0, url.rfind("/chat/"));
}

std::string cutting_upstream::question(std::size_t text, std::size_t cut) {
  return "text " + std::to_string(text) + " cut " + std::to_string(cut);
}

void cutting_upstream::serve(raw_connection& peer) const {
  for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
    const auto& text = texts_.at(number_after(request, "text "));
    const auto cut = number_after(request, "cut ");
    if (request.find("\"stream\":true") == std::string::npos) {
      const auto body = whole(text);
      peer.write(std::string{head} + "application/json\r\nContent-Length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body);
      continue;
    }
    std::mt19937 random{static_cast<std::mt19937::result_type>(cut)};
    peer.write(std::string{head} + "text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    if (!write_cut(peer, events(text, cut, random), random))
      return;
  }
}

std::string most_shown(std::string_view text, const check_report& judged) {
  auto end = text.size();
  for (const auto& f : judged.findings)
    if (f.action == finding_action::block)
      end = std::min<std::size_t>(end, f.span.begin);
  for (const auto& s : checks::masked_stretches(text.size(), 0, judged.findings))
    if (s.begin < end && end < s.end)
      end = s.begin;
  return checks::apply_replacements(text.substr(0, end), 0, judged.findings);
}

const std::string all_that_streams =
  "guardrails:\n"
  "  input_checks: false\n"
  "  check_semantic: false\n"
  "  block_sensitive_data: false\n"
  "  pii: {enabled: true}\n"
  "  urls: {deny: [evil.example, '*.bad.example'], action: mask}\n"
  "  block_list: {words: [top secret, 炸弹, gefährlich], patterns: ['proj-[0-9]{1,4}'], action: mask}\n"
  "  ban_list: {names: {words: [zanzibar, red fox], action: block}}\n"
  "  invisible_text: {action: mask}\n";

std::vector<std::string> answers_to_stream(std::size_t count) {
  std::mt19937 random{11};
  const auto from = streamed_texts(random, 8 * count);
  std::vector<std::string> texts;
  for (auto it = from.rbegin(); texts.size() < count; it += 6) // the last ones were put together for this
    texts.push_back(it[0] + "\n\n" + it[2]);
  for (std::size_t i = 8; i < texts.size(); i += 16)
    texts[i] = texts[i - 1] + "\n\n" + texts[i - 2] + "\n\n" + texts[i - 3] + "\n\n" + texts[i];
  return texts;
}

} // namespace guardrails::test
