// One pass from left to right; what lies ahead is looked at once and remembered.
#include "checks/urls/address_finder.hpp"

#include "checks/code_point_class.hpp"
#include "checks/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <charconv>

namespace guardrails::checks::urls {

namespace {

constexpr std::size_t longest_scheme = 32;
constexpr std::size_t longest_span = 2'048; // bytes; of longer addresses the beginning is reported
constexpr std::size_t candidates_between_stops = 256;
constexpr std::string_view ends_address = " \t\r\n\f\v<>\"`";

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

bool carries_its_content(std::string_view scheme, std::string_view rest) {
  if (rest.empty() || ends_address.find(rest.front()) != std::string_view::npos)
    return false;
  if (scheme == "javascript" || scheme == "vbscript")
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

class finder {
public:
  finder(std::string_view text, std::size_t most, const stop_function& stop)
    : text_{text}
    , most_{most}
    , stop_{stop} {}

  std::vector<address> find() {
    std::size_t candidates = 0;
    for (std::size_t at = 0; found_.size() < most_;) {
      at = text_.find_first_of(":/wW", at);
      if (at == std::string_view::npos || (stop_ && candidates++ % candidates_between_stops == 0 && stop_()))
        break;
      at = std::max(at + 1, look_at(at));
    }
    return std::move(found_);
  }

private:
  /// Where to go on.
  std::size_t look_at(std::size_t at) {
    if (text_[at] == ':')
      return look_at_scheme(at);
    if (text_[at] == '/')
      return look_at_slashes(at);
    return look_at_www(at);
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
    if (carries_its_content(scheme, text_.substr(colon + 1, 2 * longest_scheme)))
      found_.push_back({{begin, end_of(begin)}, std::move(scheme), {}, {}, false, {}});
    return 0;
  }

  std::size_t look_at_slashes(std::size_t at) {
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
    found.where = {begin, std::max(end_of(begin), least)};
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
    while (end < text_.size() && end - begin < longest_span) {
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
    const auto rest = text_.substr(end, std::min(authority_end_, end + longest_span) - end);
    const auto dot = rest.find('.');
    return rest.size() > 1 &&
           std::string_view{",;'*!|^&=$({~+:"}.find(rest.front()) != std::string_view::npos &&
           dot != std::string_view::npos && dot + 1 < rest.size() && is_alphanumeric(rest[dot + 1]);
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

  /// The end of the address that begins at `begin`: what follows as punctuation is not part of it, nor a
  /// bracket that it did not open.
  std::size_t end_of(std::size_t begin) const {
    std::size_t open = 0;
    auto end = begin;
    for (const auto limit = std::min(text_.size(), begin + longest_span); end < limit; ++end) {
      const auto c = text_[end];
      if (ends_address.find(c) != std::string_view::npos || ((c == ')' || c == ']') && open == 0))
        break;
      if (c == '(' || c == '[')
        ++open;
      else if (c == ')' || c == ']')
        --open;
    }
    while (end > begin && end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80)
      --end;
    while (end > begin && std::string_view{".,;:!?'*_~"}.find(text_[end - 1]) != std::string_view::npos)
      --end;
    return end;
  }

  std::string_view text_;
  std::size_t most_;
  const stop_function& stop_;
  std::size_t authority_end_ = 0;
  std::size_t last_at_ = std::string_view::npos;
  std::vector<address> found_;
};

bool in_bare_name(char c) {
  return is_alphanumeric(c) || c == '.' || c == '-' || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The name itself and, where it stands among letters of other scripts, its parts in ASCII.
void add_names(std::string_view text, match_range token, std::vector<match_range>& names) {
  const auto add = [&](std::size_t begin, std::size_t end) {
    while (begin < end && (text[begin] == '.' || text[begin] == '-'))
      ++begin;
    while (begin < end && (text[end - 1] == '.' || text[end - 1] == '-'))
      --end;
    if (text.substr(begin, end - begin).find('.') != std::string_view::npos)
      names.push_back({begin, end});
  };
  const auto is_ascii = [&](std::size_t at) { return static_cast<unsigned char>(text[at]) < 0x80; };
  add(token.begin, token.end);
  for (auto begin = token.begin; begin < token.end;) {
    auto end = begin;
    while (end < token.end && is_ascii(end))
      ++end;
    if (end - begin < token.end - token.begin)
      add(begin, end);
    begin = std::max(end, begin + 1);
  }
}

} // namespace

std::vector<address> find_addresses(std::string_view text, std::size_t most, const stop_function& stop) {
  return finder{text, most, stop}.find();
}

std::vector<match_range> find_bare_names(std::string_view text, const std::vector<address>& addresses) {
  std::vector<match_range> names;
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
