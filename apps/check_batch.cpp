// The batch form of `check`: JSON lines in, the same lines with a report out.
#include "apps/check_command.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <istream>
#include <ostream>
#include <stdexcept>
#include <string>

namespace guardrails::apps {

namespace {

// What a line holds, or that it was longer than allowed and has been skipped.
struct batch_line {
  std::string text;
  bool too_long = false;
};

bool read_line(std::istream& in, batch_line& line) {
  line.text.clear();
  line.too_long = false;
  auto* buffer = in.rdbuf();
  bool any = false;
  for (int c = buffer->sbumpc(); c != std::char_traits<char>::eof(); c = buffer->sbumpc()) {
    any = true;
    if (c == '\n')
      return true;
    if (line.text.size() < longest_batch_line)
      line.text.push_back(static_cast<char>(c));
    else
      line.too_long = true;
  }
  return any;
}

std::string_view text_of(const boost::json::object& line) {
  const auto* text = line.if_contains("text");
  if (!text || !text->is_string())
    throw std::invalid_argument{"expected a string `text`"};
  return text->get_string();
}

text_verdict judged(const text_judge& judge, const boost::json::object& line) {
  const auto content = text_of(line);
  const auto* channel = line.if_contains("channel");
  if (channel && !channel->is_string())
    throw std::invalid_argument{"expected a string `channel`"};
  const auto name = channel ? std::string_view{channel->get_string()} : "user";
  if (const auto from = checks::text_channel_named(name))
    return judge.judge(*from, content);
  throw std::invalid_argument{"expected `channel` user, data or output"};
}

// The line with one more member. Its own come back as they were written: numbers may be too large for us.
std::string with_member(std::string line, boost::json::object& members, std::string_view name,
                        std::string_view value) {
  if (members.erase(name) > 0)
    line = boost::json::serialize(members);
  line.resize(line.rfind('}'));
  return line.append(",\"").append(name).append("\":").append(value).append("}");
}

std::string answered(const text_judge& judge, const batch_line& line) {
  if (line.too_long)
    throw std::invalid_argument{"a line of more than " + std::to_string(longest_batch_line) + " bytes"};
  boost::json::error_code error;
  auto parsed = boost::json::parse(line.text, error);
  if (error)
    throw std::invalid_argument{"not JSON: " + error.message()};
  if (!parsed.is_object())
    throw std::invalid_argument{"expected a JSON object"};
  auto& members = parsed.get_object();
  auto report = to_json(judged(judge, members));
  report["scores"] = judge.scores(text_of(members));
  return with_member(line.text, members, "report", boost::json::serialize(report));
}

} // namespace

std::size_t check_batch(const text_judge& judge, std::istream& in, std::ostream& out) {
  std::size_t malformed = 0;
  batch_line line;
  for (std::size_t number = 1; out && read_line(in, line); ++number) {
    std::string answer;
    try {
      answer = answered(judge, line);
    } catch (const std::invalid_argument& error) {
      ++malformed;
      answer = boost::json::serialize(boost::json::object{{"error", error.what()}, {"line", number}});
    }
    out << answer << '\n';
  }
  out.flush();
  return malformed;
}

} // namespace guardrails::apps
