// Trainings with a part of the rows held out say how sure a margin is; a last one on all rows is the model.
#include "train/head_training.hpp"

#include "train/calibration.hpp"
#include "train/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace guardrails::train {

using namespace checks::models;

namespace {

constexpr std::size_t parts = 4;
constexpr std::size_t least_rows = 4;
constexpr std::size_t least_refined = 20;
constexpr unsigned least_passes = 4; // what there are few rows of takes longer to learn
constexpr double even_source = 500;  // rows; a larger source counts for less a row

text_cut cut_for(head of) noexcept {
  return of == head::injection_data ? text_cut::sentences : text_cut::windows;
}

/// Whether a label says yes to a refining head.
bool label_says(head of, std::string_view label) noexcept {
  if (of == head::toxic)
    return label == "toxic" || label == "threat" || label == "hate" || label == "self_harm";
  return label == name_of(of);
}

/// Whether it says anything about it.
bool label_tells(head of, std::string_view label, bool fine) noexcept {
  if (label.empty())
    return false;
  switch (of) {
  case head::threat:
  case head::sexual:
  case head::self_harm:
  case head::hate:
    return fine; // other sources call them all toxic or offensive
  default:
    return true;
  }
}

/// One yes-or-no question over rows, its cross-validation and its weights.
class question {
public:
  question(std::vector<const labelled_text*> rows, std::vector<bool> answers,
           std::span<const std::string> carriers, const head_training& how, head of)
    : rows_{std::move(rows)}
    , answers_{std::move(answers)}
    , carriers_{carriers}
    , how_{how}
    , of_{of} {
    for (std::size_t i = 0; i < rows_.size(); ++i)
      texts_.push_back(read_grams(rows_[i]->text, cut_for(refined_by(of_)), how_.margins.bucket_bits));
    weigh_sources();
  }

  head_report run(model_contents& out) {
    head_report report;
    report.of = of_;
    std::vector<unsigned> passes;
    const auto alike = scored_rows(hold_out_all(drawn_parts(), passes));
    auto all = alike;
    std::vector<scored_row> strange;
    if (const auto sources = parts_by_source(); !sources.empty()) {
      strange = scored_rows(hold_out_all(sources, passes));
      all.insert(all.end(), strange.begin(), strange.end());
    }
    std::ranges::sort(passes);
    report.passes = std::max(passes[passes.size() / 2], least_passes);
    const auto curve = calibrate(all, refines() ? 0.5 : how_.positive_share);
    const auto threshold = threshold_of(alike, curve);
    const auto fit = train(everything(), {}, report.passes, report.made);
    put(fit.weights, curve, threshold, out);
    describe(alike, strange, curve, threshold, report);
    return report;
  }

private:
  using indexes = std::vector<std::size_t>;

  bool refines() const noexcept { return refined_by(of_) != of_; }

  std::string group_of(std::size_t i) const { return rows_[i]->source + (answers_[i] ? "+" : "-"); }

  void weigh_sources() {
    std::map<std::string, double> sizes;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      ++sizes[group_of(i)];
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto size = sizes[group_of(i)];
      weights_.push_back(
        size > even_source ? static_cast<float>(std::pow(even_source / size, how_.source_evenness)) : 1.0F);
      scored_weights_.push_back(1 / std::sqrt(size));
    }
  }

  using part_of_row = std::vector<std::size_t>;

  part_of_row drawn_parts() const {
    random_source random{how_.margins.seed + 1};
    part_of_row drawn(rows_.size());
    for (auto& part : drawn)
      part = random.below(parts);
    return drawn;
  }

