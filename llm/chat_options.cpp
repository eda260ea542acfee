// Reads options one by one; the first that has no form ends it.
#include "llm/chat_options.hpp"

#include "llm/json_reader.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <array>

namespace guardrails::llm {

namespace json = boost::json;

namespace {

/// Not the model's concern, or no concern of the answer's.
constexpr std::array<std::string_view, 11> without_effect{"model",
                                                          "messages",
                                                          "stream",
                                                          "stream_options",
                                                          "user",
                                                          "metadata",
                                                          "store",
                                                          "service_tier",
                                                          "safety_identifier",
                                                          "prompt_cache_key",
                                                          "prompt_cache_retention"};

bool is_zero(const json::value& value) {
  return (value.is_int64() && value.get_int64() == 0) || (value.is_double() && value.get_double() == 0);
}

bool is_false(const json::value& value) {
  return value.is_bool() && !value.get_bool();
}

bool is_empty(const json::value& value) {
  return (value.is_object() && value.get_object().empty()) || (value.is_array() && value.get_array().empty());
}

/// Says what any model does that is told nothing.
bool goes_without_saying(const json::value& value) {
  return value.is_null() || is_zero(value) || is_false(value) || is_empty(value);
}

class option_reader {
public:
  option_reader(llm_engine engine, const option_forms& forms)
    : engine_{engine}
    , forms_{forms} {}

  void take(std::string_view name, const json::value& value) {
    if (value.is_null() || std::ranges::find(without_effect, name) != without_effect.end())
      return;
    if (!take_sampling(name, value) && !take_limits(name, value) && !take_tools(name, value) &&
        !goes_without_saying(value))
      refuse(name);
  }

  const std::optional<generation_error>& problem() const noexcept { return problem_; }

  /// What the configuration says where the caller does not.
  chat_options with(const llm_config& config) {
    auto& o = read_;
    if (!o.temperature)
      o.temperature = config.temperature;
    if (!o.top_p)
      o.top_p = config.top_p;
    if (!o.max_tokens && config.max_tokens)
      o.max_tokens = *config.max_tokens;
    if (!has_stop_)
      o.stop = config.stop;
    return std::move(o);
  }

private:
  bool take_sampling(std::string_view name, const json::value& value) {
    if (name == "temperature")
      return read_number(name, value, read_.temperature);
    if (name == "top_p")
      return read_number(name, value, read_.top_p);
    if (name == "top_k" && forms_.top_k)
      return read_integer(name, value, read_.top_k);
    if (name == "seed") // zero says something here
      return forms_.seed ? read_integer(name, value, read_.seed) : refuse(name);
    if (name == "presence_penalty" && forms_.penalties)
      return read_number(name, value, read_.presence_penalty);
    if (name == "frequency_penalty" && forms_.penalties)
      return read_number(name, value, read_.frequency_penalty);
    return false;
  }

  bool take_limits(std::string_view name, const json::value& value) {
    if (name == "max_completion_tokens" || (name == "max_tokens" && !read_.max_tokens))
      return read_integer(name, value, read_.max_tokens);
    if (name == "max_tokens")
      return true; // the newer name goes before
    if (name == "n")
      return read_choices(value);
    if (name == "stop")
      return read_stop(value);
    if (name == "response_format")
      return read_format(value);
    if (name == "modalities")
      return value.is_array() && value.get_array().size() == 1 &&
             string_of(&value.get_array().front()) == "text";
    return false;
  }

  bool take_tools(std::string_view name, const json::value& value) {
    if (name == "tools")
      return read_tools(value);
    if (name == "tool_choice")
      return read_tool_choice(value);
    if (name == "parallel_tool_calls" && value.is_bool() && (value.get_bool() || forms_.one_call_at_most)) {
      read_.one_call_at_most = !value.get_bool();
      return true;
    }
    if (name == "parallel_tool_calls")
      return refuse(name); // false says something here
    return false;
  }

  bool read_number(std::string_view name, const json::value& value, std::optional<double>& to) {
    if (!value.is_number())
      return refuse(name, "expected a number");
    to = value.to_number<double>();
    return true;
  }

