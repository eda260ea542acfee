// Reads the percentages, durations, addresses and scripts of mock-llm's command line.
#include "apps/mock_llm/mock_llm_options.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace guardrails::mock_llm {
namespace {

template <class T>
std::optional<T> number(std::string_view text) noexcept {
  T value{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

bool drop_suffix(std::string_view& text, std::string_view suffix) noexcept {
  if (!text.ends_with(suffix))
    return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::string answer_of_line(std::string_view line) {
  boost::system::error_code problem;
  const auto value = boost::json::parse({line.data(), line.size()}, problem);
  if (problem)
    return std::string{line};
  if (const auto* text = value.if_string())
    return std::string{*text};
  if (const auto* object = value.if_object())
    for (const auto* key : {"answer", "content"})
      if (const auto* member = object->if_contains(key); member && member->is_string())
        return std::string{member->get_string()};
  return std::string{line};
}

} // namespace

std::optional<double> parse_share(std::string_view text) noexcept {
  const double unit = drop_suffix(text, "%") ? 0.01 : 1;
  const auto value = number<double>(text);
  // Written so that NaN fails too.
  if (!value || !(*value * unit >= 0 && *value * unit <= 1))
    return std::nullopt;
  return *value * unit;
}

std::optional<double> parse_rate(std::string_view text) noexcept {
  constexpr double fastest = 1e9;
  const auto value = number<double>(text);
  return value && *value >= 0 && *value <= fastest ? value : std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  constexpr double longest = 24 * 3600 * 1000.0;
  const double unit = drop_suffix(text, "ms")  ? 1
                      : drop_suffix(text, "s") ? 1000
                      : drop_suffix(text, "m") ? 60000
                                               : 1;
  const auto value = number<double>(text);
  if (!value || !(*value >= 0 && *value * unit <= longest))
    return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*value * unit)};
}

std::optional<flagged_word> parse_flagged_word(std::string_view text) {
  const auto equals = text.rfind('=');
  flagged_word parsed;
  parsed.word = text.substr(0, equals);
  if (equals != std::string_view::npos) {
    const auto score = parse_share(text.substr(equals + 1));
    if (!score)
      return std::nullopt;
    parsed.score = *score;
  }
  return parsed.word.empty() ? std::nullopt : std::optional{std::move(parsed)};
}

std::optional<endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  const auto port = number<std::uint16_t>(text.substr(colon + 1));
  auto host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  if (!port || (!bracketed && host.find(':') != std::string_view::npos))
    return std::nullopt;
  return endpoint{host.empty() ? "0.0.0.0" : std::string{host}, *port};
}

std::vector<std::string> parse_script(std::string_view text) {
  std::vector<std::string> answers;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    drop_suffix(line, "\r");
    if (!line.empty())
      answers.push_back(answer_of_line(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return answers;
}

} // namespace guardrails::mock_llm
