// Figures of scores against ones worked out by hand, and what a report makes of them.
#include "train/report_tables.hpp"
#include "train/score_page.hpp"
#include "train/topic_trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#define CAF_SUITE train.score
#include "tests/caf_test.hpp"

using guardrails::allowed_topic;
using namespace guardrails::train;

namespace {

using guardrails::checks::text_channel;

constexpr double infinite = std::numeric_limits<double>::infinity();

bool near(std::optional<double> figure, double expected) {
  return figure && std::abs(*figure - expected) < 1e-12;
}

bool has_threshold(const std::optional<operating_point>& point, double expected) {
  return point && point->threshold == expected;
}

// Two of each: 0.9 +, 0.8 -, 0.7 +, 0.6 -.
const std::vector<outcome> alternating{{0.7, true}, {0.9, true}, {0.6, false}, {0.8, false}};

const std::vector<outcome> all_positive{{0.9, true}, {0.2, true}};

std::vector<outcome> with_negatives(std::size_t count) {
  std::vector<outcome> rows{{0.95, true}, {0.9, false}, {0.85, true}};
  while (rows.size() < count + 2)
    rows.push_back({0.1, false});
  return rows;
}

double pairs_in_order(const std::vector<outcome>& rows) {
  double ordered = 0;
  double all = 0;
  for (const auto& p : rows)
    for (const auto& n : rows)
      if (p.y && !n.y) {
        ++all;
        ordered += p.score > n.score ? 1 : p.score == n.score ? 0.5 : 0;
      }
  return ordered / all;
}

judged_row row(double score, bool y, std::string source, std::string lang) {
  judged_row made{{score, y}, {}};
  made[row_trait::source] = std::move(source);
  made[row_trait::lang] = std::move(lang);
  return made;
}

const std::vector<judged_row> few{row(0.9, true, "attacks", "en"), row(0.7, true, "attacks", "de"),
                                  row(0.8, false, "mail", "en"), row(0.6, false, "mail", "de"),
                                  row(0.1, false, "a<b>&\"c'", "de")};

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST("rows count as flagged from the threshold on") {
  CHECK(confusion_at(alternating, 0.7) == (confusion{2, 1, 1, 0}));
  CHECK(confusion_at(alternating, 0.75) == (confusion{1, 1, 1, 1}));
  CHECK(confusion_at(alternating, 2) == (confusion{0, 0, 2, 2}));
}

TEST("figures at a threshold") {
  const auto counts = confusion_at(alternating, 0.7);
  CHECK(near(counts.precision(), 2.0 / 3));
  CHECK(near(counts.recall(), 1));
  CHECK(near(counts.false_positive_rate(), 0.5));
  CHECK(near(counts.accuracy(), 0.75));
  CHECK(near(counts.f1(), 0.8));
}

TEST("figures of a curve") {
  const score_curve curve{alternating};
  CHECK(near(curve.auroc(), 0.75));
  CHECK(near(curve.auprc(), 0.5 + 0.5 * 2 / 3));
  CHECK(has_threshold(curve.best_f1(), 0.7));
  CHECK(near(curve.best_f1()->counts.f1(), 0.8));
  CHECK(has_threshold(curve.at_one_false_positive_in(100), 0.9));
  CHECK(near(curve.at_one_false_positive_in(100)->counts.recall(), 0.5));
  CHECK(has_threshold(curve.at_one_false_positive_in(2), 0.7));
  CHECK(near(curve.at_one_false_positive_in(2)->counts.recall(), 1));
}

TEST("rows of one score are flagged together") {
  const score_curve same{std::vector<outcome>{{0.5, true}, {0.5, false}, {0.5, false}, {0.5, false}}};
  CHECK(near(same.auroc(), 0.5));
  CHECK(near(same.auprc(), 0.25));
  CHECK(near(same.best_f1()->counts.f1(), 0.4));
  CHECK(near(same.at_one_false_positive_in(100)->counts.recall(), 0));
  CHECK(has_threshold(same.at_one_false_positive_in(100), infinite));
  const score_curve some{std::vector<outcome>{{0.8, true}, {0.5, true}, {0.5, false}, {0.2, false}}};
  CHECK(near(some.auroc(), 0.875));
  CHECK(near(some.auprc(), 0.5 + 0.5 * 2 / 3));
}

TEST("a false positive rate of 1 % allows one in a hundred and none in ninety-nine") {
  const auto hundred = score_curve{with_negatives(100)};
  CHECK(near(hundred.at_one_false_positive_in(100)->counts.recall(), 1));
  CHECK(has_threshold(hundred.at_one_false_positive_in(100), 0.85));
  CHECK(near(hundred.at_one_false_positive_in(1000)->counts.recall(), 0.5));
  CHECK(has_threshold(hundred.at_one_false_positive_in(1000), 0.95));
  CHECK(near(score_curve{with_negatives(99)}.at_one_false_positive_in(100)->counts.recall(), 0.5));
}

TEST("what positives alone do not define is absent") {
  const score_curve curve{all_positive};
  CHECK(!curve.auroc());
  CHECK(near(curve.auprc(), 1));
  CHECK(near(curve.best_f1()->counts.f1(), 1));
  CHECK(has_threshold(curve.best_f1(), 0.2));
  CHECK(!curve.at_one_false_positive_in(100));
  const auto counts = confusion_at(all_positive, 0.5);
  CHECK(near(counts.recall(), 0.5));
  CHECK(!counts.false_positive_rate());
  CHECK(!confusion_at(all_positive, 1).precision());
}

TEST("what negatives alone do not define is absent") {
  const std::vector<outcome> negatives{{0.9, false}, {0.2, false}};
  const score_curve curve{negatives};
  CHECK(!curve.auroc());
  CHECK(!curve.auprc());
  CHECK(!curve.best_f1());
  CHECK(!curve.at_one_false_positive_in(100));
  const auto counts = confusion_at(negatives, 0.5);
  CHECK(!counts.recall());
  CHECK(near(counts.false_positive_rate(), 0.5));
  CHECK(near(counts.f1(), 0));
  CHECK(!confusion_at(negatives, 1).f1());
}

TEST("no row and one row") {
  const score_curve none{{}};
  CHECK(!none.auroc() && !none.auprc() && !none.best_f1() && !none.at_one_false_positive_in(100));
  CHECK(!confusion{}.accuracy() && !confusion{}.f1() && !calibration_of({}));
  const std::vector<outcome> one{{0.4, true}};
  const score_curve curve{one};
  CHECK(!curve.auroc());
  CHECK(near(curve.auprc(), 1));
  CHECK(has_threshold(curve.best_f1(), 0.4));
  CHECK(near(calibration_of(one)->expected_error, 0.6));
}

TEST("the area under the curve is the share of pairs in order") {
  std::mt19937 random{5};
  for (int round = 0; round < 50; ++round) {
    std::vector<outcome> rows{{0.3, true}, {0.3, false}};
    for (int i = 0; i < 40; ++i)
      rows.push_back({static_cast<double>(random() % 12) / 12, random() % 3 == 0});
    CHECK(near(score_curve{rows}.auroc(), pairs_in_order(rows)));
  }
}

TEST("calibration compares scores with shares") {
  const std::vector<outcome> rows{{0.05, false}, {0.15, true}, {0.95, true}, {1.0, true}};
  const auto calibrated = calibration_of(rows);
  CHECK(near(calibrated->expected_error, (0.05 + 0.85 + 0.05) / 4));
  CHECK_EQ(calibrated->bins.size(), 10u);
  CHECK_EQ(calibrated->bins[9].rows, 2u);
  CHECK(near(calibrated->bins[9].mean_score(), 0.975));
  CHECK(near(calibrated->bins[1].positive_share(), 1));
  CHECK(!calibrated->bins[5].mean_score());
  CHECK(!calibration_of(std::vector<outcome>{{1.5, true}}));
  CHECK(!calibration_of(std::vector<outcome>{{-0.1, true}}));
}

TEST("a score that is no number is refused") {
  const std::vector<labelled_text> rows{{"a", true, "", "", "", "", "", std::nullopt, false, std::nullopt}};
  const auto not_a_number = [](std::string_view, text_channel) { return std::nan(""); };
  bool refused = false;
  try {
    score_rows(rows, not_a_number, text_channel::user);
  } catch (const std::runtime_error&) {
    refused = true;
  }
  CHECK(refused);
}

TEST("a scorer is told where a text comes from") {
  std::vector<labelled_text> rows(2);
  rows[1].channel = text_channel::output;
  std::string channels;
  const auto listen = [&](std::string_view, text_channel channel) {
    channels.append(name_of(channel)).append(" ");
    return 0.5;
  };
  score_rows(rows, listen, text_channel::data);
  CHECK_EQ(channels, "data output ");
}

TEST("a report in columns") {
  CHECK_EQ(to_text(report_on(few, "injection", "a model", 0.65)),
           R"(injection, scored by a model: 5 rows, 2 positive, 3 negative

Figures
figure                      value  threshold  hits  false alarms
AUROC                       0.833
AUPRC                       0.833
F1                          0.800      0.650     2             1
precision                   0.667      0.650     2             1
recall                      1.000      0.650     2             1
false positive rate         0.333      0.650     2             1
best F1                     0.800      0.700     2             1
recall at 1 % FPR           0.500      0.900     1             0
recall at 0.1 % FPR         0.500      0.900     1             0
expected calibration error  0.380

Confusion at 0.650
row    flagged  passed
y = 1        2       0
y = 0        1       2

By source
source         rows  positive  AUROC  recall  false alarms    FPR  recall at 1 % FPR
a<b>&"c'          1         0      -       -             0  0.000                  -
attacks           2         2      -   1.000             -      -              0.500
mail              2         0      -       -             1  0.500                  -
mean of these                                               0.250

By lang
lang           rows  positive  AUROC  recall  false alarms    FPR  recall at 1 % FPR
de                3         1  1.000   1.000             0  0.000              0.000
en                2         1  1.000   1.000             1  1.000              1.000
mean of these                  1.000   1.000                0.500              0.500

Reliability
score           rows  positive  mean score  share positive
0.000 to 0.100     0         0           -               -
0.100 to 0.200     1         0       0.100           0.000
0.200 to 0.300     0         0           -               -
0.300 to 0.400     0         0           -               -
0.400 to 0.500     0         0           -               -
0.500 to 0.600     0         0           -               -
0.600 to 0.700     1         0       0.600           0.000
0.700 to 0.800     1         1       0.700           1.000
0.800 to 0.900     1         0       0.800           0.000
0.900 to 1.000     1         1       0.900           1.000
)");
}

TEST("a report of nothing says so") {
  const auto report = report_on({}, "injection", "a model", 0.5);
  const auto text = to_text(report);
  CHECK(text.starts_with("injection, scored by a model: 0 rows, 0 positive, 0 negative\n"));
  CHECK(holds(text, "\nAUROC                           -\n"));
  CHECK(holds(text, "\nrecall at 1 % FPR               -          -     -             -\n"));
  CHECK(!holds(text, "By source") && !holds(text, "Reliability"));
  CHECK(to_json(report).at("auroc").is_null());
  CHECK(to_json(report).at("calibration").is_null());
  CHECK(!holds(reliability_svg(report), "<circle"));
}

TEST("a report as JSON") {
  const auto report = to_json(report_on(few, "injection", "a model", 0.65));
  CHECK(near(report.at("auroc").as_double(), 5.0 / 6));
  CHECK_EQ(report.at("at_threshold").at("false_positives").to_number<int>(), 1);
  CHECK(near(report.at("at_1_percent_fpr").at("threshold").as_double(), 0.9));
  const auto& mail = report.at("slices").at("source").at("mail");
  CHECK_EQ(mail.at("rows").to_number<int>(), 2);
  CHECK(mail.at("auroc").is_null());
  CHECK(near(mail.at("at_threshold").at("fpr").as_double(), 0.5));
  CHECK_EQ(report.at("calibration").at("bins").as_array().size(), 10u);
  CHECK(!report.at("slices").as_object().contains("style"));
}

TEST("where nothing can be flagged there is no threshold") {
  const std::vector<judged_row> tied{row(0.5, true, "", ""), row(0.5, false, "", "")};
  const auto report = report_on(tied, "injection", "a model", 0.5);
  CHECK(holds(to_text(report), "\nrecall at 1 % FPR           0.000       none     0             0\n"));
  CHECK(to_json(report).at("at_1_percent_fpr").at("threshold").is_null());
  CHECK(report.tables.empty());
}

TEST("a page shows what rows say as text") {
  const auto page = to_html(report_on(few, "in<jection>", "a & b", 0.65));
  CHECK(holds(page, "<td>a&lt;b&gt;&amp;&quot;c&#39;</td>"));
  CHECK(holds(page, "<h1>Scores of in&lt;jection&gt;</h1>"));
  CHECK(!holds(page, "<b>") && !holds(page, "<jection>") && !holds(page, "a & b"));
  const std::vector<judged_row> odd{row(0.5, true,
                                        "a\x01"
                                        "b",
                                        "en")};
  CHECK(holds(to_html(report_on(odd, "h", "m", 0.5)), "<td>a\xEF\xBF\xBD"
                                                      "b</td>"));
}

TEST("a reliability diagram has a point for every bin with rows") {
  const auto svg = reliability_svg(report_on(few, "injection", "a model", 0.65));
  CHECK(svg.starts_with("<svg xmlns="));
  std::size_t circles = 0;
  for (auto at = svg.find("<circle"); at != std::string::npos; at = svg.find("<circle", at + 1))
    ++circles;
  CHECK_EQ(circles, 5u);
  // 0.7, all positive: 56 + 0.7 * 320 across, at the top.
  CHECK(holds(svg, "<circle cx=\"280.000\" cy=\"36.000\""));
}

TEST("figures that no double is too large for") {
  CHECK_EQ(shown(0.0625), "0.062");
  CHECK_EQ(shown(std::nullopt), "-");
  CHECK_EQ(shown(infinite), "none");
  CHECK_EQ(shown(std::numeric_limits<double>::max()).size(), 313u);
}

TEST("each topic in turn is the allowed one") {
  std::vector<allowed_topic> topics{read_topic(R"({"name":"food","description":"meals"})"),
                                    read_topic(R"({"name":"travel"})")};
  std::vector<labelled_text> rows(3);
  rows[0].label = "food";
  rows[1].label = "travel";
  rows[2].label = "oos";
  std::string made;
  const auto scored = try_topics(topics, rows, [&](const allowed_topic& topic) {
    made.append(topic.name).append("(").append(topic.description).append(") ");
    return [](std::string_view, text_channel) { return 0.5; };
  });
  CHECK_EQ(made, "food(meals) travel() ");
  std::string truth;
  for (const auto& trial : scored)
    truth.append(trial[row_trait::topic]).append(trial.result.y ? "+ " : "- ");
  CHECK_EQ(truth, "food- food+ food+ travel+ travel- travel+ ");
}

TEST("examples of a topic are spread over its rows") {
  std::vector<allowed_topic> topics{{"food", "", {}}, {"travel", "", {}}};
  std::vector<labelled_text> rows;
  for (int i = 0; i < 10; ++i) {
    rows.emplace_back().label = "food";
    rows.back().text = std::to_string(i);
  }
  add_examples(topics, rows, 4);
  CHECK(topics[0].examples == (std::vector<std::string>{"0", "2", "5", "7"}));
  CHECK(topics[1].examples.empty());
}
