// Dates in digits and with named months, and points in time. Other dates in words need a tagger.
#include "checks/recognisers/checksums.hpp"
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace guardrails::checks {

namespace {

constexpr double point_in_time = 0.8;
constexpr double whole_date = 0.6;
constexpr double month_and_year = 0.2;
constexpr double month_and_short_year = 0.1;

constexpr std::string_view separators = "-/.";

/// What one part of a date may be.
struct date_part {
  bool day = false;
  bool month = false;
  bool month_name = false;
  bool year = false;
  bool short_year = false;
};

bool is_month_name(std::string_view part) {
  constexpr auto names = std::to_array<std::string_view>(
    {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"});
  std::string folded;
  for (const auto c : part)
    folded.push_back(static_cast<char>(fold_case(static_cast<unsigned char>(c))));
  return std::ranges::find(names, folded) != names.end();
}

date_part read_part(std::string_view part) {
  if (!std::ranges::all_of(part, is_digit))
    return {.month_name = is_month_name(part)};
  const auto value = number(part);
  const bool of_two = part.size() <= 2;
  return {.day = of_two && value >= 1 && value <= 31,
          .month = of_two && value >= 1 && value <= 12,
          .year = part.size() == 4,
          .short_year = part.size() == 2};
}

double score_of_two(const date_part& a, const date_part& b, char mark) {
  if (mark == '-' && ((a.day && b.month_name) || (a.month_name && (b.year || b.short_year))))
    return whole_date;
  if (mark == '/' && a.month && b.year)
    return month_and_year;
  return mark == '/' && a.month && b.short_year ? month_and_short_year : 0;
}

// Day, month and year as they are customary: 2021-05-20 and 2021/5/20 (ISO 8601 and East Asia), 20.5.2021,
// 20/5/2021 and 5/20/2021, 20-5-2021, 20-May-2021. Hyphens need a whole year: 5-20-21 is more often a part
// number.
double score_of_three(const date_part& a, const date_part& b, const date_part& c, char mark) {
  const bool year_first = a.year && b.month && c.day && mark != '.';
  const bool day_first = a.day && b.month;
  const bool month_first = a.month && b.day && mark != '.';
  const bool numeric = (day_first || month_first) && (c.year || (c.short_year && mark != '-'));
  const bool named = mark == '-' && a.day && b.month_name && (c.year || c.short_year);
  return year_first || numeric || named ? whole_date : 0;
}

double date_score(std::string_view written) {
  const auto first = written.find_first_of(separators);
  const auto mark = written[first];
  const auto second = written.find(mark, first + 1);
  const auto a = read_part(written.substr(0, first));
  if (second == std::string_view::npos)
    return score_of_two(a, read_part(written.substr(first + 1)), mark);
  return score_of_three(a, read_part(written.substr(first + 1, second - first - 1)),
                        read_part(written.substr(second + 1)), mark);
}

// `1/2/2021/7` and `10.1.2.3` go on: paths, versions and addresses.
bool goes_on(std::string_view text, match_range where) {
  const auto is_more = [&](std::size_t mark, std::size_t next) {
    return separators.find(text[mark]) != std::string_view::npos && is_digit(text[next]);
  };
  return (where.begin >= 2 && is_more(where.begin - 1, where.begin - 2)) ||
         (where.end + 1 < text.size() && is_more(where.end, where.end + 1));
}

verdict verify_date(std::string_view text, match_range candidate) {
  if (goes_on(text, candidate) || sticks_to_digits(decode_before(text, candidate.begin).value) ||
      sticks_to_digits(decode_at(text, candidate.end).value))
    return {std::nullopt, candidate.end};
  const auto score = date_score(text.substr(candidate.begin, candidate.end - candidate.begin));
  if (score == 0)
    return {std::nullopt, candidate.end};
  return {recognised{candidate, score, {}}, candidate.end};
}

// `January 5, 2020` and `5 January 2020`: the numbers are a day and a year, in either order.
verdict verify_named_month(std::string_view text, match_range candidate) {
  const auto written = text.substr(candidate.begin, candidate.end - candidate.begin);
  const verdict none{std::nullopt, candidate.end};
  if (goes_on(text, candidate) || sticks_to_digits(decode_before(text, candidate.begin).value) ||
      sticks_to_digits(decode_at(text, candidate.end).value))
    return none;
  const auto day_begin = static_cast<std::size_t>(std::ranges::find_if(written, is_digit) - written.begin());
  const auto day_end = std::min(written.find_first_not_of("0123456789", day_begin), written.size());
  const auto day = number(written.substr(day_begin, day_end - day_begin));
  return day >= 1 && day <= 31 ? verdict{recognised{candidate, whole_date, {}}, candidate.end} : none;
}

// `2020年1月5日`
verdict verify_east_asian(std::string_view text, match_range candidate) {
  std::array<int, 3> parts{};
  auto at = candidate.begin;
  for (auto& part : parts) {
    at = text.find_first_of("0123456789", at);
    const auto end = std::min(text.find_first_not_of("0123456789", at), text.size());
    part = number(text.substr(at, end - at));
    at = end;
  }
  const verdict none{std::nullopt, candidate.end};
  const bool longer = sticks_to_digits(decode_before(text, candidate.begin).value);
  return !longer && is_date(parts[0], parts[1], parts[2])
           ? verdict{recognised{candidate, whole_date, {}}, candidate.end}
           : none;
}

// The months of the languages whose countries have recognisers, and their neighbours, with the inflections
// that dates have.
constexpr std::string_view month_names =
  "jan(?:\\.|uary|uar|vier)?|feb(?:\\.|ruary|ruar)?|f[ée]vr(?:\\.|ier)|mar(?:\\.|ch|s)?|märz|apr(?:\\.|il)?|"
  "avril|may|mai|"
  "june?|juni|juin|july?|juli|juillet|aug(?:\\.|ust|usti|ustus)?|ao[uû]t|sept?(?:\\.|ember|embre)?|"
  "o[ck]t(?:\\.|ober|obre)?|nov(?:\\.|ember|embre)?|dec(?:\\.|ember)?|de[zs](?:\\.|ember)|d[ée]cembre|"
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|"
  "gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|"
  "januari|februari|maart|mei|augustus|maj|"
  "janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|"
  "stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|"
  "(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuuta|"
  "ocak|şubat|mart|nisan|mayıs|haziran|temmuz|ağustos|eylül|ekim|kasım|aralık";

// Blanks that may stand between the parts of a date, one at least.
constexpr std::string_view gap = "[ \\x{A0}]{1,2}";

std::string day_before_month() {
  std::string expression{R"((?i)\b[0-9]{1,2}(?:st|nd|rd|th|er|\.|º|°)?,?)"};
  expression.append(gap).append("(?:(?:of|de|den)").append(gap).append(")?(?:").append(month_names);
  return expression.append("),?")
    .append(gap)
    .append("(?:(?:de|del)")
    .append(gap)
    .append(R"()?[12][0-9]{3}\b)");
}

std::string month_before_day() {
  std::string expression{"(?i)(?:"};
  expression.append(month_names).append(")").append(gap);
  expression.append("[0-9]{1,2}(?:st|nd|rd|th)?(?:,|,?").append(gap);
  return expression.append(R"()[12][0-9]{3}\b)");
}

bool is_clock(std::string_view two, int least_too_many) {
  return number(two) < least_too_many;
}

// The candidate is `2021-05-20T13:45`; behind it stand seconds, their fraction, and the zone, which has to be
// there (ISO 8601, 5.4.2.1; RFC 3339, 5.6).
verdict verify_point_in_time(std::string_view text, match_range candidate) {
  const auto written = text.substr(candidate.begin, candidate.end - candidate.begin);
  const verdict none{std::nullopt, candidate.end};
  if (sticks_to_digits(decode_before(text, candidate.begin).value) ||
      !is_date(number(written.substr(0, 4)), number(written.substr(5, 2)), number(written.substr(8, 2))) ||
      !is_clock(written.substr(11, 2), 24) || !is_clock(written.substr(14, 2), 60))
    return none;
  const auto digits_at = [&](std::size_t pos, std::size_t most) {
    std::size_t count = 0;
    while (count < most && pos + count < text.size() && is_digit(text[pos + count]))
      ++count;
    return count;
  };
  const auto has = [&](std::size_t pos, std::string_view any_of) {
    return pos < text.size() && any_of.find(text[pos]) != std::string_view::npos;
  };
  auto end = candidate.end;
  if (has(end, ":") && digits_at(end + 1, 2) == 2) {
    end += 3;
    constexpr std::size_t most_of_fraction = 9;
    if (has(end, ".,"))
      end += 1 + digits_at(end + 1, most_of_fraction);
  }
  if (has(end, "Z"))
    end += 1;
  else if (has(end, "+-") && digits_at(end + 1, 2) == 2 && has(end + 3, ":") && digits_at(end + 4, 2) == 2)
    end += 6;
  else
    return none;
  if (sticks_to_digits(decode_at(text, end).value))
    return none;
  return {recognised{{candidate.begin, end}, point_in_time, {}}, end};
}

} // namespace

recogniser date_time_recogniser() {
  constexpr auto date =
    R"(\b[0-9]{1,4}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,4}|-[A-Za-z]{3}(?:-[0-9]{2,4})?|/[0-9]{2,4})\b)";
  return {
    .label = "DateTime",
    .entity = "DATE_TIME",
    .forms = {{"date", date, verify_date},
              {"month_and_year", R"(\b[A-Za-z]{3}-[0-9]{2,4}\b)", verify_date},
              {"day_month_year", day_before_month(), verify_named_month},
              {"month_day_year", month_before_day(), verify_named_month},
              {"east_asian", R"([12][0-9]{3} ?[年년] ?[0-9]{1,2} ?[月월] ?[0-9]{1,2} ?[日일])",
               verify_east_asian},
              {"point_in_time", R"(\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})", verify_point_in_time}},
    .context = {"date", "birthday", "born", "dob", "birth"},
    .sensitive = sensitivity::never};
}

} // namespace guardrails::checks
