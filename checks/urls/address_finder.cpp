// One pass from left to right; what lies ahead is looked at once and remembered.
#include "checks/urls/address_finder.hpp"

#include "checks/code_point_class.hpp"
#include "checks/urls/address_ends.hpp"
#include "checks/urls/link_target.hpp"
#include "checks/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <charconv>

namespace guardrails::checks::urls {

namespace {

constexpr std::size_t longest_scheme = 32;
constexpr std::size_t longest_host = 2'048; // bytes
constexpr std::size_t candidates_between_stops = 256;

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter(char c) {
  return is_alphanumeric(c) && c > '9';
}

bool starts_host(char c) {
  return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 || c == '[' || c == '%' || c == '_' ||
         c == '-';
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

std::optional<std::uint32_t> port_of_scheme(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws")
    return 80;
  if (scheme == "https" || scheme == "wss")
    return 443;
  return scheme == "ftp" ? std::optional<std::uint32_t>{21} : std::nullopt;
}

// `alert(1)` behind white space is code, `the language` is not.
bool begins_with_call(std::string_view text) {
  const auto word = text.substr(std::min(text.find_first_not_of(" \t\r\n\f\v"), text.size()));
  const auto end = std::ranges::find_if_not(
    word, [](char c) { return is_alphanumeric(c) || c == '_' || c == '$' || c == '.'; });
  return end != word.begin() && end != word.end() && *end == '(';
}

bool is_code(std::string_view scheme) {
  return scheme == "javascript" || scheme == "vbscript";
}

bool carries_its_content(std::string_view scheme, std::string_view rest) {
  if (rest.empty())
    return false;
  const bool code = is_code(scheme);
  if (ends_address.find(rest.front()) != std::string_view::npos)
    return code && begins_with_call(rest);
  if (code)
    return true;
  const auto letters = static_cast<std::size_t>(
    std::ranges::find_if_not(rest.substr(0, longest_scheme), is_letter) - rest.begin());
  return scheme == "data" && (rest.front() == ',' || rest.front() == ';' ||
                              (letters > 0 && rest.substr(letters).starts_with('/')));
}

// What may stand in a host, whether it is allowed there or not; punctuation of any script ends it.
bool belongs_to_host(char32_t c) {
  if (c < 0x80)
    return is_alphanumeric(static_cast<char>(c)) || c == '-' || c == '.' || c == '_' || c == '%';
  if (c == no_code_point)
    return false;
  const auto type = U_MASK(u_charType(static_cast<UChar32>(c)));
  return (type & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0 || c == 0x3002 || c == 0xFF0E ||
         c == 0xFF61 || is_invisible(c);
}

// Signs that browsers take into a name, or that their mapping (Unicode Technical Standard 46) turns into
// such.
bool may_join_names(char32_t c) {
  if (c < 0x80)
    return std::string_view{",;'*!|^&=$({~+:"}.find(static_cast<char>(c)) != std::string_view::npos;
  const bool full_width = c >= 0xFF01 && c <= 0xFF65;
  return c != no_code_point &&
         (full_width || (U_MASK(u_charType(static_cast<UChar32>(c))) & U_GC_S_MASK) != 0);
}

class finder {
public:
  enum class of : std::uint8_t {
    text,
    target, ///< of a link, as a browser sees it: an address that begins it needs no sign before it
  };

  finder(std::string_view text, std::size_t most, const stop_function& stop, of what = of::text)
    : text_{text}
    , most_{most}
    , stop_{stop}
    , what_{what}
    , ends_{text} {}

  std::vector<address> find() {
    const std::string_view signs = what_ == of::text ? ":/wW=]" : ":/wW\\";
    std::size_t candidates = 0;
    for (std::size_t at = 0; found_.size() < most_;) {
      at = text_.find_first_of(signs, at);
      if (at == std::string_view::npos || (stop_ && candidates++ % candidates_between_stops == 0 && stop_()))
        break;
      at = std::max(at + 1, look_at(at));
    }
    return std::move(found_);
  }

private:
  /// Where to go on.
  std::size_t look_at(std::size_t at) {
    switch (text_[at]) {
    case ':':
      return look_at_scheme(at);
    case '/':
    case '\\':
      return look_at_slashes(at);
    case '=':
      return look_at_target(html_target(text_, at));
    case ']':
      return look_at_target(markdown_target(text_, at));
    default:
      return look_at_www(at);
    }
  }

  std::size_t look_at_target(const link_target& target) {
    if (target.seen.empty())
      return target.resume;
    auto inside = finder{target.seen, 1, stop_, of::target}.find();
    if (inside.empty() || inside.front().where.begin != 0)
      return target.resume;
    auto& found = inside.front();
    found.where = target.where;
    if (!target.closed)
      found.where.end = std::max(found.where.end, ends_.of(first_visible(text_, target.where.begin)));
    if (found.web && found.trick.empty() && target.broken)
      found.trick = "white space";
    const auto end = found.where.end;
    found_.push_back(std::move(found));
    return std::min(end, target.where.end);
  }

  std::size_t look_at_scheme(std::size_t colon) {
    auto begin = colon;
    while (begin > 0 && colon - begin < longest_scheme &&
           (is_alphanumeric(text_[begin - 1]) ||
            std::string_view{"+.-"}.find(text_[begin - 1]) != std::string_view::npos))
      --begin;
    while (begin < colon && !is_letter(text_[begin]))
      ++begin;
    auto scheme = lower(text_.substr(begin, colon - begin));
    if (scheme.empty())
      return 0;
    if (port_of_scheme(scheme)) {
      const auto authority = std::min(text_.find_first_not_of("/\\", colon + 1), text_.size());
      const auto slashes = text_.substr(colon + 1, authority - colon - 1);
      if (authority == text_.size() || (slashes.empty() && !is_alphanumeric(text_[authority])))
        return 0;
      return add(begin, authority, std::move(scheme), slashes != "//" && !slashes.empty() ? "slashes" : "");
    }
    if (text_.substr(colon).starts_with("://"))
      return add(begin, colon + 3, std::move(scheme), {});
    const auto is_target = what_ == of::target && begin == 0;
    if ((is_target && is_code(scheme)) ||
        carries_its_content(scheme, text_.substr(colon + 1, 2 * longest_scheme)))
      found_.push_back({{begin, std::max(ends_.of(begin), colon + 1)}, std::move(scheme), {}, {}, false, {}});
    return 0;
  }

  std::size_t look_at_slashes(std::size_t at) {
    if (what_ == of::target && at == 0) {
      const auto authority = std::min(text_.find_first_not_of("/\\"), text_.size());
      if (authority < 2)
        return 0;
      return add(0, authority, {}, text_.substr(0, authority) == "//" ? "" : "slashes");
    }
    const auto quoted = at > 0 && std::string_view{"(\"'=<"}.find(text_[at - 1]) != std::string_view::npos;
    if (!quoted || !text_.substr(at).starts_with("//"))
      return 0;
    return add(at, at + 2, {}, {});
  }

  std::size_t look_at_www(std::size_t at) {
    if (lower(text_.substr(at, 4)) != "www." ||
        (at > 0 && (starts_host(text_[at - 1]) ||
                    std::string_view{"./@"}.find(text_[at - 1]) != std::string_view::npos)))
      return 0;
    return at + 4 < text_.size() && starts_host(text_[at + 4]) ? add(at, at, "http", {}) : 0;
  }

  /// Takes the authority apart that begins at `authority`; returns its end.
  std::size_t add(std::size_t begin, std::size_t authority, std::string scheme, std::string_view trick) {
    look_ahead(authority);
    address found;
    found.web = scheme.empty() || port_of_scheme(scheme).has_value();
    found.port = port_of_scheme(scheme);
    found.trick = trick;
    auto host = authority;
    if (last_at_ != std::string_view::npos && last_at_ >= authority) {
      host = last_at_ + 1;
      if (found.web)
        found.trick = "user information";
    }
    const auto end = end_of_host(host);
    found.host = text_.substr(host, end - host);
    if (found.host.empty() && found.web && !goes_on_as_a_name(end))
      return 0;
    if (found.web && end < text_.size() && text_[end] == '\\')
      found.trick = "backslash";
    const auto after = read_port(end, found);
    const bool port_goes_on = after > end && text_.substr(after, 1) == "." && after + 1 < text_.size() &&
                              is_alphanumeric(text_[after + 1]);
    if (found.web && found.trick.empty() && (port_goes_on || (after == end && goes_on_as_a_name(end))))
      found.trick = "invalid host";
    found.scheme = std::move(scheme);
    auto least = after;
    while (least > host && text_[least - 1] == '.')
      --least;
    found.where = {begin, std::max(ends_.of(begin), least)};
    found_.push_back(std::move(found));
    return after;
  }

  /// Finds the end of the authority at its longest, and the last `@` in it.
  void look_ahead(std::size_t authority) {
    if (authority < authority_end_)
      return;
    authority_end_ = std::min(text_.find_first_of("/?#\\ \t\r\n\f\v<>\"`", authority), text_.size());
    const auto at = text_.substr(authority, authority_end_ - authority).rfind('@');
    last_at_ = at == std::string_view::npos ? at : authority + at;
  }

  std::size_t end_of_host(std::size_t begin) const {
    if (begin < text_.size() && text_[begin] == '[') {
      const auto end = text_.substr(begin, 64).find(']');
      return end == std::string_view::npos ? begin + 1 : begin + end + 1;
    }
    auto end = begin;
    while (end < text_.size() && end - begin < longest_host) {
      const auto c = decode_at(text_, end);
      if (!belongs_to_host(c.value))
        break;
      end += c.length;
    }
    while (end > begin && text_[end - 1] == '_') // emphasis
      --end;
    return end;
  }

  // Browsers differ on what follows a host without a slash: as a part of the name or as nonsense.
  bool goes_on_as_a_name(std::size_t end) const {
    const auto rest = text_.substr(end, std::min(authority_end_, end + longest_host) - end);
    const auto dot = rest.find('.');
    return rest.size() > 1 && may_join_names(decode_at(rest, 0).value) && dot != std::string_view::npos &&
           dot + 1 < rest.size() && is_alphanumeric(rest[dot + 1]);
  }

  std::size_t read_port(std::size_t colon, address& found) const {
    if (colon >= text_.size() || text_[colon] != ':')
      return colon;
    const auto end = std::min(text_.find_first_not_of("0123456789", colon + 1), text_.size());
    const auto digits = text_.substr(colon + 1, end - colon - 1);
    if (digits.empty())
      return colon;
    std::uint32_t port = 0;
    const auto error = std::from_chars(digits.data(), digits.data() + digits.size(), port).ec;
    if (error != std::errc{} || port > 65'535)
      found.trick = "port out of range";
    found.port = port;
    return end;
  }

  std::string_view text_;
  std::size_t most_;
  const stop_function& stop_;
  of what_;
  address_ends ends_;
  std::size_t authority_end_ = 0;
  std::size_t last_at_ = std::string_view::npos;
  std::vector<address> found_;
};

bool in_bare_name(char c) {
  return is_alphanumeric(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool in_bare_name(std::string_view next) {
  return !next.empty() && next.front() != '.' && in_bare_name(next.front());
}

// `.` and what browsers take for one: the full stops of East Asian scripts.
std::size_t dot_length(std::string_view text, std::size_t at) {
  if (text[at] == '.')
    return 1;
  const auto c = decode_at(text, at);
  return c.value == 0x3002 || c.value == 0xFF0E || c.value == 0xFF61 ? c.length : 0;
}

bool has_dot(std::string_view name) {
  for (std::size_t at = 0; at < name.size(); at += decode_at(name, at).length)
    if (dot_length(name, at) > 0)
      return true;
  return false;
}

// Hyphens and underscores are of lists and emphasis.
bool is_edge(char c) {
  return c == '-' || c == '_';
}

match_range without_edges(std::string_view text, match_range part) {
  while (part.begin < part.end) {
    const auto length = is_edge(text[part.begin]) ? 1 : dot_length(text, part.begin);
    if (length == 0)
      break;
    part.begin += length;
  }
  while (part.begin < part.end) {
    const auto last = decode_before(text, part.end).length;
    if (!is_edge(text[part.end - 1]) && dot_length(text, part.end - last) == 0)
      break;
    part.end -= last;
  }
  return part;
}

bare_name with_port(std::string_view text, match_range name) {
  constexpr std::size_t most_digits = 5;
  bare_name found{name, name, std::nullopt};
  const auto digits = text.substr(name.end, 2 + most_digits);
  if (digits.size() < 2 || digits.front() != ':')
    return found;
  std::uint32_t port = 0;
  const auto end = std::from_chars(digits.data() + 1, digits.data() + digits.size(), port).ptr;
  const auto length = static_cast<std::size_t>(end - digits.data());
  if (length < 2 || length > 1 + most_digits || port > 65'535 ||
      in_bare_name(text.substr(name.end + length, 1)))
    return found;
  found.port = port;
  found.where.end = name.end + length;
  return found;
}

void add_name(std::string_view text, match_range part, std::vector<bare_name>& names) {
  const auto name = without_edges(text, part);
  if (has_dot(text.substr(name.begin, name.end - name.begin)))
    names.push_back(with_port(text, name));
}

/// The parts of a token between characters that `belongs` does not take, where it does not take all.
template <class Belongs>
void add_parts(std::string_view text, match_range token, std::vector<bare_name>& names, Belongs&& belongs) {
  for (auto begin = token.begin; begin < token.end;) {
    auto end = begin;
    for (std::size_t length = 0; end < token.end && (length = belongs(end)) > 0;)
      end += length;
    if (end - begin < token.end - token.begin)
      add_name(text, {begin, end}, names);
    begin = end == begin ? begin + decode_at(text, begin).length : end;
  }
}

/// The name itself and, where it stands among letters of other scripts, its parts in ASCII; once with the
/// full stops of these scripts as dots, and once with them as the ends of sentences.
void add_names(std::string_view text, match_range token, std::vector<bare_name>& names) {
  add_name(text, token, names);
  const auto ascii = [&](std::size_t at) -> std::size_t {
    return static_cast<unsigned char>(text[at]) < 0x80 ? 1 : 0;
  };
  bool other_dots = false;
  const auto ascii_or_dot = [&](std::size_t at) {
    const auto length = dot_length(text, at);
    other_dots |= length > 1;
    return std::max(ascii(at), length);
  };
  add_parts(text, token, names, ascii_or_dot);
  if (other_dots)
    add_parts(text, token, names, ascii);
}

} // namespace

std::vector<address> find_addresses(std::string_view text, std::size_t most, const stop_function& stop) {
  return finder{text, most, stop}.find();
}

std::vector<bare_name> find_bare_names(std::string_view text, const std::vector<address>& addresses) {
  std::vector<bare_name> names;
  auto next = addresses.begin();
  for (std::size_t at = 0; at < text.size();) {
    if (!in_bare_name(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    while (at < text.size() && in_bare_name(text[at]))
      ++at;
    while (next != addresses.end() && next->where.end <= begin)
      ++next;
    const auto within = next != addresses.end() && next->where.begin < at;
    if (!within && !(begin > 0 && text[begin - 1] == '@') && !(at < text.size() && text[at] == '@'))
      add_names(text, {begin, at}, names);
  }
  return names;
}

} // namespace guardrails::checks::urls