  // Sources of one kind of row whole: what comes later is of other sources too. Empty where they are too few.
  part_of_row parts_by_source() const {
    std::map<std::string, std::set<bool>> kinds;
    std::map<std::string, std::size_t> sizes;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      kinds[rows_[i]->source].insert(answers_[i]);
      ++sizes[rows_[i]->source];
    }
    std::vector<std::string> whole;
    for (const auto& [source, of] : kinds)
      if (of.size() == 1)
        whole.push_back(source);
    if (whole.size() < parts)
      return {};
    std::ranges::stable_sort(whole, std::greater{}, [&](const std::string& s) { return sizes[s]; });
    std::array<std::array<std::size_t, parts>, 2> filled{};
    std::map<std::string, std::size_t> part_of_source;
    for (const auto& source : whole) {
      auto& of_kind = filled[*kinds[source].begin()];
      const auto least = std::ranges::min_element(of_kind);
      *least += sizes[source];
      part_of_source[source] = static_cast<std::size_t>(least - of_kind.begin());
    }
    auto divided = drawn_parts();
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (const auto found = part_of_source.find(rows_[i]->source); found != part_of_source.end())
        divided[i] = found->second;
    return divided;
  }

  std::vector<double> hold_out_all(const part_of_row& part_of, std::vector<unsigned>& passes) {
    std::vector<double> margins(rows_.size());
    for (std::size_t part = 0; part < parts; ++part)
      passes.push_back(hold_out(part_of, part, margins));
    return margins;
  }

  indexes everything() const {
    indexes all(rows_.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = i;
    return all;
  }

  unsigned hold_out(const part_of_row& part_of, std::size_t part, std::vector<double>& margins) {
    indexes used;
    indexes held;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      (part_of[i] == part ? held : used).push_back(i);
    std::size_t made = 0;
    const auto fit = train(used, held, how_.margins.passes, made);
    for (const auto i : held)
      margins[i] = static_cast<double>(fit.weights.score(texts_[i]));
    return fit.passes;
  }

  std::vector<margin_row> as_margin_rows(const indexes& chosen) const {
    std::vector<margin_row> rows;
    for (const auto i : chosen)
      rows.push_back({&texts_[i], answers_[i], in_part(texts_[i]), weights_[i]});
    return rows;
  }

  // An attack of many sentences may say anything in some of them.
  bool in_part(const gram_text& text) const {
    return cut_for(of_) == text_cut::sentences && text.windows.size() > 3;
  }

  margin_fit train(const indexes& used, const indexes& held, unsigned passes, std::size_t& made_rows) {
    auto rows = as_margin_rows(used);
    random_source random{how_.margins.seed};
    std::vector<const labelled_text*> texts;
    if (!refines())
      for (const auto i : used)
        texts.push_back(rows_[i]);
    const auto made = augment(texts, carriers_, how_.made, random);
    std::vector<gram_text> grams;
    grams.reserve(made.size());
    for (const auto& m : made) {
      grams.push_back(read_grams(m.row.text, cut_for(refined_by(of_)), how_.margins.bucket_bits));
      rows.push_back({&grams.back(), m.row.positive, m.in_part && m.row.positive, 1});
    }
    made_rows = made.size();
    auto how = how_.margins;
    how.passes = passes;
    const auto held_rows = as_margin_rows(held);
    const bool tells = std::ranges::any_of(held_rows, &margin_row::positive) &&
                       !std::ranges::all_of(held_rows, &margin_row::positive);
    return fit_margin(rows, how, tells ? std::span{held_rows} : std::span<const margin_row>{});
  }

  std::vector<scored_row> scored_rows(const std::vector<double>& margins) const {
    std::vector<scored_row> scored;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      scored.push_back({margins[i], answers_[i], scored_weights_[i]});
    return scored;
  }

  double threshold_of(const std::vector<scored_row>& scored, const logistic_curve& curve) const {
    if (refines())
      return 0.5;
    std::vector<scored_row> negative;
    std::ranges::copy_if(scored, std::back_inserter(negative),
                         [](const scored_row& r) { return !r.positive; });
    std::ranges::sort(negative, std::greater{}, &scored_row::margin);
    double all = 0;
    for (const auto& row : negative)
      all += row.weight;
    double above = 0;
    for (const auto& row : negative) {
      above += row.weight;
      if (above > how_.false_alarms * all)
        return std::clamp(curve(row.margin), 0.5, 0.99);
    }
    return 0.5;
  }

  void put(const margin_weights& fitted, const logistic_curve& curve, double threshold,
           model_contents& out) const {
    float greatest = 1e-6F;
    for (const auto w : fitted.of_bucket)
      greatest = std::max(greatest, std::abs(w));
    const auto unit = greatest / 127;
    const auto column = index_of(of_);
    for (std::size_t b = 0; b < fitted.of_bucket.size(); ++b)
      out.weights[b][column] = static_cast<std::int8_t>(std::lround(fitted.of_bucket[b] / unit));
    const auto slope = static_cast<float>(curve.slope);
    out.scales[column] = {slope * unit, slope * fitted.bias + static_cast<float>(curve.offset),
                          static_cast<float>(threshold)};
    out.heads.set(column);
  }

  void describe(const std::vector<scored_row>& alike, const std::vector<scored_row>& strange,
                const logistic_curve& curve, double threshold, head_report& report) const {
    report.threshold = threshold;
    std::map<std::string, source_report> sources;
    const auto yes = [&](const scored_row& row) { return curve(row.margin) >= threshold ? 1.0 : 0.0; };
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto& s = sources[rows_[i]->source];
      ++(answers_[i] ? s.positives : s.negatives);
      (answers_[i] ? s.recall : s.false_alarms) += yes(alike[i]);
      if (!strange.empty())
        (answers_[i] ? s.strange_recall : s.strange_false_alarms) += yes(strange[i]);
    }
    for (auto& [name, s] : sources) {
      s.source = name;
      report.positives += s.positives;
      report.negatives += s.negatives;
      for (auto* share : {&s.recall, &s.strange_recall})
        *share /= std::max(static_cast<double>(s.positives), 1.0);
      for (auto* share : {&s.false_alarms, &s.strange_false_alarms})
        *share /= std::max(static_cast<double>(s.negatives), 1.0);
      report.sources.push_back(s);
    }
    report.auroc = area_under_curve(alike);
    if (!strange.empty())
      report.strange_auroc = area_under_curve(strange);
  }

  // The share of pairs of a positive and a negative row that stand in the right order; ties are halves.
  static double area_under_curve(std::vector<scored_row> scored) {
    std::ranges::sort(scored, {}, &scored_row::margin);
    double below = 0;
    double ordered = 0;
    double positives = 0;
    for (auto first = scored.begin(); first != scored.end();) {
      const auto last =
        std::find_if(first, scored.end(), [&](const scored_row& r) { return r.margin != first->margin; });
      const auto here =
        static_cast<double>(std::count_if(first, last, [](const auto& r) { return r.positive; }));
      const auto others = static_cast<double>(last - first) - here;
      ordered += here * (below + others / 2);
      below += others;
      positives += here;
      first = last;
    }
    return ordered / std::max(positives * below, 1.0);
  }

  std::vector<const labelled_text*> rows_;
  std::vector<bool> answers_;
  std::span<const std::string> carriers_;
  const head_training& how_;
  head of_;
  std::vector<gram_text> texts_;
  std::vector<float> weights_;
  std::vector<double> scored_weights_;
};

