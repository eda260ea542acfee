// The pattern engine on RE2: one RE2 per pattern for the places, RE2::Set as the gate over the whole text for
// what our own does not take.
#include "checks/pattern_engine.hpp"
#include "checks/pattern_gate.hpp"

#include <guardrails/errors.hpp>

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <optional>
#include <span>

namespace guardrails::checks {

namespace {

// A gate's automaton is built while it runs; this bounds it. Past it Match() fails, which counts as "every
// pattern".
constexpr std::int64_t gate_memory = 64 << 20;

// The same where a policy has so many patterns that they need several gates.
constexpr std::int64_t shared_gate_memory = 16 << 20;

// Instructions of all of a user's patterns together, in RE2's terms; bounds the time and memory that a
// configuration takes to compile. Ten thousand plain words take half of it.
constexpr std::size_t most_user_instructions = 400'000;

// Patterns per gate: a few hundred share one automaton well, thousands make its states large and slow to
// build.
constexpr std::size_t gate_patterns = 512;

RE2::Options engine_options(std::int64_t memory) {
  RE2::Options options;
  options.set_log_errors(false); // RE2's log would quote pattern and text
  options.set_max_mem(memory);
  return options;
}

config_error refused(const pattern& p, const std::string& reason) {
  return {{}, p.key_path, "not a usable pattern: " + reason};
}

struct gate {
  std::unique_ptr<RE2::Set> set;
  std::vector<pattern_id> ids;

  /// False when it ran out of memory.
  bool scan(re2::StringPiece text, pattern_hits& hits) const {
    std::vector<int> found;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (!set->Match(text, &found, &error))
      return error.kind == RE2::Set::kNoError;
    for (const auto i : found)
      hits.add(ids[static_cast<std::size_t>(i)]);
    return true;
  }
};

class re2_engine final : public pattern_engine {
public:
  explicit re2_engine(const std::vector<pattern>& patterns) {
    single_.reserve(patterns.size());
    std::size_t user_instructions = 0;
    for (const auto& p : patterns) {
      single_.push_back(compile_single(p));
      if (p.origin == pattern_origin::user)
        user_instructions += static_cast<std::size_t>(single_.back()->ProgramSize());
      if (user_instructions > most_user_instructions)
        throw refused(p, "together with those before it, it is too large");
    }
    compile_gates(patterns);
  }

  void scan(std::string_view text, pattern_hits& hits) const override {
    const bool narrow_are_done = narrow_ && narrow_->scan(text, hits);
    for (const auto& g : std::span{gates_}.subspan(narrow_are_done ? narrow_gates_ : 0))
      if (!g.scan(view(text), hits))
        for (const auto id : g.ids)
          hits.add(id);
  }

  std::optional<match_range> next(std::string_view text, pattern_id id, std::size_t from,
                                  std::size_t until) const override {
    re2::StringPiece found;
    if (from > text.size() || text.empty()) // no accepted pattern matches the empty text
      return std::nullopt;
    if (!single_[id]->Match(view(text), from, until, RE2::UNANCHORED, &found, 1))
      return std::nullopt;
    const auto begin = static_cast<std::size_t>(found.data() - text.data());
    return match_range{begin, begin + found.size()};
  }

private:
  static re2::StringPiece view(std::string_view text) { return {text.data(), text.size()}; }

  static std::unique_ptr<const RE2> compile_single(const pattern& p) {
    auto compiled = std::make_unique<const RE2>(p.expression, engine_options(RE2::Options::kDefaultMaxMem));
    if (!compiled->ok())
      throw refused(p, compiled->error());
    if (RE2::FullMatch("", *compiled))
      throw refused(p, "it matches the empty text and so everywhere");
    return compiled;
  }

  // RE2 reads what is narrow too, once our own gate cannot; there ours and a user's are apart.
  void compile_gates(const std::vector<pattern>& patterns) {
    std::vector<bounded_expression> narrow;
    std::vector<pattern_id> ids;
    std::vector<pattern_id> ours;
    std::vector<pattern_id> of_user;
    std::vector<pattern_id> wide;
    for (pattern_id id = 0; id < patterns.size(); ++id) {
      const auto& p = patterns[id];
      if (!p.gated)
        continue;
      auto expression =
        narrow.size() < pattern_gate::most_patterns ? pattern_gate::takes(p.expression) : std::nullopt;
      if (!expression) {
        wide.push_back(id);
        continue;
      }
      narrow.push_back(std::move(*expression));
      ids.push_back(id);
      (p.origin == pattern_origin::built_in ? ours : of_user).push_back(id);
    }
    add_gates(patterns, ours);
    add_gates(patterns, of_user);
    narrow_gates_ = gates_.size();
    if (!narrow.empty())
      narrow_.emplace(narrow, std::move(ids));
    add_gates(patterns, wide);
  }

  void add_gates(const std::vector<pattern>& patterns, std::span<const pattern_id> ids) {
    for (; !ids.empty(); ids = ids.subspan(std::min(gate_patterns, ids.size())))
      gates_.push_back(compile_gate(patterns, ids.first(std::min(gate_patterns, ids.size()))));
  }

  static gate compile_gate(const std::vector<pattern>& patterns, std::span<const pattern_id> ids) {
    const auto ours = patterns[ids.front()].origin == pattern_origin::built_in;
    auto set = std::make_unique<RE2::Set>(
      engine_options(ours || patterns.size() <= gate_patterns ? gate_memory : shared_gate_memory),
      RE2::UNANCHORED);
    for (const auto id : ids) {
      std::string error;
      if (set->Add(patterns[id].expression, &error) < 0)
        throw refused(patterns[id], error);
    }
    if (!set->Compile())
      throw refused(patterns[ids.front()], "together with those after it, it is too large");
    return {std::move(set), {ids.begin(), ids.end()}};
  }

  std::vector<std::unique_ptr<const RE2>> single_;
  std::vector<gate> gates_;
  std::optional<pattern_gate> narrow_;
  std::size_t narrow_gates_ = 0; // the first so many gates are for the same patterns
};

} // namespace

std::unique_ptr<const pattern_engine> compile_re2(const std::vector<pattern>& patterns) {
  return std::make_unique<const re2_engine>(patterns);
}

} // namespace guardrails::checks
