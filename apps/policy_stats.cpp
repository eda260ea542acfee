// Compiles, measures, and puts figures into words.
#include "apps/policy_stats.hpp"

#include "actors/policy.hpp"

#include <array>
#include <cstdio>

namespace guardrails::apps {

namespace {

std::string rounded(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string bytes_in_words(std::size_t bytes) {
  constexpr double kibibyte = 1024;
  const auto amount = static_cast<double>(bytes);
  if (amount < kibibyte)
    return std::to_string(bytes) + " bytes";
  if (amount < kibibyte * kibibyte)
    return rounded(amount / kibibyte, 1) + " KiB";
  return rounded(amount / kibibyte / kibibyte, 1) + " MiB";
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const auto& name : names)
    all.append(all.empty() ? "" : ", ").append(name);
  return all.empty() ? "none" : all;
}

} // namespace

policy_stats measure_policy(const rails_config& config) {
  policy_stats stats;
  const auto begin = std::chrono::steady_clock::now();
  const auto policy = actors::compile(config);
  stats.compile_time = std::chrono::steady_clock::now() - begin;
  stats.vocabulary_tokens = policy->tokens.vocabulary_tokens();
  stats.size = checks::size_of_policy(config);
  return stats;
}

std::string to_text(const policy_stats& stats) {
  const auto& size = stats.size;
  std::string text;
  const auto line = [&](std::string_view what, const std::string& figure) {
    text.append(what).append(16 - what.size(), ' ').append(figure).append("\n");
  };
  line("checks on", joined(size.checks));
  line("patterns", std::to_string(size.built_in_patterns) + " built in, " +
                     std::to_string(size.user_patterns) + " of the configuration");
  line("instructions", std::to_string(size.forward_instructions) + " forwards, " +
                         std::to_string(size.reverse_instructions) + " backwards");
  line("pattern memory", "about " + bytes_in_words(size.pattern_bytes()));
  line("recognisers", std::to_string(size.recognisers));
  line("words", std::to_string(size.words) + ", about " + bytes_in_words(size.word_bytes));
  line("tagger", size.tagger_bytes == 0 ? "not used" : bytes_in_words(size.tagger_bytes));
  line("vocabulary",
       stats.vocabulary_tokens == 0 ? "none" : std::to_string(stats.vocabulary_tokens) + " tokens");
  line("compiled in", rounded(stats.compile_time.count(), 0) + " ms");
  return text;
}

boost::json::object to_json(const policy_stats& stats) {
  const auto& size = stats.size;
  boost::json::array on;
  for (const auto& name : size.checks)
    on.emplace_back(name);
  return {{"checks", std::move(on)},
          {"patterns",
           {{"built_in", size.built_in_patterns},
            {"user", size.user_patterns},
            {"forward_instructions", size.forward_instructions},
            {"reverse_instructions", size.reverse_instructions},
            {"bytes", size.pattern_bytes()}}},
          {"recognisers", size.recognisers},
          {"words", {{"count", size.words}, {"bytes", size.word_bytes}}},
          {"tagger_bytes", size.tagger_bytes},
          {"vocabulary_tokens", stats.vocabulary_tokens},
          {"compile_ms", stats.compile_time.count()}};
}

} // namespace guardrails::apps
