// A secret counts as found when any finding of the label Secret lies in the text, whatever rule the table has
// it from: the tables' rules and ours do not correspond one to one. For the same reason a text that one rule
// has as free of *its* secret and another one as holding one is a secret.
#include "tests/conformance/secret_cases.hpp"

#include "checks/rail.hpp"
#include "train/read_lines.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <iomanip>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace guardrails::conformance {

namespace {

constexpr double least_share = 0.95;

struct secret_case {
  std::string rule;
  std::string text;
  bool holds_secret = false;
};

struct tally {
  std::size_t secrets = 0;
  std::size_t found = 0;
  std::size_t clean = 0;
  std::size_t rejected = 0;

  void operator+=(const tally& other) {
    secrets += other.secrets;
    found += other.found;
    clean += other.clean;
    rejected += other.rejected;
  }
};

std::uint64_t no_time() noexcept {
  return 0;
}

std::vector<secret_case> read_cases(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    if (entry.path().string().ends_with(".jsonl.gz"))
      files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<secret_case> cases;
  for (const auto& file : files)
    for (const auto& line : train::read_lines(file)) {
      const auto row = boost::json::parse(line).as_object();
      const auto table = file.filename().string();
      cases.push_back({table.substr(0, table.find('.')) + ' ' + std::string{row.at("rule").as_string()},
                       std::string{row.at("text").as_string()}, row.at("y").to_number<int>() == 1});
    }
  return cases;
}

bool finds_secret(const checks::rail& rail, const std::string& text) {
  const auto report = rail.judge(text, no_time).report;
  return std::ranges::any_of(report.findings, [](const finding& f) { return f.label == "Secret"; });
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole);
}

void print(std::ostream& out, const std::string& name, const tally& t) {
  out << std::left << std::setw(56) << name << std::right << std::setw(5) << t.found << '/' << std::left
      << std::setw(5) << t.secrets << std::right << std::setw(5) << t.rejected << '/' << std::left
      << std::setw(5) << t.clean << '\n';
}

} // namespace

int score_secret_cases(const std::filesystem::path& data, std::ostream& out) {
  const auto folder = data / "cases" / "secrets";
  if (!std::filesystem::is_directory(folder)) {
    out << "secrets: skipped, there is no " << folder.string() << '\n';
    return 0;
  }
  const auto rail = checks::compile_rail({}, checks::direction::text);
  const auto cases = read_cases(folder);
  std::set<std::string> secrets;
  for (const auto& c : cases)
    if (c.holds_secret)
      secrets.insert(c.text);
  std::map<std::string, tally> by_rule;
  for (const auto& c : cases) {
    auto& t = by_rule[c.rule];
    const auto found = finds_secret(rail, c.text);
    const auto holds = secrets.contains(c.text);
    t += holds ? tally{1, found, 0, 0} : tally{0, 0, 1, !found};
    if (found != holds && std::getenv("GUARDRAILS_SHOW_MISSES") != nullptr)
      out << (holds ? "missed " : "wrong  ") << c.rule << ": " << c.text.substr(0, 300) << '\n';
  }
  out << "secrets, by table and rule                               found/all   rejected/all\n";
  tally all;
  for (const auto& [rule, t] : by_rule) {
    print(out, rule, t);
    all += t;
  }
  print(out, "all", all);
  const auto found = share(all.found, all.secrets);
  const auto rejected = share(all.rejected, all.clean);
  out << std::fixed << std::setprecision(1) << "secrets: " << 100 * found << " % found, " << 100 * rejected
      << " % rejected (limit 95 % each)\n";
  return found >= least_share && rejected >= least_share ? 0 : 1;
}

} // namespace guardrails::conformance
