// The files of the folder page, as the bytes they have (cmake/guardrails-embed.cmake).
#pragma once

#include <string_view>

namespace guardrails::gateway::page_bytes {

extern const std::string_view index_html;
extern const std::string_view page_css;
extern const std::string_view icon_svg;
extern const std::string_view api_js;
extern const std::string_view chart_js;
extern const std::string_view check_text_js;
extern const std::string_view checks_js;
extern const std::string_view elements_js;
extern const std::string_view event_stream_js;
extern const std::string_view exchange_js;
extern const std::string_view figures_js;
extern const std::string_view marked_text_js;
extern const std::string_view page_js;
extern const std::string_view playground_js;
extern const std::string_view prometheus_js;
extern const std::string_view readiness_js;
extern const std::string_view spans_js;
extern const std::string_view tabs_js;
extern const std::string_view theme_js;
extern const std::string_view trace_js;
extern const std::string_view traffic_js;

} // namespace guardrails::gateway::page_bytes
