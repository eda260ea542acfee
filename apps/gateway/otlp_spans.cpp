// Maps spans to OTLP's JSON: identifiers in hexadecimal, 64-bit numbers as strings, enumerations as numbers.
#include "apps/gateway/otlp_spans.hpp"

#include "apps/gateway/trace_context.hpp"

#include <guardrails/utf8.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using std::chrono::microseconds;

constexpr std::size_t longest_model = 256;
constexpr int status_error = 2;

json::object attribute(std::string_view key, json::object value) {
  return {{"key", key}, {"value", std::move(value)}};
}

json::object text_attribute(std::string_view key, std::string_view text) {
  return attribute(key, {{"stringValue", text}});
}

std::string nanoseconds(std::chrono::system_clock::time_point when) {
  return std::to_string(
    std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch()).count());
}

/// What the conventions know; anything else a client made up would be a name of its own in every store.
std::string_view known_method(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 9> known{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                  "CONNECT", "OPTIONS", "TRACE", "PATCH"};
  const auto found = std::ranges::find(known, method);
  return found == known.end() ? "_OTHER" : *found;
}

json::object span_of(const request_span& request, std::string_view id, std::string_view parent,
                     std::string_view name, span_kind kind, microseconds after, microseconds duration) {
  json::object span{{"traceId", request.trace_id}, {"spanId", id}};
  if (!parent.empty())
    span.emplace("parentSpanId", parent);
  span.emplace("name", name);
  span.emplace("kind", static_cast<int>(kind));
  span.emplace("startTimeUnixNano", nanoseconds(request.begin + after));
  span.emplace("endTimeUnixNano", nanoseconds(request.begin + after + duration));
  return span;
}

json::array attributes_of(const request_span& request) {
  json::array all{
    text_attribute("http.request.method", known_method(request.method)),
    attribute("http.response.status_code", {{"intValue", std::to_string(request.status)}}),
    text_attribute("guardrails.request_id", request.request_id),
  };
  if (!request.route.empty())
    all.push_back(text_attribute("http.route", request.route));
  if (request.config_version.empty())
    return all;
  all.push_back(text_attribute("guardrails.config_version", request.config_version));
  all.push_back(attribute("guardrails.blocked", {{"boolValue", request.blocked.has_value()}}));
  if (request.blocked)
    all.push_back(text_attribute("guardrails.block_reason", to_string(*request.blocked)));
  return all;
}

/// The upstream's word for itself, which may be anything.
std::optional<json::object> model_of(const request_span& request) {
  if (request.model.empty() || request.model.size() > longest_model ||
      find_invalid_utf8(request.model) != std::string_view::npos)
    return std::nullopt;
  return text_attribute("gen_ai.response.model", request.model);
}

json::object server_span(const request_span& request) {
  const auto method = known_method(request.method);
  std::string name{method == "_OTHER" ? "HTTP" : method};
  if (!request.route.empty())
    name.append(" ").append(request.route);
  auto span = span_of(request, request.span_id, request.parent_id, name, span_kind::server, microseconds{0},
                      request.duration);
  auto attributes = attributes_of(request);
  if (auto model = model_of(request))
    attributes.push_back(std::move(*model));
  span.emplace("attributes", std::move(attributes));
  if (request.status >= 500)
    span.emplace("status", json::object{{"code", status_error}});
  return span;
}

json::object child_span(const request_span& request, const stage_span& stage) {
  auto span =
    span_of(request, stage.span_id, request.span_id, stage.name, stage.kind, stage.after, stage.duration);
  if (stage.kind == span_kind::client)
    if (auto model = model_of(request))
      span.emplace("attributes", json::array{std::move(*model)});
  return span;
}

} // namespace

std::vector<stage_span> stages_of(const stage_timings& timings, microseconds after, microseconds limit) {
  std::vector<stage_span> stages;
  const auto add = [&](std::string_view name, span_kind kind, std::uint64_t took) {
    const auto left = std::max(limit - after, microseconds{0});
    const auto duration = std::min(microseconds{static_cast<std::int64_t>(took)}, left);
    if (took == 0)
      return;
    stages.push_back({name, kind, random_hex(16), std::min(after, limit), duration});
    after += duration;
  };
  add("input_checks", span_kind::internal, timings.input_checks);
  add("llm", span_kind::client, timings.llm);
  add("output_checks", span_kind::internal, timings.output_checks);
  return stages;
}

std::size_t count_spans(std::span<const request_span> requests) noexcept {
  auto count = requests.size();
  for (const auto& request : requests)
    count += request.stages.size();
  return count;
}

std::string encode_spans(std::span<const request_span> requests, std::string_view service) {
  json::array spans;
  for (const auto& request : requests) {
    spans.push_back(server_span(request));
    for (const auto& stage : request.stages)
      spans.push_back(child_span(request, stage));
  }
  const json::object scope{{"scope", json::object{{"name", "guardrails.gateway"}}},
                           {"spans", std::move(spans)}};
  const json::object resource{
    {"resource", json::object{{"attributes", json::array{text_attribute("service.name", service)}}}},
    {"scopeSpans", json::array{scope}}};
  return json::serialize(json::object{{"resourceSpans", json::array{resource}}});
}

} // namespace guardrails::gateway
