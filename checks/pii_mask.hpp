// What stands in the place of personal data.
#pragma once

#include <guardrails/rails_config.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace guardrails::checks {

/// Numbers given out in one text or conversation: equal values of an entity get the same one.
class mask_numbers {
public:
  /// From 1, in the order of first appearance.
  std::size_t of(std::string_view entity, std::string_view value);

private:
  std::map<std::string, std::map<std::string, std::size_t, std::less<>>, std::less<>> given_;
};

/// A compiled mask format.
///
/// | format | `4111 1111 1111 1111` becomes |
/// |---|---|
/// | `<ENTITY_TYPE>`, anywhere in a text | `<CREDIT_CARD>` |
/// | `<ENTITY_TYPE_N>`, anywhere in a text | `<CREDIT_CARD_1>`; equal values have equal numbers |
/// | one punctuation character | as many of it as the value has characters |
/// | `partial` | `**** **** **** 1111`; a value of fewer than eight letters and digits: all of it |
/// | `hash` | `<CREDIT_CARD:…>` with 16 hexadecimal digits of HMAC-SHA-256 (RFC 2104) under `mask_key` |
class pii_mask {
public:
  /// Throws config_error for a format that is none of the above, and for `hash` without a key.
  pii_mask(const std::string& format, const secret& key);

  std::string replacement(std::string_view entity, std::string_view value, mask_numbers& numbers) const;

  /// Whether masks depend on the numbers.
  bool counts() const noexcept;

private:
  std::string keyed_hash(std::string_view value) const;

  std::string format_;
  secret key_;
};

/// The masks of a text that is judged for itself. What can be taken back is numbered, but only the messages
/// of a request are (conversation_masks.hpp): a single text is masked for good, without a number. Throws
/// config_error for a format that the constructor refuses, and for one that cannot be taken back but should.
pii_mask mask_in_one_text(const pii_config& config);

} // namespace guardrails::checks
