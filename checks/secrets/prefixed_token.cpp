// Tokens that start with a literal of their vendor's: one expression finds all prefixes, the table's row
// confirms the rest.
#include "checks/secrets/boundary.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/secret_form.hpp"
#include "checks/secrets/token_tables.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>

namespace guardrails::checks::secrets {

namespace {

// No row is wider.
constexpr std::size_t longest_token = 1'100;

// Bytes before a doubtful token in which somebody may speak of keys.
constexpr std::size_t spoken_before = 64;

struct compiled_format {
  token_format format;
  token_alphabet own;
  std::unique_ptr<const RE2> rest;
};

bool by_start(std::string_view left, std::string_view right) noexcept {
  return left.substr(0, 2) < right.substr(0, 2);
}

bool speaks_of_keys(std::string_view text, std::size_t begin) {
  const auto from = begin - std::min(begin, spoken_before);
  const auto before = text.substr(from, begin - from);
  constexpr auto words = std::to_array<std::string_view>({"key", "token", "secret", "cred", "auth", "api"});
  return std::ranges::any_of(words, [&](auto word) { return contains_folded(before, word); });
}

// What the classes of a row's expression hold; a hyphen stands at the end of its class.
token_alphabet alphabet_of(std::string_view expression) {
  token_alphabet own;
  for (auto open = expression.find('['); open != std::string_view::npos;
       open = expression.find('[', open + 1)) {
    const auto set = expression.substr(open, expression.find(']', open) - open);
    own.underscore = own.underscore || set.find('_') != std::string_view::npos;
    own.hyphen = own.hyphen || set.ends_with('-');
  }
  return own;
}

class token_table {
public:
  token_table() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_longest_match(true);
    for (const auto& format : all_token_formats())
      formats_.push_back(
        {format, alphabet_of(format.rest), std::make_unique<const RE2>(std::string{format.rest}, options)});
    std::ranges::stable_sort(formats_, by_start, [](const auto& f) { return f.format.prefix; });
  }

  std::string prefixes() const {
    std::string expression;
    for (const auto& f : formats_)
      expression.append(expression.empty() ? "(?:" : "|")
        .append(RE2::QuoteMeta({f.format.prefix.data(), f.format.prefix.size()}));
    return expression + ')';
  }

  std::optional<secret> match(std::string_view text, std::size_t begin) const {
    std::optional<secret> best;
    const auto here = text.substr(begin, longest_token);
    const auto rows =
      std::ranges::equal_range(formats_, here, by_start, [](const auto& f) { return f.format.prefix; });
    for (const auto& row : rows) {
      const auto found = here.starts_with(row.format.prefix) ? match_row(text, begin, row) : std::nullopt;
      if (found && (!best || found->where.end > best->where.end))
        best = found;
    }
    return best;
  }

private:
  static std::optional<secret> match_row(std::string_view text, std::size_t begin,
                                         const compiled_format& row) {
    const auto& format = row.format;
    if (!starts_token(text, begin, row.own))
      return std::nullopt;
    const auto tail = text.substr(begin + format.prefix.size(), longest_token);
    re2::StringPiece rest;
    if (!row.rest->Match({tail.data(), tail.size()}, 0, tail.size(), RE2::ANCHOR_START, &rest, 1))
      return std::nullopt;
    const std::string_view value{rest.data(), rest.size()};
    const auto end = begin + format.prefix.size() + value.size();
    if (!ends_token(text, end, row.own) || value.ends_with("EXAMPLE"))
      return std::nullopt;
    if (format.least_entropy > 0 && (is_filler(value) || entropy(value) < format.least_entropy))
      return std::nullopt;
    const auto score = format.score < certain && speaks_of_keys(text, begin) ? certain : format.score;
    return secret{{begin, end}, format.entity, format.prefix, score};
  }

  std::vector<compiled_format> formats_;
};

} // namespace

secret_form prefixed_token_form() {
  const auto table = std::make_shared<const token_table>();
  return {"prefixed_token", table->prefixes(), [table](std::string_view text, match_range candidate) {
            const auto found = table->match(text, candidate.begin);
            return secret_verdict{found, found ? found->where.end : candidate.begin + 1};
          }};
}

} // namespace guardrails::checks::secrets
