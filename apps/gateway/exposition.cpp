// Writes samples, and histograms as cumulative buckets.
#include "apps/gateway/exposition.hpp"

#include <array>
#include <cstdio>

namespace guardrails::gateway {
namespace {

std::string seconds(std::uint64_t microseconds) {
  std::array<char, 32> text;
  const auto size = std::snprintf(text.data(), text.size(), "%.9g", static_cast<double>(microseconds) / 1e6);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string with_suffix(std::string_view name, std::string_view suffix) {
  return std::string{name}.append(suffix);
}

} // namespace

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
  out.append(" ").append(type).append("\n");
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, std::string_view value) {
  out.append(name);
  if (!labels.empty())
    out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

std::string label(std::string_view name, std::string_view value) {
  return std::string{name}.append("=\"").append(value).append("\"");
}

void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                      std::span<const std::uint64_t> bounds, std::span<const std::uint64_t> counts,
                      std::uint64_t sum) {
  std::uint64_t so_far = 0;
  const auto bucket = with_suffix(name, "_bucket");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    auto all = std::string{labels}.append(labels.empty() ? "" : ",");
    all += label("le", i < bounds.size() ? seconds(bounds[i]) : "+Inf");
    append_sample(out, bucket, all, std::to_string(so_far));
  }
  append_sample(out, with_suffix(name, "_sum"), labels, seconds(sum));
  append_sample(out, with_suffix(name, "_count"), labels, std::to_string(so_far));
}

} // namespace guardrails::gateway
