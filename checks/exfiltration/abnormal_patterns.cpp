// One pass over lines, one over brackets, one over runs.
#include "checks/exfiltration/abnormal_patterns.hpp"

#include "checks/secrets/ascii.hpp"
#include "checks/secrets/entropy.hpp"

#include <algorithm>

namespace guardrails::checks::exfiltration {

namespace {

constexpr std::size_t least_separators = 2;
constexpr std::size_t steps_between_stops = 4'096;

/// Asks now and then.
class patience {
public:
  explicit patience(const stop_function& stop)
    : stop_{stop} {}

  bool ended() { return stop_ && ++steps_ % steps_between_stops == 0 && stop_(); }

private:
  const stop_function& stop_;
  std::size_t steps_ = 0;
};

std::size_t separators_in(std::string_view line, char separator) {
  return static_cast<std::size_t>(std::ranges::count(line, separator));
}

// Rows of the same number of separators, which in prose vary from line to line.
std::optional<match_range> find_rows(std::string_view text, std::string_view separators, patience& wait) {
  for (const auto separator : separators) {
    match_range rows;
    std::size_t count = 0;
    std::size_t width = 0;
    for (std::size_t begin = 0; begin < text.size() && !wait.ended();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      const auto here = separators_in(text.substr(begin, end - begin), separator);
      if (here >= least_separators && here == width) {
        ++count;
        rows.end = end;
      } else if (count >= least_rows) {
        return rows;
      } else {
        width = here;
        count = here >= least_separators ? 1 : 0;
        rows = {begin, end};
      }
      begin = end + 1;
    }
    if (count >= least_rows)
      return rows;
  }
  return std::nullopt;
}

// Brackets that close again, or that the end of the text cuts off, around many members.
std::optional<match_range> find_json(std::string_view text, patience& wait) {
  std::size_t begin = 0;
  std::size_t depth = 0;
  std::size_t members = 0;
  for (std::size_t i = 0; i < text.size() && !wait.ended(); ++i) {
    const auto c = text[i];
    if (c == '{' || c == '[') {
      if (depth++ == 0) {
        begin = i;
        members = 0;
      }
    } else if ((c == '}' || c == ']') && depth > 0) {
      if (--depth == 0 && members >= least_members)
        return match_range{begin, i + 1};
    } else if (c == ':' && depth > 0 && text[i - 1] == '"') {
      ++members;
    }
  }
  return depth > 0 && members >= least_members ? std::optional{match_range{begin, text.size()}}
                                               : std::nullopt;
}

bool is_base64(char c) noexcept {
  return secrets::is_base64url(c) || c == '+' || c == '/' || c == '=';
}

bool is_printing(char c) noexcept {
  return c > ' ' && c < 0x7F;
}

bool is_line_break(char c) noexcept {
  return c == '\n' || c == '\r';
}

// Lines of Base64 belong together when each is as long as mail allows, or nearly.
std::size_t end_of_block(std::string_view text, std::size_t begin) {
  constexpr std::size_t least_line = 60;
  auto end = begin;
  for (auto line = begin; line < text.size();) {
    auto stop = line;
    while (stop < text.size() && is_base64(text[stop]))
      ++stop;
    if (stop == line)
      break;
    end = stop;
    auto next = stop;
    while (next < text.size() && next - stop < 2 && is_line_break(text[next]))
      ++next;
    if (next == stop || stop - line < least_line)
      break;
    line = next;
  }
  return end;
}

std::optional<match_range> find_base64(std::string_view text, patience& wait) {
  for (std::size_t begin = 0; begin < text.size() && !wait.ended(); ++begin) {
    if (!is_base64(text[begin]))
      continue;
    const auto end = end_of_block(text, begin);
    if (end - begin >= least_block &&
        secrets::entropy(text.substr(begin, end - begin)) >= least_block_entropy)
      return match_range{begin, end};
    begin = end;
  }
  return std::nullopt;
}

std::optional<match_range> find_random_run(std::string_view text, patience& wait) {
  for (std::size_t begin = 0; begin < text.size() && !wait.ended(); ++begin) {
    auto end = begin;
    while (end < text.size() && is_printing(text[end]))
      ++end;
    const auto run = text.substr(begin, end - begin);
    if (run.size() >= least_run && run.find("://") == std::string_view::npos &&
        secrets::entropy(run) >= least_run_entropy)
      return match_range{begin, end};
    begin = end;
  }
  return std::nullopt;
}

} // namespace

std::vector<abnormal_pattern> find_abnormal_patterns(std::string_view text, const stop_function& stop) {
  patience wait{stop};
  std::vector<abnormal_pattern> found;
  const auto add = [&](std::string_view name, std::optional<match_range> where) {
    if (where)
      found.push_back({name, where});
  };
  if (text.size() > very_long)
    found.push_back({"very_long", std::nullopt});
  add("csv", find_rows(text, ",;\t", wait));
  add("table", find_rows(text, "|", wait));
  add("json", find_json(text, wait));
  const auto block = find_base64(text, wait);
  add("base64", block);
  if (const auto run = find_random_run(text, wait);
      run && (!block || run->end <= block->begin || block->end <= run->begin))
    add("high_entropy", run);
  return found;
}

} // namespace guardrails::checks::exfiltration
