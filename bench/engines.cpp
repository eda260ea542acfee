// RE2::Set, Vectorscan, the automaton of our own and the gate made of it, on the full set: whole texts,
// pieces of 16 bytes, time to compile, memory.
#include "bench/pattern_texts.hpp"
#include "bench/repeated_text.hpp"
#include "checks/candidate_finder.hpp"
#include "checks/pattern_gate.hpp"
#include "checks/stream_patterns.hpp"

#include <hs/hs.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace {

using namespace guardrails;

constexpr std::size_t piece_bytes = 16;
constexpr std::size_t window_bytes = 128; // what a re-scan looks back at; wide enough for most of the set

double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double resident_mebibytes() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

using scan_function = std::function<void(std::string_view)>;

/// An engine that was compiled.
struct engine {
  const char* name;
  double compile_ms;
  double mebibytes;
  scan_function whole;  // empty: it has no such form
  scan_function pieces; // likewise
};

template <class Compile>
engine measured(const char* name, Compile&& compile) {
  const auto memory = resident_mebibytes();
  const auto begin = seconds();
  auto [whole, pieces] = compile();
  const auto took = 1e3 * (seconds() - begin);
  return {name, took, resident_mebibytes() - memory, std::move(whole), std::move(pieces)};
}

std::pair<scan_function, scan_function> compile_re2_set(const std::vector<std::string>& patterns) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(64 << 20);
  auto set = std::make_shared<RE2::Set>(options, RE2::UNANCHORED);
  for (const auto& p : patterns)
    if (set->Add(p, nullptr) < 0)
      throw std::runtime_error{"RE2 refuses " + p};
  if (!set->Compile())
    throw std::runtime_error{"RE2::Set does not compile"};
  const auto scan = [set](std::string_view text) {
    std::vector<int> found;
    set->Match({text.data(), text.size()}, &found);
  };
  const auto pieces = [scan](std::string_view text) {
    for (std::size_t end = std::min(piece_bytes, text.size());;
         end = std::min(end + piece_bytes, text.size())) {
      const auto begin = end - std::min(end, window_bytes + piece_bytes);
      scan(text.substr(begin, end - begin));
      if (end == text.size())
        return;
    }
  };
  return {scan, pieces};
}

void expect(hs_error_t result) {
  if (result != HS_SUCCESS)
    throw std::runtime_error{"Vectorscan says " + std::to_string(result)};
}

int ignore(unsigned, unsigned long long, unsigned long long, unsigned, void*) {
  return 0;
}

struct vectorscan {
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;

  vectorscan(const std::vector<std::string>& patterns, unsigned mode) {
    std::vector<const char*> expressions;
    std::vector<unsigned> flags(patterns.size(), HS_FLAG_UTF8);
    std::vector<unsigned> ids;
    for (const auto& p : patterns) {
      ids.push_back(static_cast<unsigned>(ids.size()));
      expressions.push_back(p.c_str());
    }
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(expressions.data(), flags.data(), ids.data(), static_cast<unsigned>(ids.size()),
                         mode, nullptr, &database, &error) != HS_SUCCESS)
      throw std::runtime_error{
        std::string{"Vectorscan refuses "} +
        (error->expression < 0 ? "the set" : expressions[static_cast<std::size_t>(error->expression)]) +
        ": " + error->message};
    expect(hs_alloc_scratch(database, &scratch));
  }
  vectorscan(const vectorscan&) = delete;
  vectorscan& operator=(const vectorscan&) = delete;
  ~vectorscan() {
    hs_free_scratch(scratch);
    hs_free_database(database);
  }

  void describe(const char* form) const {
    std::size_t bytes = 0;
    std::size_t scratch_bytes = 0;
    hs_database_size(database, &bytes);
    hs_scratch_size(scratch, &scratch_bytes);
    std::printf("vectorscan %s: database %zu kB, scratch %zu kB", form, bytes / 1024, scratch_bytes / 1024);
    std::size_t state = 0;
    if (hs_stream_size(database, &state) == HS_SUCCESS)
      std::printf(", %zu bytes a stream", state);
    std::printf("\n");
  }
};

unsigned length_of(std::string_view text) {
  return static_cast<unsigned>(text.size());
}

std::pair<scan_function, scan_function> compile_block(const std::vector<std::string>& patterns) {
  auto compiled = std::make_shared<const vectorscan>(patterns, HS_MODE_BLOCK);
  compiled->describe("block");
  return {[compiled](std::string_view text) {
            expect(hs_scan(compiled->database, text.data(), length_of(text), 0, compiled->scratch, ignore,
                           nullptr));
          },
          {}};
}

