// Plans and writes the mock upstream's answers; the hot path reads and writes JSON with hardly an allocation.
#include "apps/mock_llm/mock_llm_answer.hpp"

#include "llm/chat_codec.hpp"
#include "llm/json_text.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace guardrails::mock_llm {
namespace {

namespace json = boost::json;

constexpr std::uint64_t huge_body = 100u << 20;
constexpr std::uint64_t most_choices = 128;
constexpr std::size_t bytes_of_delta = 8; // of a call's arguments

std::string_view view(const json::string& text) {
  return {text.data(), text.size()};
}

std::string_view string_member(const json::object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member && member->is_string() ? view(member->get_string()) : std::string_view{};
}

bool true_member(const json::object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member && member->is_bool() && member->get_bool();
}

// Content is a string, or an array of parts whose text counts.
std::string content_of(const json::object& message) {
  const auto* content = message.if_contains("content");
  if (!content)
    return {};
  if (content->is_string())
    return std::string{view(content->get_string())};
  std::string text;
  if (const auto* parts = content->if_array())
    for (const auto& part : *parts)
      if (const auto* object = part.if_object())
        text += string_member(*object, "text");
  return text;
}

// splitmix64: one well-mixed number per request and question, whatever the order requests come in.
double dice(std::uint64_t seed, std::uint64_t number, std::uint64_t question) {
  auto x = seed * 0x9e3779b97f4a7c15u + number * 0xbf58476d1ce4e5b9u + question * 0x94d049bb133111ebu;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

bool plan_by_model(plan& what, std::string_view model) {
  if (!model.starts_with("mock-"))
    return false;
  model.remove_prefix(5);
  if (model == "hang")
    what.fault = fault::hang;
  else if (model == "cut")
    what.fault = fault::cut;
  else if (model == "html")
    what.fault = fault::html;
  else if (model == "no-choices")
    what.fault = fault::no_choices;
  else if (model == "filtered")
    what.fault = fault::filtered;
  else if (model == "broken-off")
    what.fault = fault::broken_off;
  else if (model == "huge")
    what.body_bytes = huge_body;
  else {
    std::uint32_t status = 0;
    const auto [end, problem] = std::from_chars(model.data(), model.data() + model.size(), status);
    if (problem != std::errc{} || end != model.data() + model.size() || status < 300 || status > 599)
      return false;
    what.fault = fault::status;
    what.status = status;
  }
  return true;
}

template <class Integer>
void append_number(std::string& out, Integer value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_envelope(std::string& out, std::string_view object, const chat_request& request,
                     std::uint64_t number, std::int64_t created) {
  out += R"({"id":"chatcmpl-mock-)";
  append_number(out, number);
  out += R"(","object":")";
  out += object;
  out += R"(","created":)";
  append_number(out, created);
  out += R"(,"model":)";
  llm::append_json_string(out, request.model);
}

void append_usage(std::string& out, const chat_request& request, std::string_view text) {
  const auto tokens = llm::estimate_tokens(text);
  out += R"("usage":{"prompt_tokens":)";
  append_number(out, request.prompt_tokens);
  out += R"(,"completion_tokens":)";
  append_number(out, tokens);
  out += R"(,"total_tokens":)";
  append_number(out, request.prompt_tokens + tokens);
  out += '}';
}

std::uint64_t count_member(const json::object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member && member->is_int64() && member->get_int64() > 0
           ? static_cast<std::uint64_t>(member->get_int64())
           : 0;
}

std::vector<std::string> read_stop(const json::object& object) {
  std::vector<std::string> stop;
  const auto* member = object.if_contains("stop");
  if (member && member->is_string())
    stop.emplace_back(view(member->get_string()));
  if (const auto* list = member ? member->if_array() : nullptr)
    for (const auto& entry : *list)
      if (entry.is_string())
        stop.emplace_back(view(entry.get_string()));
  return stop;
}

std::string_view tool_name(const json::value* tool) {
  const auto* object = tool ? tool->if_object() : nullptr;
  for (const auto* kind : {"function", "custom"})
    if (const auto* of_kind = object ? object->if_contains(kind) : nullptr; of_kind && of_kind->is_object())
      return string_member(of_kind->get_object(), "name");
  return {};
}

/// The tool that the request wants to be called: the one of `tool_choice`, else the first.
std::string_view read_tool(const json::object& object) {
  const auto* tools = object.if_contains("tools");
  if (!tools || !tools->is_array() || tools->get_array().empty() ||
      string_member(object, "tool_choice") == "none")
    return {};
  const auto chosen = tool_name(object.if_contains("tool_choice"));
  return chosen.empty() ? tool_name(&tools->get_array().front()) : chosen;
}

void append_reason(std::string& out, std::string_view reason) {
  out.append(R"("finish_reason":")").append(reason).append("\"}");
}

