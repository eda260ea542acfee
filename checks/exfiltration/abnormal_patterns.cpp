// A pass over lines for each separator, one over brackets, two over runs.
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

/// The places of one kind, from the first on.
class place_list {
public:
  explicit place_list(std::string_view text)
    : text_size_{text.size()} {}

  void add(match_range where) {
    if (is_full())
      return;
    places_.push_back(where);
    if (is_full())
      places_.back().end = text_size_;
  }

  /// Whether the last place stands for the rest of the text.
  bool is_full() const noexcept { return places_.size() > most_places; }

  std::vector<match_range> take() && { return std::move(places_); }

private:
  std::size_t text_size_;
  std::vector<match_range> places_;
};

// Rows of the same number of separators, which in prose vary from line to line.
std::vector<match_range> find_rows(std::string_view text, char separator, patience& wait) {
  place_list found{text};
  match_range rows;
  std::size_t count = 0;
  std::size_t width = 0;
  for (std::size_t begin = 0; begin < text.size() && !found.is_full() && !wait.ended();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto here = separators_in(text.substr(begin, end - begin), separator);
    if (here >= least_separators && here == width) {
      ++count;
      rows.end = end;
    } else {
      if (count >= least_rows)
        found.add(rows);
      width = here;
      count = here >= least_separators ? 1 : 0;
      rows = {begin, end};
    }
    begin = end + 1;
  }
  if (count >= least_rows)
    found.add(rows);
  return std::move(found).take();
}

std::vector<match_range> find_dumps(std::string_view text, patience& wait) {
  std::vector<match_range> all;
  for (const auto separator : {',', ';', '\t'}) {
    const auto rows = find_rows(text, separator, wait);
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return all;
}

// Brackets that close again, or that the end of the text cuts off, around many members.
std::vector<match_range> find_json(std::string_view text, patience& wait) {
  place_list found{text};
  std::size_t begin = 0;
  std::size_t depth = 0;
  std::size_t members = 0;
  for (std::size_t i = 0; i < text.size() && !found.is_full() && !wait.ended(); ++i) {
    const auto c = text[i];
    if (c == '{' || c == '[') {
      if (depth++ == 0) {
        begin = i;
        members = 0;
      }
    } else if ((c == '}' || c == ']') && depth > 0) {
      if (--depth == 0 && members >= least_members)
        found.add({begin, i + 1});
    } else if (c == ':' && depth > 0 && text[i - 1] == '"') {
      ++members;
    }
  }
  if (depth > 0 && members >= least_members)
    found.add({begin, text.size()});
  return std::move(found).take();
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

std::vector<match_range> find_base64(std::string_view text, patience& wait) {
  place_list found{text};
  for (std::size_t begin = 0; begin < text.size() && !found.is_full() && !wait.ended(); ++begin) {
    if (!is_base64(text[begin]))
      continue;
    const auto end = end_of_block(text, begin);
    if (end - begin >= least_block &&
        secrets::entropy(text.substr(begin, end - begin)) >= least_block_entropy)
      found.add({begin, end});
    begin = end;
  }
  return std::move(found).take();
}

// Runs within `part`.
void add_random_runs(std::string_view text, match_range part, patience& wait, place_list& found) {
  for (auto begin = part.begin; begin < part.end && !found.is_full() && !wait.ended(); ++begin) {
    auto end = begin;
    while (end < part.end && is_printing(text[end]))
      ++end;
    const auto run = text.substr(begin, end - begin);
    if (run.size() >= least_run && run.find("://") == std::string_view::npos &&
        secrets::entropy(run) >= least_run_entropy)
      found.add({begin, end});
    begin = end;
  }
}

// Between the blocks of Base64, which are random too.
std::vector<match_range> find_random_runs(std::string_view text, const std::vector<match_range>& blocks,
                                          patience& wait) {
  place_list found{text};
  std::size_t begin = 0;
  for (const auto& block : blocks) {
    add_random_runs(text, {begin, block.begin}, wait, found);
    begin = block.end;
  }
  add_random_runs(text, {begin, text.size()}, wait, found);
  return std::move(found).take();
}

} // namespace

std::vector<abnormal_pattern> find_abnormal_patterns(std::string_view text, const stop_function& stop) {
  patience wait{stop};
  std::vector<abnormal_pattern> found;
  const auto add = [&](std::string_view name, std::vector<match_range> places) {
    if (!places.empty())
      found.push_back({name, std::move(places)});
  };
  if (text.size() > very_long)
    found.push_back({"very_long", {}});
  add("csv", find_dumps(text, wait));
  add("table", find_rows(text, '|', wait));
  add("json", find_json(text, wait));
  auto blocks = find_base64(text, wait);
  auto runs = find_random_runs(text, blocks, wait);
  add("base64", std::move(blocks));
  add("high_entropy", std::move(runs));
  return found;
}

} // namespace guardrails::checks::exfiltration
