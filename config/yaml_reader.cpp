// Checks the bytes, then runs yaml-cpp's parser over them.
#include "config/yaml_reader.hpp"

#include "config/printable.hpp"
#include "config/tree_builder.hpp"

#include <guardrails/errors.hpp>

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>

namespace guardrails::config {

namespace {

/// Lets the parser read the text in place.
class text_buffer : public std::streambuf {
public:
  explicit text_buffer(std::string_view text) {
    // The get area is only ever read; the interface merely lacks const.
    auto* begin = const_cast<char*>(text.data());
    setg(begin, begin, begin + text.size());
  }
};

mark mark_of_byte(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1; // npos + 1 is 0
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(offset - line_start) + 1};
}

[[noreturn]] void refuse(const std::string& source, mark at, std::string problem) {
  throw config_error{{source, at.line, at.column}, {}, std::move(problem)};
}

void check_bytes(std::string_view text, const std::string& source) {
  if (text.size() > document_limits::bytes)
    refuse(source, {}, "is longer than 4 MiB; expected a configuration file");
  if (const auto bad = find_invalid_utf8(text); bad != std::string_view::npos)
    refuse(source, mark_of_byte(text, bad), "is not valid UTF-8; expected a text in UTF-8");
  const auto control = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f || (byte < ' ' && c != '\t' && c != '\n' && c != '\r');
  });
  // Beyond being forbidden by YAML, byte 4 would end the document for yaml-cpp.
  if (control != text.end())
    refuse(source, mark_of_byte(text, static_cast<std::size_t>(control - text.begin())),
           "a control character; expected printable text");
}

/// The parser misreads tabs in the indentation and complains elsewhere, so they are looked for once it has
/// failed.
void check_tabs(std::string_view text, const std::string& source) {
  for (std::size_t line = 0; line < text.size();) {
    const auto indented = text.find_first_not_of(" ", line);
    if (indented != std::string_view::npos && text[indented] == '\t')
      refuse(source, mark_of_byte(text, indented),
             "not valid YAML: a tab in the indentation; expected spaces");
    const auto end = text.find('\n', line);
    if (end == std::string_view::npos)
      break;
    line = end + 1;
  }
}

/// The parser's memory grows with the brackets that are open, long before the builder hears of them. Brackets
/// within texts count as well, hence a bound far above the depth that is allowed.
void check_brackets(std::string_view text, const std::string& source) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[' || text[i] == '{')
      ++open;
    else if ((text[i] == ']' || text[i] == '}') && open > 0)
      --open;
    if (open > document_limits::open_brackets)
      refuse(source, mark_of_byte(text, i), "is nested too deeply: more than 10000 brackets are open");
  }
}

void parse(std::string_view text, tree_builder& builder) {
  text_buffer buffer{text};
  std::istream in{&buffer};
  YAML::Parser parser{in};
  // What follows the first document is parsed as well: the builder refuses a second one, and no text goes
  // unread.
  while (parser.HandleNextDocument(builder))
    continue;
}

} // namespace

node read_yaml(std::string_view text, const std::string& source) {
  check_bytes(text, source);
  check_brackets(text, source);
  tree_builder builder{source};
  try {
    parse(text, builder);
  } catch (const YAML::Exception& e) {
    check_tabs(text, source);
    const auto known = !e.mark.is_null() && e.mark.line >= 0;
    refuse(source, known ? mark{e.mark.line + 1, e.mark.column + 1} : mark{},
           "not valid YAML: " + printable(e.msg, 120));
  } catch (const config_error&) {
    throw;
  } catch (const std::exception& e) {
    refuse(source, {}, "not valid YAML: " + printable(e.what(), 120));
  }
  return builder.take();
}

} // namespace guardrails::config