  bool read_integer(std::string_view name, const json::value& value, std::optional<std::int64_t>& to) {
    if (!value.is_int64())
      return refuse(name, "expected an integer");
    to = value.get_int64();
    return true;
  }

  bool read_choices(const json::value& value) {
    if (value.is_int64() && value.get_int64() == 1)
      return true;
    return forms_.choices ? read_integer("n", value, read_.choices) : refuse("n");
  }

  bool read_stop(const json::value& value) {
    has_stop_ = true;
    if (value.is_string())
      read_.stop.emplace_back(view(value.get_string()));
    const auto* list = value.if_array();
    if (!value.is_string() && !list)
      return refuse("stop", "expected a text or a list of texts");
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      if (!(*list)[i].is_string())
        return refuse("stop", "expected a text or a list of texts");
      read_.stop.emplace_back(view((*list)[i].get_string()));
    }
    return true;
  }

  bool read_format(const json::value& value) {
    const auto type = string_of(member(&value, "type"));
    if (type == "text")
      return true;
    if (!forms_.json_answer || (type != "json_object" && type != "json_schema"))
      return refuse("response_format");
    read_.json_answer = true;
    if (const auto* schema = member(member(&value, "json_schema"), "schema"))
      read_.answer_schema = json::value(*schema, json::storage_ptr{});
    return true;
  }

  bool read_tools(const json::value& value) {
    const auto* list = value.if_array();
    if (!list)
      return refuse("tools", "expected a list");
    for (const auto& tool : *list) {
      const auto* function = member(&tool, "function");
      const auto name = string_of(member(function, "name"));
      if (name.empty())
        return refuse("tools", "expected functions with names; other tools have no form");
      if (const auto* strict = member(function, "strict"); strict && !goes_without_saying(*strict))
        return refuse("tools", "`strict` has no form");
      auto& to = read_.tools.emplace_back();
      to.name = name;
      to.description = string_of(member(function, "description"));
      if (const auto* parameters = member(function, "parameters"))
        to.parameters = json::value(*parameters, json::storage_ptr{});
    }
    return true;
  }

  bool read_tool_choice(const json::value& value) {
    const auto word = string_of(&value);
    const auto named = string_of(member(member(&value, "function"), "name"));
    if (word == "auto")
      read_.choice = tool_choice::automatic;
    else if (word == "none")
      read_.choice = tool_choice::none;
    else if (word == "required")
      read_.choice = tool_choice::required;
    else if (!named.empty()) {
      read_.choice = tool_choice::named;
      read_.chosen_tool = named;
    } else
      return refuse("tool_choice", "expected auto, none, required or a function");
    return true;
  }

  /// True, so that nobody else looks at the option.
  bool refuse(std::string_view name, std::string_view why = {}) {
    std::string message{"options."};
    // The name is the caller's word: it is cut, and what is no name is not repeated.
    const bool plain = name.size() <= 64 && std::ranges::all_of(name, [](char c) {
                         return c == '_' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                       });
    message.append(plain ? name : std::string_view{"?"}).append(": ");
    if (why.empty())
      message.append("has no form with engine ").append(boost::describe::enum_to_string(engine_, "?"));
    else
      message.append(why);
    if (!problem_)
      problem_ = generation_error{"invalid_request", std::move(message), 0};
    return true;
  }

  llm_engine engine_;
  const option_forms& forms_;
  chat_options read_;
  bool has_stop_ = false;
  std::optional<generation_error> problem_;
};

} // namespace

std::variant<chat_options, generation_error> read_options(const llm_config& config, std::string_view options,
                                                          const option_forms& forms) {
  option_reader reader{config.engine, forms};
  bounded_parser parser;
  const auto* wanted = options.empty() ? nullptr : parser.parse(options);
  if (const auto* members = wanted ? wanted->if_object() : nullptr)
    for (const auto& [key, value] : *members)
      reader.take({key.data(), key.size()}, value);
  if (reader.problem())
    return *reader.problem();
  return reader.with(config);
}

} // namespace guardrails::llm
