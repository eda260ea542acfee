// Counts answers of the model, and why there were none.
#include "apps/gateway/upstream_metrics.hpp"

namespace guardrails::gateway {
namespace {

/// Ends of generations that are the model's, or its connection's.
bool is_upstream(const generation& result) noexcept {
  return result.error && result.block_reason &&
         (*result.block_reason == block_reason::llm_error || *result.block_reason == block_reason::timeout);
}

} // namespace

void upstream_metrics::finished(const generation& result) noexcept {
  if (result.timings.llm > 0)
    times_.add(std::chrono::microseconds{result.timings.llm});
  if (!is_upstream(result))
    return;
  const auto found = std::ranges::find(kinds, result.error->kind);
  const auto index = std::min<std::size_t>(static_cast<std::size_t>(found - kinds.begin()), kinds.size() - 1);
  errors_[index].fetch_add(1, std::memory_order_relaxed);
}

void upstream_metrics::append_to(std::string& out) const {
  append_head(out, "guardrails_upstream_seconds", "histogram",
              "Time of generations with the model, repeated attempts and their pauses included.");
  times_.append_to(out, "guardrails_upstream_seconds", {});
  append_head(out, "guardrails_upstream_errors_total", "counter",
              "Generations that the model did not answer, by kind.");
  for (std::size_t i = 0; i < kinds.size(); ++i)
    append_sample(out, "guardrails_upstream_errors_total", label("kind", kinds[i]),
                  std::to_string(errors_[i].load(std::memory_order_relaxed)));
  append_head(out, "guardrails_stream_first_text_seconds", "histogram",
              "Time from a streamed request to the first text that may be shown.");
  first_text_.append_to(out, "guardrails_stream_first_text_seconds", {});
}

} // namespace guardrails::gateway
