// The language check: what a text is written in, as far as it is long enough to tell.
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/errors.hpp>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

namespace guardrails::checks {

namespace {

// The detector weighs a text as a whole and looks less closely at repetition, so that much of one language
// would hide some of another. Pieces are judged one by one.
constexpr std::size_t piece_bytes = 2'048;

/// A language without script and region: `zh-Hant` is `zh`. Norwegian's written forms are one.
std::string base_code(std::string_view code) {
  const auto base = code.substr(0, code.find('-'));
  if (base == "iw")
    return "he";
  if (base == "jw")
    return "jv";
  if (base == "tl")
    return "fil";
  return std::string{base == "nb" || base == "nn" ? "no" : base};
}

/// How much of a text is in which language, in bytes of letters.
struct language_piece {
  match_range where;
  std::string language; // empty: cannot be told
  double bytes = 0;
  double share = 0; // of the piece that is in the language
};

std::size_t end_of_piece(std::string_view text, std::size_t begin) {
  if (text.size() - begin <= piece_bytes)
    return text.size();
  const auto space = text.substr(begin, piece_bytes).find_last_of(" \n");
  return space != std::string_view::npos && space > piece_bytes / 2
           ? begin + space + 1
           : next_boundary(text, begin + piece_bytes);
}

double bytes_of_letters(std::string_view text) {
  std::size_t bytes = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = decode_at(text, at);
    bytes += is_letter(c.value) ? c.length : 0;
    at += c.length;
  }
  return static_cast<double>(bytes);
}

language_piece detect(std::string_view text, match_range where) {
  const auto piece = text.substr(where.begin, where.end - where.begin);
  const CLD2::CLDHints no_hints{nullptr, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
  CLD2::Language languages[3];
  int percents[3];
  double scores[3];
  int bytes = 0;
  bool reliable = false;
  CLD2::ExtDetectLanguageSummary(piece.data(), static_cast<int>(piece.size()), true, &no_hints, 0, languages,
                                 percents, scores, nullptr, &bytes, &reliable);
  language_piece found{where, {}, bytes_of_letters(piece), 0};
  if (reliable && languages[0] != CLD2::UNKNOWN_LANGUAGE) {
    found.language = base_code(CLD2::LanguageCode(languages[0]));
    found.share = percents[0] / 100.0;
  }
  return found;
}

class languages_check final : public text_check {
public:
  explicit languages_check(const languages_config& config)
    : min_bytes_{static_cast<double>(config.min_bytes)}
    , threshold_{config.threshold}
    , action_{config.action} {
    for (std::size_t i = 0; i < config.allow.size(); ++i) {
      const auto known = CLD2::GetLanguageFromName(config.allow[i].c_str());
      if (known == CLD2::UNKNOWN_LANGUAGE)
        throw config_error({}, "guardrails.languages.allow[" + std::to_string(i) + "]",
                           "is no language that can be recognised");
      allowed_.insert(base_code(CLD2::LanguageCode(known)));
    }
  }

  std::string_view name() const noexcept override { return "languages"; }
  std::string_view message_key() const noexcept override { return "languages"; }

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    std::vector<language_piece> others;
    std::map<std::string, double> weights;
    double letters = 0;
    for (std::size_t at = 0; at < text.size() && !(stop && stop());) {
      const match_range where{at, end_of_piece(text, at)};
      at = where.end;
      auto piece = detect(text, where);
      letters += piece.bytes;
      weights[piece.language] += piece.bytes * piece.share;
      if (piece.language.empty() || allowed_.contains(piece.language))
        continue;
      if (!others.empty() && others.back().where.end == where.begin &&
          others.back().language == piece.language)
        others.back().where.end = where.end;
      else
        others.push_back(std::move(piece));
    }
    return decide(letters, weights, others, report);
  }

  bool decide(double letters, const std::map<std::string, double>& weights,
              const std::vector<language_piece>& others, check_report& report) const {
    if (letters < min_bytes_) {
      report.languages = verdict_report{true, "Too short to tell."};
      return true;
    }
    double other = 0;
    for (const auto& [language, weight] : weights)
      other += allowed_.contains(language) ? 0 : weight;
    const auto share = other / letters;
    const auto fails = share >= threshold_;
    for (const auto& piece : others)
      if (fails)
        report.findings.push_back(finding_of(piece, share));
    const auto passes = !fails || action_ != finding_action::block;
    report.languages = verdict_report{passes, describe(weights, letters)};
    return passes;
  }

  finding finding_of(const language_piece& piece, double share) const {
    auto f = rule_finding(name(), "Language", action_, piece.where, piece.language);
    f.score = std::min(share, 1.0);
    f.threshold = threshold_;
    return f;
  }

  /// `de 70 %, en 29 %`, most first; what cannot be told is left out.
  static std::string describe(const std::map<std::string, double>& weights, double letters) {
    std::vector<std::pair<double, std::string>> ranked;
    for (const auto& [language, weight] : weights)
      if (!language.empty())
        ranked.emplace_back(-weight, language);
    std::ranges::sort(ranked);
    if (ranked.empty())
      return "The language cannot be told.";
    std::string text;
    for (const auto& [weight, language] : ranked)
      text += (text.empty() ? "" : ", ") + language + ' ' +
              std::to_string(std::lround(-100 * weight / letters)) + " %";
    return text;
  }

  std::set<std::string> allowed_;
  double min_bytes_;
  double threshold_;
  finding_action action_;
};

} // namespace

std::unique_ptr<const check> compile_languages(compile_context& context) {
  const auto& config = context.config.guardrails.languages;
  if (!config)
    return nullptr;
  return std::make_unique<const languages_check>(*config);
}

} // namespace guardrails::checks
