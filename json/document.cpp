// Boost.JSON parses; a scanner that relies on its verdict finds values again.
#include "json/document.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/stream_parser.hpp>

#include <algorithm>

namespace guardrails::json {

namespace {

constexpr std::string_view space = " \t\r\n";

/// Walks over a text that is known to be JSON.
class scanner {
public:
  scanner(std::string_view text, std::size_t at)
    : text_{text}
    , at_{at} {
    skip_space();
  }

  std::size_t at() const { return at_; }

  /// Enters an array or object; false when it is empty.
  bool enter() {
    ++at_;
    skip_space();
    return !closes();
  }

  /// Moves past the comma to the next member or element; false when there is none.
  bool next() {
    skip_space();
    if (closes())
      return false;
    ++at_;
    skip_space();
    return true;
  }

  /// Moves past a member's name and its colon.
  std::string_view skip_name() {
    const auto begin = at_;
    skip_string();
    const auto name = text_.substr(begin, at_ - begin);
    skip_space();
    ++at_;
    skip_space();
    return name;
  }

  void skip_value() {
    std::size_t depth = 0;
    do {
      const auto c = at_ < text_.size() ? text_[at_] : '\0';
      if (c == '"')
        skip_string();
      else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (depth > 0 && (c == ',' || c == ':' || space.find(c) != std::string_view::npos))
        ++at_;
      else
        skip_word();
    } while (depth > 0 && at_ < text_.size());
  }

private:
  bool closes() const { return at_ >= text_.size() || text_[at_] == '}' || text_[at_] == ']'; }

  void skip_space() { at_ = std::min(text_.find_first_not_of(space, at_), text_.size()); }

  void skip_word() { at_ = std::min(text_.find_first_of(",:]} \t\r\n", at_ + 1), text_.size()); }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\')
        ++at_;
    at_ = std::min(at_ + 1, text_.size());
  }

  std::string_view text_;
  std::size_t at_;
};

bool is_name(std::string_view quoted, std::string_view name) {
  if (quoted.find('\\') == std::string_view::npos)
    return quoted.size() == name.size() + 2 && quoted.substr(1, name.size()) == name;
  return boost::json::parse({quoted.data(), quoted.size()}).as_string() == name;
}

std::size_t find_member(std::string_view text, std::size_t object, std::string_view name) {
  scanner at{text, object};
  auto found = object;
  for (auto more = at.enter(); more; more = at.next()) {
    const auto same = is_name(at.skip_name(), name);
    if (same)
      found = at.at();
    at.skip_value();
  }
  return found;
}

std::size_t find_element(std::string_view text, std::size_t array, std::size_t index) {
  scanner at{text, array};
  auto more = at.enter();
  for (; more && index > 0; --index) {
    at.skip_value();
    more = at.next();
  }
  return at.at();
}

std::string escaped(std::string_view name) {
  std::string result;
  for (const auto c : name) {
    if (c == '~')
      result += "~0";
    else if (c == '/')
      result += "~1";
    else
      result += c;
  }
  return result;
}

} // namespace

std::variant<boost::json::value, syntax_error> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = max_depth;
  boost::json::stream_parser parser{{}, options};
  boost::json::error_code error;
  const auto read = parser.write_some(text.data(), text.size(), error);
  if (!error && text.find_first_not_of(space, read) != std::string_view::npos)
    return syntax_error{text.find_first_not_of(space, read), "text after the JSON value"};
  if (!error)
    parser.finish(error);
  if (error == boost::json::error::incomplete)
    return syntax_error{text.size(), "the text ends within the JSON value"};
  if (error)
    return syntax_error{std::min(read, text.size()), error.message()};
  return parser.release();
}

std::string to_pointer(std::span<const path_step> steps) {
  std::string pointer;
  for (const auto& step : steps) {
    const auto* name = std::get_if<std::string>(&step);
    pointer += '/' + (name != nullptr ? escaped(*name) : std::to_string(std::get<std::size_t>(step)));
  }
  return pointer;
}

byte_range find_value(std::string_view text, std::span<const path_step> steps) {
  auto begin = scanner{text, 0}.at();
  for (const auto& step : steps) {
    const auto* name = std::get_if<std::string>(&step);
    begin = name != nullptr ? find_member(text, begin, *name)
                            : find_element(text, begin, std::get<std::size_t>(step));
  }
  scanner value{text, begin};
  value.skip_value();
  return {begin, value.at()};
}

} // namespace guardrails::json
