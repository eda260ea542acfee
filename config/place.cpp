// Error sentences about one value, and the replacement of environment variables in it.
#include "config/place.hpp"

#include "config/environment.hpp"
#include "config/printable.hpp"

namespace guardrails::config {

void place::fail(std::string problem, std::string suggestion) const {
  throw config_error{
    {in.source, value.at.line, value.at.column}, path, std::move(problem), std::move(suggestion)};
}

void place::fail_type(const std::string& expected, std::string suggestion) const {
  fail("is " + found() + "; expected " + expected, std::move(suggestion));
}

void place::fail_range(const std::string& expected) const {
  fail("is out of range (" + found() + "); expected " + expected);
}

std::string place::found() const {
  // Longer texts are not quoted: a key pasted into the wrong line must not end up in a log.
  constexpr std::size_t longest_quote = 16;
  switch (value.kind) {
  case shape::nothing:
    return "empty";
  case shape::list:
    return "a list";
  case shape::map:
    return "a map";
  case shape::scalar:
    break;
  }
  const auto refers = value.text.find("${") != std::string::npos;
  if (refers && in.env)
    return "a text with environment variables";
  if (value.text.empty() || value.text.size() > longest_quote)
    return value.text.empty() ? "an empty text" : "a text";
  return (value.quoted ? "the text \"" + printable(value.text, longest_quote) + '"'
                       : '`' + printable(value.text, longest_quote) + '`');
}

scalar place::read_scalar(const std::string& expected) const {
  if (value.kind != shape::scalar)
    fail_type(expected);
  if (!in.env)
    return {value.text, value.quoted, false};
  auto expanded = expand(value.text, in.env);
  if (!expanded.problem.empty())
    fail(std::move(expanded.problem));
  // Inside braces a reference must be quoted to be YAML at all, so quotes say nothing about its type.
  return {std::move(expanded.text), value.quoted && !expanded.used_environment, expanded.used_environment};
}

} // namespace guardrails::config