std::string further_text(std::uint64_t index, const said_text& said) {
  std::string text{said.text};
  text += " (";
  append_number(text, index + 1);
  return text + ')';
}

void append_choice(std::string& out, std::uint64_t index, const said_text& said) {
  out += R"(,{"index":)";
  append_number(out, index);
  out += R"(,"message":{"role":"assistant","content":)";
  llm::append_json_string(out, further_text(index, said));
  out += "},";
  append_reason(out, said.reason);
}

void append_call(std::string& out, const chat_request& request, std::uint64_t number,
                 std::string_view arguments) {
  out += R"({"id":"call_mock_)";
  append_number(out, number);
  out += R"(","type":"function","function":{"name":)";
  llm::append_json_string(out, request.tool);
  out += R"(,"arguments":)";
  llm::append_json_string(out, arguments);
  out += "}}";
}

/// The call without arguments, then these in pieces.
std::vector<std::string> call_deltas(const chat_request& request, std::uint64_t number,
                                     std::string_view arguments) {
  std::string begin = R"({"role":"assistant","content":null,"tool_calls":[)";
  append_call(begin, request, number, {});
  begin.insert(begin.find(R"({"id")") + 1, R"("index":0,)");
  std::vector<std::string> deltas{begin + "]}"};
  while (!arguments.empty()) {
    const auto piece = llm::utf8_prefix(arguments, bytes_of_delta);
    arguments.remove_prefix(piece.size());
    auto& delta = deltas.emplace_back(R"({"tool_calls":[{"index":0,"function":{"arguments":)");
    llm::append_json_string(delta, piece);
    delta += "}}]}";
  }
  return deltas;
}

std::string_view error_type(std::uint32_t status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 404:
    return "not_found_error";
  case 429:
    return "rate_limit_exceeded";
  default:
    return status < 500 ? "invalid_request_error" : "server_error";
  }
}

} // namespace

std::optional<chat_request> parse_chat_request(std::string_view body) {
  std::array<unsigned char, 4096> scratch;
  json::monotonic_resource memory{scratch.data(), scratch.size()};
  boost::system::error_code problem;
  const auto value = json::parse({body.data(), body.size()}, problem, &memory);
  const auto* object = problem ? nullptr : value.if_object();
  const auto* messages = object ? object->if_contains("messages") : nullptr;
  if (!messages || !messages->is_array())
    return std::nullopt;
  chat_request request;
  request.model = string_member(*object, "model");
  request.stream = true_member(*object, "stream");
  if (const auto* options = object->if_contains("stream_options"); options && options->is_object())
    request.include_usage = true_member(options->get_object(), "include_usage");
  request.choices = std::clamp<std::uint64_t>(count_member(*object, "n"), 1, most_choices);
  request.stop = read_stop(*object);
  request.most_tokens =
    std::max(count_member(*object, "max_tokens"), count_member(*object, "max_completion_tokens"));
  request.prompt_tokens = 3;
  request.tool = read_tool(*object);
  for (const auto& entry : messages->get_array()) {
    const auto* message = entry.if_object();
    if (!message)
      return std::nullopt;
    auto content = content_of(*message);
    request.prompt_tokens += 4 + llm::estimate_tokens(content);
    if (string_member(*message, "role") == "user")
      request.last_user = std::move(content);
  }
  const auto& all = messages->get_array();
  if (!all.empty() && string_member(all.back().get_object(), "role") == "tool")
    request.tool.clear(); // it was called
  return request;
}

plan plan_request(const options& how, std::string_view model, std::uint64_t number) {
  plan what;
  what.body_bytes = how.body_bytes;
  what.delay = how.latency;
  if (how.jitter.count() > 0)
    what.delay += std::chrono::milliseconds{
      static_cast<std::int64_t>(dice(how.seed, number, 1) * static_cast<double>(how.jitter.count() + 1))};
  if (plan_by_model(what, model))
    return what;
  if (number < how.fail_first || dice(how.seed, number, 2) < how.errors) {
    what.fault = fault::status;
    what.status = how.error_status;
  } else if (dice(how.seed, number, 3) < how.hang)
    what.fault = fault::hang;
  else if (dice(how.seed, number, 4) < how.cut_connections)
    what.fault = fault::cut;
  else if (how.html)
    what.fault = fault::html;
  else if (how.no_choices)
    what.fault = fault::no_choices;
  return what;
}

std::string_view answer_text(const options& how, const chat_request& request, std::uint64_t number) {
  if (!how.script.empty())
    return how.script[number % how.script.size()];
  return how.answer.empty() ? request.last_user : how.answer;
}

std::string_view next_piece(std::string_view text) noexcept {
  return text.substr(0, std::min(text.find(' ', 1), text.size()));
}

