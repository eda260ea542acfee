// The texts inside a JSON document: taken out as one text that can be judged, and put back when it was
// masked.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace guardrails::json {

/// A JSON object or array whose strings, numbers and names read as a text: a line for each value, behind its
/// name (`card: 4111 1111 1111 1111`).
class document_text {
public:
  /// Empty: `document` is no JSON object or array.
  static std::optional<document_text> read(std::string_view document);

  const std::string& text() const noexcept { return text_; }

  /// Says what a piece of text(), which stands at `offset` of it, becomes.
  using rewriting = std::function<std::string(std::string_view piece, std::size_t offset)>;

  /// The document with every piece rewritten; a number that changes becomes a string. Empty: nothing has
  /// changed, and text() says all that the document does.
  std::optional<std::string> rewritten(const rewriting& rewrite) const;

private:
  boost::json::value value_;
  std::string text_;
  bool repeats_names_ = false; // the document has members that value_ has not
};

} // namespace guardrails::json
