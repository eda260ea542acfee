// Normalises a text that comes in pieces: together the pieces of the result are what normalise() makes of the
// whole.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Holds back what the bytes to come may still change: some hundred bytes, or a word. A word, or text without
/// white space where scripts separate words by it, is cut after most_held bytes; only there may the result
/// differ from that of the whole. Linear, as long as pieces are not single bytes of such a word.
class normalised_stream {
public:
  static constexpr std::size_t most_held = 65'536;

  /// Takes the next piece, cut anywhere, and hands what is settled to `sink(std::string_view)`.
  template <class Sink>
  void feed(std::string_view piece, Sink&& sink) {
    held_.append(piece);
    if (held_.size() < wanted_)
      return;
    const auto settled = take_settled();
    if (!settled.empty())
      sink(std::string_view{settled});
  }

  /// The text is over.
  template <class Sink>
  void finish(Sink&& sink) {
    const auto rest = take_rest();
    if (!rest.empty())
      sink(std::string_view{rest});
  }

  std::size_t held() const noexcept { return held_.size(); }

private:
  std::string take_settled();
  std::string take_rest();

  static constexpr std::size_t block = 2'048; // looked at together

  std::string held_;
  std::size_t wanted_ = block; // bytes held before another look is worth it
};

} // namespace guardrails::checks
