// Encodes spans with Boost.JSON.
#include "apps/gateway/otlp_spans.hpp"

#include "apps/gateway/trace_context.hpp"

#include <guardrails/json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace guardrails::gateway {
namespace {

namespace json = boost::json;
using std::chrono::microseconds;
using time_point = std::chrono::system_clock::time_point;

// OTLP's numbers.
enum class span_kind : int { internal = 1, server = 2, client = 3 };
constexpr int status_error = 2;

json::string_view view(std::string_view text) noexcept {
  return {text.data(), text.size()};
}

json::object text_attribute(std::string_view key, std::string_view value) {
  return {{"key", view(key)}, {"value", json::object{{"stringValue", view(value)}}}};
}

json::object number_attribute(std::string_view key, std::uint64_t value) {
  return {{"key", view(key)}, {"value", json::object{{"intValue", std::to_string(value)}}}};
}

json::object flag_attribute(std::string_view key, bool value) {
  return {{"key", view(key)}, {"value", json::object{{"boolValue", value}}}};
}

/// Nanoseconds since the epoch; 64 bits are texts in OTLP's JSON.
std::string nanoseconds(time_point at) {
  return std::to_string(
    std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count());
}

json::object span_of(const request_span& request, std::string_view span_id, std::string_view parent_id,
                     std::string_view name, span_kind kind, time_point begin, time_point end) {
  json::object span{{"traceId", view(request.trace_id)},
                    {"spanId", view(span_id)},
                    {"name", view(name)},
                    {"kind", static_cast<int>(kind)},
                    {"startTimeUnixNano", nanoseconds(begin)},
                    {"endTimeUnixNano", nanoseconds(end)}};
  if (!parent_id.empty())
    span.emplace("parentSpanId", view(parent_id));
  return span;
}

json::array attributes_of(const request_span& request) {
  json::array attributes{text_attribute("http.request.method", request.method),
                         number_attribute("http.response.status_code", request.status),
                         text_attribute("guardrails.request_id", request.request_id),
                         flag_attribute("guardrails.blocked", request.blocked.has_value())};
  const auto add = [&](std::string_view key, std::string_view value) {
    if (!value.empty())
      attributes.push_back(text_attribute(key, value));
  };
  add("http.route", path_of(request.to));
  if (request.blocked)
    add("guardrails.block_reason", to_string(*request.blocked));
  add("guardrails.config_version", request.config_version);
  add("gen_ai.response.model", request.model);
  return attributes;
}

json::object server_span(const request_span& request) {
  const auto path = path_of(request.to);
  auto name = request.method;
  if (!path.empty())
    name.append(" ").append(path);
  auto span = span_of(request, request.span_id, request.parent_id, name, span_kind::server, request.begin,
                      request.begin + request.duration);
  span.emplace("attributes", attributes_of(request));
  if (request.status >= 500)
    span.emplace("status", json::object{{"code", status_error}});
  return span;
}

void append_stages(json::array& spans, const request_span& request) {
  struct stage {
    std::string_view name;
    std::uint64_t time;
    span_kind kind;
  };
  const auto& t = request.timings;
  const auto end = request.begin + request.duration;
  auto at = std::min(request.begin + microseconds{t.queue}, end);
  for (const auto& [name, time, kind] : {stage{"input_checks", t.input_checks, span_kind::internal},
                                         stage{"llm", t.llm, span_kind::client},
                                         stage{"output_checks", t.output_checks, span_kind::internal}}) {
    if (time == 0)
      continue;
    const auto begin = std::exchange(at, std::min(at + microseconds{time}, end));
    spans.push_back(span_of(request, random_hex(16), request.span_id, name, kind, begin, at));
  }
}

} // namespace

std::string encode_spans(std::span<const request_span> requests, std::string_view version) {
  json::array spans;
  for (const auto& request : requests) {
    spans.push_back(server_span(request));
    append_stages(spans, request);
  }
  json::object scope{{"scope", json::object{{"name", "guardrails"}, {"version", view(version)}}},
                     {"spans", std::move(spans)}};
  json::object resource{
    {"resource", json::object{{"attributes", json::array{text_attribute("service.name", "guardrails"),
                                                         text_attribute("service.version", version)}}}},
    {"scopeSpans", json::array{std::move(scope)}}};
  return json::serialize(json::object{{"resourceSpans", json::array{std::move(resource)}}});
}

} // namespace guardrails::gateway
