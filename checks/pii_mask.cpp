// Writes masks.
#include "checks/pii_mask.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>
#include <guardrails/pii.hpp>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace guardrails::checks {

namespace {

constexpr std::string_view named = "<ENTITY_TYPE>";
constexpr std::string_view numbered = "<ENTITY_TYPE_N>";
constexpr std::size_t shown_of_partial = 4;
constexpr std::size_t shortest_partial = 2 * shown_of_partial;

bool is_one_punctuation_character(std::string_view format) {
  return format.size() == 1 && format[0] > ' ' && format[0] < '\x7f' &&
         !is_letter(static_cast<unsigned char>(format[0])) && (format[0] < '0' || format[0] > '9');
}

std::string with(std::string format, std::string_view mark, const std::string& name) {
  for (std::size_t at = 0; (at = format.find(mark, at)) != std::string::npos; at += name.size())
    format.replace(at, mark.size(), name);
  return format;
}

std::size_t characters(std::string_view value) {
  std::size_t count = 0;
  for (std::size_t pos = 0; pos < value.size(); pos += decode_at(value, pos).length)
    ++count;
  return count;
}

// Signs beyond ASCII may be digits and letters in disguise.
bool is_covered(char32_t c) {
  return c < 0x80 ? is_spaced_word_character(c) : !is_space(c);
}

std::size_t covered_characters(std::string_view value) {
  std::size_t count = 0;
  for (std::size_t pos = 0; pos < value.size();) {
    const auto c = decode_at(value, pos);
    count += is_covered(c.value) ? 1 : 0;
    pos += c.length;
  }
  return count;
}

// Letters, digits and all that is not ASCII become asterisks, but for the last four of a long value; what
// stands between them stays.
std::string partial(std::string_view value) {
  const auto all = covered_characters(value);
  auto hidden = all >= shortest_partial ? all - shown_of_partial : all;
  std::string masked;
  for (std::size_t pos = 0; pos < value.size();) {
    const auto c = decode_at(value, pos);
    if (is_covered(c.value) && hidden > 0) {
      masked.push_back('*');
      --hidden;
    } else {
      masked.append(value.substr(pos, c.length));
    }
    pos += c.length;
  }
  return masked;
}

} // namespace

std::size_t mask_numbers::of(std::string_view entity, std::string_view value) {
  auto& values = given_[std::string{entity}];
  return values.try_emplace(std::string{value}, values.size() + 1).first->second;
}

pii_mask::pii_mask(const std::string& format, const secret& key)
  : format_{format}
  , key_{key} {
  if (!is_mask_format(format))
    throw config_error(
      {}, "guardrails.pii.mask_format",
      "is not a format; expected a text with <ENTITY_TYPE> or <ENTITY_TYPE_N>, partial, hash, or "
      "one punctuation character");
  if (format == "hash" && key.empty())
    throw config_error({}, "guardrails.pii.mask_key", "is missing; mask_format hash requires it");
}

std::string pii_mask::replacement(std::string_view entity, std::string_view value,
                                  mask_numbers& numbers) const {
  const std::string name{entity};
  if (format_ == "partial")
    return partial(value);
  if (format_ == "hash")
    return "<" + name + ":" + keyed_hash(value) + ">";
  if (format_.size() == 1)
    return std::string(characters(value), format_[0]);
  auto mask = with(format_, named, "<" + name + ">");
  if (!counts())
    return mask;
  return with(std::move(mask), numbered, "<" + name + "_" + std::to_string(numbers.of(entity, value)) + ">");
}

bool pii_mask::counts() const noexcept {
  return format_.find(numbered) != std::string::npos;
}

std::string pii_mask::keyed_hash(std::string_view value) const {
  constexpr std::size_t shown_bytes = 8;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  const auto& key = key_.reveal();
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(value.data()), value.size(), digest.data(),
           &size) == nullptr)
    throw std::runtime_error{"HMAC-SHA-256 is not available"};
  std::string text;
  for (std::size_t i = 0; i < shown_bytes; ++i) {
    text.push_back("0123456789abcdef"[digest[i] >> 4]);
    text.push_back("0123456789abcdef"[digest[i] & 15]);
  }
  return text;
}

pii_mask mask_in_one_text(const pii_config& config) {
  if (config.reversible && !is_reversible_format(config.mask_format))
    throw config_error({}, "guardrails.pii.reversible",
                       "needs placeholders; expected mask_format <ENTITY_TYPE_N>");
  return {config.reversible ? std::string{named} : config.mask_format, config.mask_key};
}

} // namespace guardrails::checks

namespace guardrails {

bool is_mask_format(std::string_view text) {
  return text == "partial" || text == "hash" || checks::is_one_punctuation_character(text) ||
         text.find(checks::named) != std::string_view::npos ||
         text.find(checks::numbered) != std::string_view::npos;
}

bool is_reversible_format(std::string_view text) {
  return text == checks::named || text == checks::numbered;
}

} // namespace guardrails
