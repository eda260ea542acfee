// Tokens without a literal at their start: a short mark in their middle finds them, what stands around it
// confirms.
#include "checks/secrets/boundary.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

namespace {

using character_class = bool (*)(char) noexcept;

/// A token of two runs of characters around a mark.
struct anchored_format {
  std::string_view entity;
  std::string_view name;
  std::string_view mark; ///< RE2, of fixed width
  character_class before;
  std::size_t least_before;
  std::size_t most_before;
  character_class after;
  std::size_t least_after;
  std::size_t most_after;
  bool (*holds)(std::string_view token); ///< null: nothing more to ask
};

bool is_lower_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}
bool is_digit_character(char c) noexcept {
  return is_digit(c);
}
bool is_alnum_character(char c) noexcept {
  return is_letter_or_digit(c);
}
bool is_token_character(char c) noexcept {
  return is_base64url(c);
}
bool is_tilde_token_character(char c) noexcept {
  return is_base64url(c) || c == '~' || c == '.';
}
bool is_padded_token_character(char c) noexcept {
  return is_base64url(c) || c == '=';
}

// A bot's number in Base64 starts with the digits of a date since 2015.
bool starts_like_a_bot(std::string_view token) {
  return token[0] == 'M' || token[0] == 'N' || token[0] == 'O';
}

bool has_digit_before_mark(std::string_view token) {
  return is_digit(token[3]);
}

constexpr auto formats = std::to_array<anchored_format>({
  {"TELEGRAM_BOT_TOKEN", "telegram_bot_token", ":A", is_digit_character, 5, 16, is_token_character, 34, 34,
   nullptr},
  {"DISCORD_BOT_TOKEN", "discord_bot_token", "\\.[0-9A-Za-z_-]{6}\\.", is_token_character, 24, 26,
   is_token_character, 27, 38, starts_like_a_bot},
  {"MAILCHIMP_API_KEY", "mailchimp_api_key", "-us", is_lower_hex, 32, 32, is_digit_character, 1, 2, nullptr},
  {"FACEBOOK_ACCESS_TOKEN", "facebook_app_token", "\\|", is_digit_character, 15, 16, is_token_character, 27,
   28, nullptr},
  {"AZURE_CLIENT_SECRET", "azure_client_secret", "Q~", is_tilde_token_character, 4, 4,
   is_tilde_token_character, 31, 34, has_digit_before_mark},
  {"TERRAFORM_TOKEN", "terraform_token", "\\.atlasv1\\.", is_alnum_character, 14, 14,
   is_padded_token_character, 60, 70, nullptr},
});

token_alphabet alphabet_of(character_class belongs) {
  return {belongs('_'), belongs('-')};
}

/// The runs on both sides of a mark.
match_range token_around(const anchored_format& format, std::string_view text, match_range mark) {
  auto [begin, end] = mark;
  while (begin > 0 && mark.begin - begin < format.most_before + longest_emphasis + 1 &&
         format.before(text[begin - 1]) && !follows_escape(text, begin))
    --begin;
  while (end < text.size() && end - mark.end < format.most_after + longest_emphasis + 1 &&
         format.after(text[end]))
    ++end;
  return {begin, end};
}

bool holds(const anchored_format& format, std::string_view text, match_range mark, match_range token) {
  const auto before = mark.begin - token.begin;
  const auto after = token.end - mark.end;
  if (before < format.least_before || before > format.most_before || after < format.least_after ||
      after > format.most_after)
    return false;
  const auto value = text.substr(token.begin, token.end - token.begin);
  return starts_token(text, token.begin, alphabet_of(format.before)) &&
         ends_token(text, token.end, alphabet_of(format.after)) && entropy(value) >= 3 &&
         (format.holds == nullptr || format.holds(value));
}

// What is left when underscores at the ends, which belong to both runs' alphabets, are taken for emphasis.
match_range without_emphasis(std::string_view text, match_range mark, match_range token) {
  for (std::size_t marks = 0;
       marks < longest_emphasis && token.begin < mark.begin && text[token.begin] == '_'; ++marks)
    ++token.begin;
  for (std::size_t marks = 0; marks < longest_emphasis && token.end > mark.end && text[token.end - 1] == '_';
       ++marks)
    --token.end;
  return token;
}

match_range before_dash(std::string_view text, match_range mark, match_range token) {
  const auto dash = text.substr(0, token.end).find("--", mark.end);
  return {token.begin, std::min(token.end, dash)};
}

secret_verdict verify(const anchored_format& format, std::string_view text, match_range mark) {
  const auto whole = token_around(format, text, mark);
  for (const auto token : {whole, without_emphasis(text, mark, whole), before_dash(text, mark, whole)})
    if (holds(format, text, mark, token))
      return {secret{token, format.entity, format.name, certain}, token.end};
  return {std::nullopt, mark.begin + 1};
}

} // namespace

std::vector<secret_form> anchored_token_forms() {
  std::vector<secret_form> forms;
  for (const auto& format : formats)
    forms.push_back(
      {format.name, std::string{format.mark},
       [&format](std::string_view text, match_range mark) { return verify(format, text, mark); }});
  return forms;
}

} // namespace guardrails::checks::secrets