said_text cut_text(const chat_request& request, std::string_view text) {
  for (const auto& stop : request.stop)
    if (!stop.empty())
      text = text.substr(0, text.find(stop));
  if (request.most_tokens == 0)
    return {text, "stop"};
  std::size_t end = 0;
  for (std::uint64_t i = 0; i < request.most_tokens && end < text.size(); ++i)
    end += next_piece(text.substr(end)).size();
  return {text.substr(0, end), end < text.size() ? "length" : "stop"};
}

std::string call_arguments(std::string_view text) {
  boost::system::error_code problem;
  if (const auto value = json::parse({text.data(), text.size()}, problem); !problem && value.is_object())
    return std::string{text};
  std::string arguments = R"({"text":)";
  llm::append_json_string(arguments, text);
  return arguments + '}';
}

answer_body completion_body(const chat_request& request, std::string_view text, const plan& what,
                            std::uint64_t number, std::int64_t created, std::string_view members) {
  answer_body body;
  body.head.reserve(320 + text.size() + text.size() / 16);
  append_envelope(body.head, "chat.completion", request, number, created);
  if (what.fault == fault::no_choices) {
    body.head += R"(,"choices":[]})";
    return body;
  }
  if (what.fault == fault::filtered) {
    body.head += R"(,"choices":[{"index":0,"message":{"role":"assistant","content":null},)";
    append_reason(body.head, "content_filter");
    body.head += "]}";
    return body;
  }
  const auto said = cut_text(request, text);
  if (request.tool.empty()) {
    body.head += R"(,"choices":[{"index":0,"message":{"role":"assistant","content":)";
    llm::append_json_string(body.head, said.text);
    body.head.pop_back(); // the closing quote moves behind the padding
    body.tail = R"("},)";
  } else {
    body.head += R"(,"choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[)";
    append_call(body.head, request, number, call_arguments(text));
    body.tail = "]},";
  }
  body.tail += members;
  append_reason(body.tail, request.tool.empty() ? said.reason : "tool_calls");
  for (std::uint64_t i = 1; i < request.choices; ++i)
    append_choice(body.tail, i, said);
  body.tail += "],";
  append_usage(body.tail, request, said.text);
  body.tail += '}';
  if (what.body_bytes > body.size() && request.tool.empty())
    body.padding = what.body_bytes - body.size();
  return body;
}

std::vector<std::string> completion_events(const chat_request& request, std::string_view text,
                                           std::uint64_t number, std::int64_t created, const plan& what) {
  std::string opening = "data: ";
  append_envelope(opening, "chat.completion.chunk", request, number, created);
  std::vector<std::string> events;
  std::uint64_t index = 0;
  const auto add = [&](std::string_view delta, std::string_view finish = {}) {
    auto& event = events.emplace_back(opening);
    event += R"(,"choices":[{"index":)";
    append_number(event, index);
    event.append(R"(,"delta":)").append(delta);
    event.append(R"(,"finish_reason":)");
    if (finish.empty())
      event += "null";
    else
      event.append("\"").append(finish).append("\"");
    event += "}]}\n\n";
  };
  const auto say = [&](std::string_view rest) {
    while (!rest.empty()) {
      const auto piece = next_piece(rest);
      rest.remove_prefix(piece.size());
      std::string delta = R"({"content":)";
      llm::append_json_string(delta, piece);
      add(delta + '}');
    }
  };
  const auto said = cut_text(request, text);
  if (what.fault == fault::filtered) {
    add(R"({"role":"assistant"})");
    add("{}", "content_filter");
  } else if (what.fault == fault::broken_off) {
    say(next_piece(said.text));
    events.emplace_back("data: " + error_body(500, "The mock was told to fail.") + "\n\n");
    return events;
  } else if (request.tool.empty()) {
    add(R"({"role":"assistant","content":""})");
    say(said.text);
    add("{}", said.reason);
  } else {
    for (const auto& delta : call_deltas(request, number, call_arguments(text)))
      add(delta);
    add("{}", "tool_calls");
  }
  for (index = 1; index < request.choices; ++index) {
    add(R"({"role":"assistant","content":""})");
    say(further_text(index, said));
    add("{}", said.reason);
  }
  if (request.include_usage) {
    events.push_back(opening + R"(,"choices":[],)");
    append_usage(events.back(), request, said.text);
    events.back() += "}\n\n";
  }
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

std::string error_body(std::uint32_t status, std::string_view message) {
  std::string body = R"({"error":{"message":)";
  llm::append_json_string(body, message);
  body += R"(,"type":")";
  body += error_type(status);
  body += R"(","param":null,"code":)";
  append_number(body, status);
  body += "}}";
  return body;
}

} // namespace guardrails::mock_llm