bool is_enough(const std::vector<bool>& answers, std::size_t least) {
  const auto yes = static_cast<std::size_t>(std::ranges::count(answers, true));
  return yes >= least && answers.size() - yes >= least;
}

} // namespace

namespace {

// Of the held-out rows only: toxicity's have comments that people call toxic or not with equal right, and
// what is taken for an attack is mostly long or in a language that there are few harmless rows of.
double false_alarms_for(head of) noexcept {
  switch (of) {
  case head::toxicity:
    return 0.03;
  case head::injection:
    return 0.005;
  case head::code_injection:
    return 0.0025;
  default:
    return 0.01;
  }
}

} // namespace

head_training settings_for(head of) {
  head_training how;
  how.of = of;
  how.false_alarms = false_alarms_for(of);
  if (of != head::injection && of != head::injection_data)
    how.made.joined = how.made.long_joined = 0.2;
  return how;
}

trained_heads train_heads(std::span<const labelled_text> rows, std::span<const std::string> carriers,
                          const head_training& how, const std::function<void(const std::string&)>& progress) {
  trained_heads made;
  made.contents.weights.resize(std::size_t{1} << how.margins.bucket_bits);
  const auto ask = [&](head of, std::vector<const labelled_text*> asked, std::vector<bool> answers) {
    if (progress)
      progress(std::string{name_of(of)} + ": " + std::to_string(asked.size()) + " rows");
    made.reports.push_back(
      question{std::move(asked), std::move(answers), carriers, how, of}.run(made.contents));
  };
  std::vector<const labelled_text*> own;
  std::vector<bool> answers;
  for (const auto& row : rows)
    if (row.head.empty() || row.head == name_of(how.of)) {
      own.push_back(&row);
      answers.push_back(row.positive);
    }
  if (!is_enough(answers, least_rows))
    throw row_error{"there are too few rows: at least 4 with `y` 1 and 4 with `y` 0 are needed"};
  ask(how.of, own, answers);
  std::map<std::string, bool> fine;
  for (const auto* row : own)
    for (const auto h : {head::threat, head::sexual, head::self_harm, head::hate})
      fine[row->source] |= row->label == name_of(h);
  for (std::size_t i = 0; i < head_count; ++i) {
    const auto refining = static_cast<head>(i);
    if (refining == how.of || refined_by(refining) != how.of)
      continue;
    std::vector<const labelled_text*> told;
    std::vector<bool> says;
    for (const auto* row : own)
      if (row->positive && label_tells(refining, row->label, fine[row->source])) {
        told.push_back(row);
        says.push_back(label_says(refining, row->label));
      }
    if (is_enough(says, least_refined))
      ask(refining, std::move(told), std::move(says));
  }
  return made;
}

} // namespace guardrails::train
