// Name and password given to a command such as curl: `-u name:password`, `--user name:password`.
#include "checks/secrets/ascii.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_format.hpp"
#include "checks/secrets/unescaped.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

namespace {

// Bytes before the option in which the command stands.
constexpr std::size_t command_within = 400;

constexpr std::size_t longest_pair = 200;
constexpr std::size_t least_password = 6;

bool is_plain_name(std::string_view part) {
  return std::ranges::all_of(part, [](char c) { return is_ascii_letter(c) || c == '_'; });
}

// `$NAME` up to the end, as the shell's variables are written; `Pa$$w0rd` holds none.
bool ends_with_variable(std::string_view part) {
  const auto mark = part.rfind('$');
  if (mark == std::string_view::npos || (mark > 0 && part[mark - 1] == '$'))
    return false;
  const auto name = part.substr(mark + 1);
  return !name.empty() && !is_digit(name[0]) &&
         std::ranges::all_of(name, [](char c) { return ascii_lower(c) != c || is_digit(c) || c == '_'; });
}

// What ends the argument. Within single quotes a shell knows no escapes.
std::size_t end_of_argument(std::string_view text, char quote) {
  if (quote == '\'')
    return text.find_first_of("'\n");
  return find_unescaped(text, quote == '"' ? "\"\n" : " \t\r\n");
}

std::string_view without_quotes(std::string_view part) {
  const auto first = part.find_first_not_of("\"'");
  return first == std::string_view::npos ? std::string_view{}
                                         : part.substr(first, part.find_last_not_of("\"'") - first + 1);
}

// One side of a pair; the other may be empty, as where a token takes the place of both.
bool is_given(std::string_view side) {
  const auto part = without_quotes(side);
  return !ends_with_variable(part) && part.size() >= least_password && !is_filler(part) &&
         !is_placeholder(part) && !is_plain_name(part);
}

secret_verdict verify(std::string_view text, match_range candidate) {
  const auto from = candidate.begin - std::min(candidate.begin, command_within);
  if (text.substr(from, candidate.begin - from).find("curl") == std::string_view::npos)
    return {std::nullopt, candidate.end};
  auto begin = candidate.end;
  while (begin < text.size() && begin - candidate.end < 4 && (text[begin] == ' ' || text[begin] == '='))
    ++begin;
  const auto quote = begin < text.size() ? text[begin] : '\0';
  const auto quoted = quote == '"' || quote == '\'';
  begin += quoted ? 1 : 0;
  const auto pair_and_more = text.substr(std::min(begin, text.size()), longest_pair);
  const auto pair = pair_and_more.substr(0, end_of_argument(pair_and_more, quote));
  const auto colon = pair.find(':');
  const auto resume = begin + pair.size();
  if (colon == std::string_view::npos || pair.size() == longest_pair ||
      pair.find_first_of("{<*") != std::string_view::npos)
    return {std::nullopt, resume};
  const auto name = pair.substr(0, colon);
  const auto password = pair.substr(colon + 1);
  const auto no_name = name.empty() || password.empty();
  if (!is_given(password) && !(no_name && is_given(name)) &&
      !(is_plain_name(password) && entropy(password) > 3.3))
    return {std::nullopt, resume};
  return {secret{{begin, resume}, "PASSWORD", "command_line_user", certain}, resume};
}

} // namespace

secret_form command_line_user_form() {
  return {"command_line_user", "(?: -u[ =]| --user[ =])", verify};
}

} // namespace guardrails::checks::secrets
