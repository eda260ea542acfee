// Rows of JSON, marks, and the conventions that make spans of different origin comparable.
#include "train/annotated_text.hpp"

#include "checks/tagger/gazetteers.hpp"
#include "checks/tagger/tokens.hpp"
#include "checks/utf8.hpp"

#include <guardrails/pii.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>

namespace guardrails::train {

namespace {

namespace json = boost::json;

std::size_t place_in(const json::object& span, std::string_view name) {
  const auto* found = span.if_contains({name.data(), name.size()});
  if (found == nullptr || !found->is_int64() || found->get_int64() < 0)
    throw row_error{"a span has no `start` and `end`"};
  return static_cast<std::size_t>(found->get_int64());
}

// Byte of every code point, and of the end.
std::vector<std::size_t> code_point_places(std::string_view text) {
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < text.size(); at += checks::decode_at(text, at).length)
    places.push_back(at);
  places.push_back(text.size());
  return places;
}

void order(std::vector<annotated_span>& spans) {
  std::ranges::sort(spans, {}, &annotated_span::begin);
  for (std::size_t i = 1; i < spans.size(); ++i)
    if (spans[i].begin < spans[i - 1].end)
      throw row_error{"spans overlap"};
}

constexpr bool is_mark_letter(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || c == '_';
}

constexpr std::array<std::string_view, 3> names_of_location{"GPE", "ADDRESS", "STREET_ADDRESS"};

bool is_address_in_parts(std::string_view between) noexcept {
  return between.find_first_not_of(" \t\r\n,") == std::string_view::npos;
}

// Where the name begins behind `Dr.` and the like; the end where there is nothing else.
std::size_t begin_of_name(std::string_view text, const annotated_span& span) {
  const auto& lists = checks::tagger::gazetteers::all();
  checks::tagger::tokeniser tokens{text.substr(span.begin, span.end - span.begin)};
  checks::tagger::token t;
  auto after_honorific = false;
  while (tokens.next(t)) {
    const auto is_honorific = (lists.find(t.word).lists & checks::tagger::word_list_flag::honorific) != 0;
    if (!is_honorific && (t.is_word || !after_honorific))
      return span.begin + t.begin;
    after_honorific = true;
  }
  return span.end;
}

} // namespace

annotated_text read_marked(std::string_view marked) {
  annotated_text row;
  while (!marked.empty()) {
    const auto open = marked.find('[');
    row.text += marked.substr(0, open);
    if (open == std::string_view::npos)
      break;
    marked.remove_prefix(open);
    const auto name_end = static_cast<std::size_t>(
      std::find_if_not(marked.begin() + 1, marked.end(), is_mark_letter) - marked.begin());
    const bool is_named = name_end >= 3 && name_end < marked.size() && marked[name_end] == ' ';
    const auto close = is_named ? marked.find(']') : std::string_view::npos;
    if (close == std::string_view::npos) {
      row.text += '[';
      marked.remove_prefix(1);
      continue;
    }
    if (close == name_end + 1)
      throw row_error{"a mark is empty"};
    const auto begin = row.text.size();
    row.text += marked.substr(name_end + 1, close - name_end - 1);
    row.spans.push_back({std::string{marked.substr(1, name_end - 1)}, begin, row.text.size()});
    marked.remove_prefix(close + 1);
  }
  return row;
}

std::string read_text(std::string_view line) {
  const auto row = parse_row(line);
  const auto* text = string_in(row, "text");
  if (text == nullptr)
    throw row_error{"the row has no `text`"};
  return {text->data(), text->size()};
}

annotated_text read_annotated(std::string_view line) {
  const auto row = parse_row(line);
  if (const auto* marked = string_in(row, "marked"))
    return read_marked({marked->data(), marked->size()});
  const auto* text = string_in(row, "text");
  const auto* spans = row.if_contains("spans");
  if (text == nullptr || spans == nullptr || !spans->is_array())
    throw row_error{"the row has neither `text` and `spans` nor `marked`"};
  annotated_text read{{text->data(), text->size()}, {}};
  const auto places = code_point_places(read.text);
  for (const auto& value : spans->get_array()) {
    if (!value.is_object())
      throw row_error{"a span is no object"};
    const auto& span = value.get_object();
    const auto* entity = string_in(span, "entity");
    const auto begin = place_in(span, "start");
    const auto end = place_in(span, "end");
    if (entity == nullptr || begin >= end || end >= places.size())
      throw row_error{"a span lies outside of its text, or has no `entity`"};
    read.spans.push_back({{entity->data(), entity->size()}, places[begin], places[end]});
  }
  order(read.spans);
  return read;
}

bool is_known_entity(std::string_view name) {
  constexpr std::array<std::string_view, 4> outside{"AGE", "PREFIX", "TITLE", "ZIP_CODE"};
  return std::ranges::binary_search(known_entities(), name) ||
         std::ranges::find(names_of_location, name) != names_of_location.end() ||
         std::ranges::find(outside, name) != outside.end();
}

std::vector<annotated_span> unify(std::string_view text, std::vector<annotated_span> spans) {
  std::vector<annotated_span> unified;
  for (auto& span : spans) {
    if (std::ranges::find(names_of_location, span.entity) != names_of_location.end())
      span.entity = "LOCATION";
    if (span.entity == "PERSON")
      span.begin = begin_of_name(text, span);
    if (span.begin == span.end)
      continue;
    const auto continues =
      !unified.empty() && span.entity == "LOCATION" && unified.back().entity == "LOCATION" &&
      is_address_in_parts(text.substr(unified.back().end, span.begin - unified.back().end));
    if (continues)
      unified.back().end = span.end;
    else
      unified.push_back(std::move(span));
  }
  return unified;
}

} // namespace guardrails::train
