// Walks over a document in the order of its text.
#include "json/document_text.hpp"

#include "json/document.hpp"

#include <boost/json/serialize.hpp>

#include <utility>

namespace guardrails::json {

namespace {

namespace bj = boost::json;

/// Writes down the text of a value; with a rewriting, the value changes on the way.
class walk {
public:
  explicit walk(const document_text::rewriting* rewrite)
    : rewrite_{rewrite} {}

  void value(bj::value& at) {
    if (auto* inner = at.if_object())
      return object(*inner);
    if (auto* elements = at.if_array()) {
      for (auto& element : *elements)
        value(element);
      return;
    }
    if (at.is_string())
      leaf(at, {at.get_string().data(), at.get_string().size()});
    else if (at.is_number())
      leaf(at, bj::serialize(at));
  }

  std::string text;
  bool changed = false;
  std::size_t members = 0;

private:
  void object(bj::object& from) {
    bj::object to;
    for (auto& member : from) {
      ++members;
      const auto name = piece({member.key().data(), member.key().size()});
      text += member.value().is_structured() ? ":\n" : ": ";
      value(member.value());
      if (rewrite_)
        to.insert_or_assign(name, std::move(member.value()));
    }
    if (rewrite_)
      from = std::move(to);
  }

  void leaf(bj::value& at, std::string said) {
    if (auto now = piece(said); rewrite_ && now != said)
      at = bj::string(now);
    text += '\n';
  }

  std::string piece(std::string said) {
    const auto offset = text.size();
    text += said;
    if (!rewrite_)
      return said;
    auto now = (*rewrite_)(said, offset);
    changed |= now != said;
    return now;
  }

  const document_text::rewriting* rewrite_;
};

/// How many members a JSON text has, those of the same name included.
std::size_t count_members(std::string_view document) {
  std::size_t count = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < document.size(); ++i) {
    if (quoted && document[i] == '\\')
      ++i;
    else if (document[i] == '"')
      quoted = !quoted;
    else
      count += !quoted && document[i] == ':';
  }
  return count;
}

} // namespace

std::optional<document_text> document_text::read(std::string_view document) {
  auto parsed = parse(document);
  auto* value = std::get_if<bj::value>(&parsed);
  if (!value || !value->is_structured())
    return std::nullopt;
  document_text result;
  walk reading{nullptr};
  reading.value(*value);
  result.value_ = std::move(*value);
  result.text_ = std::move(reading.text);
  result.repeats_names_ = count_members(document) != reading.members;
  return result;
}

std::optional<std::string> document_text::rewritten(const rewriting& rewrite) const {
  auto value = value_;
  walk writing{&rewrite};
  writing.value(value);
  if (!writing.changed && !repeats_names_)
    return std::nullopt;
  return bj::serialize(value);
}

} // namespace guardrails::json