std::pair<scan_function, scan_function> compile_streaming(const std::vector<std::string>& patterns) {
  auto compiled = std::make_shared<const vectorscan>(patterns, HS_MODE_STREAM);
  compiled->describe("stream");
  const auto scan = [compiled](std::string_view text, std::size_t piece) {
    hs_stream_t* stream = nullptr;
    expect(hs_open_stream(compiled->database, 0, &stream));
    for (std::size_t pos = 0; pos < text.size(); pos += piece) {
      const auto part = text.substr(pos, piece);
      expect(hs_scan_stream(stream, part.data(), length_of(part), 0, compiled->scratch, ignore, nullptr));
    }
    expect(hs_close_stream(stream, compiled->scratch, ignore, nullptr));
  };
  return {[scan](std::string_view text) { scan(text, text.size()); },
          [scan](std::string_view text) { scan(text, piece_bytes); }};
}

std::pair<scan_function, scan_function> compile_automaton(const std::vector<std::string>& patterns) {
  std::vector<checks::pattern> all;
  for (const auto& p : patterns)
    all.push_back({p, "pattern", checks::pattern_origin::user});
  auto compiled = std::make_shared<const checks::stream_patterns>(all);
  const auto scan = [compiled](std::string_view text, std::size_t piece) {
    checks::stream_patterns::stream stream{*compiled};
    std::size_t matches = 0;
    const auto count = [&](checks::pattern_id, std::size_t) { ++matches; };
    for (std::size_t pos = 0; pos < text.size(); pos += piece)
      stream.feed(text.substr(pos, piece), count);
    stream.finish(count);
  };
  return {[scan](std::string_view text) { scan(text, text.size()); },
          [scan](std::string_view text) { scan(text, piece_bytes); }};
}

// For those that the finder of candidates does not take: they are the gate's in a policy.
std::pair<scan_function, scan_function> compile_gate(const std::vector<std::string>& patterns) {
  std::vector<checks::bounded_expression> expressions;
  std::vector<checks::pattern_id> ids;
  for (const auto& p : patterns)
    if (!checks::candidate_finder::takes(p)) {
      expressions.push_back(checks::pattern_gate::takes(p).value());
      ids.push_back(static_cast<checks::pattern_id>(ids.size()));
    }
  std::printf("gate: %zu of the patterns\n", ids.size());
  auto compiled = std::make_shared<const checks::pattern_gate>(expressions, std::move(ids));
  return {[compiled, count = patterns.size()](std::string_view text) {
            checks::pattern_hits hits{count};
            if (!compiled->scan(text, hits))
              throw std::runtime_error{"the gate has run out of states"};
          },
          {}};
}

double nanoseconds_a_byte(const scan_function& scan, std::string_view text) {
  scan(text);
  std::array<double, 5> rounds{};
  for (auto& round : rounds) {
    const auto times = std::max<std::size_t>(1, 1'000'000 / text.size());
    const auto begin = seconds();
    for (std::size_t i = 0; i < times; ++i)
      scan(text);
    round = 1e9 * (seconds() - begin) / static_cast<double>(times * text.size());
  }
  std::ranges::sort(rounds);
  return rounds[rounds.size() / 2];
}

void print_row(const char* text_name, const std::string& text, const std::vector<engine>& engines) {
  for (const bool in_pieces : {false, true}) {
    std::printf("%-8s %6zu B %-7s", text_name, text.size(), in_pieces ? "pieces" : "whole");
    for (const auto& e : engines) {
      const auto& scan = in_pieces ? e.pieces : e.whole;
      scan ? std::printf(" %10.1f", nanoseconds_a_byte(scan, text)) : std::printf(" %10s", "-");
    }
    std::printf("\n");
  }
}

} // namespace

int main() {
  const auto patterns = bench::patterns_of_full_set();
  std::printf("%zu patterns\n", patterns.size());
  std::vector<engine> engines;
  engines.push_back(measured("RE2::Set", [&] { return compile_re2_set(patterns); }));
  engines.push_back(measured("VS block", [&] { return compile_block(patterns); }));
  engines.push_back(measured("VS stream", [&] { return compile_streaming(patterns); }));
  engines.push_back(measured("automaton", [&] { return compile_automaton(patterns); }));
  engines.push_back(measured("gate", [&] { return compile_gate(patterns); }));
  for (const auto& e : engines)
    std::printf("%s: compiled in %.0f ms, %.1f MiB resident\n", e.name, e.compile_ms, e.mebibytes);
  std::printf("ns/B%21s", "");
  for (const auto& e : engines)
    std::printf(" %10s", e.name);
  std::printf("\n");
  for (const std::size_t bytes : {500, 2'000, 32'000}) {
    print_row("prose", bench::repeated(bench::prose, bytes), engines);
    print_row("records", bench::repeated(bench::records, bytes), engines);
    print_row("extreme", bench::repeated(bench::extreme, bytes), engines);
    print_row("hostile", bench::repeated(bench::hostile, bytes), engines);
  }
  std::printf("resident in the end: %.1f MiB\n", resident_mebibytes());
}
