// Walks over a document in the order of its text.
#include "json/document_text.hpp"

#include "json/document.hpp"

#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

namespace guardrails::json {

namespace {

namespace bj = boost::json;

/// A number as people write it: `4111111111111111.0` and `4.111111111111111e15` say the same. The digits are
/// the fewest that tell the number from its neighbours, with zeros for the others.
std::string digits_of(const bj::value& number) {
  constexpr int longest = 40;
  if (!number.is_double())
    return bj::serialize(number);
  std::array<char, 32> shortest{};
  const auto end = std::to_chars(shortest.data(), shortest.data() + shortest.size(), number.get_double(),
                                 std::chars_format::scientific)
                     .ptr;
  const std::string_view written{shortest.data(), static_cast<std::size_t>(end - shortest.data())};
  const auto mark = written.find('e');
  const int exponent = std::stoi(std::string{written.substr(mark + 1)});
  if (exponent < 0 || exponent > longest)
    return bj::serialize(number);
  std::string digits{written.substr(0, mark)};
  const auto point = digits.find('.');
  if (point != std::string::npos)
    digits.erase(point, 1);
  const auto whole = static_cast<std::size_t>(exponent) + (digits.front() == '-' ? 2u : 1u);
  if (digits.size() > whole)
    digits.insert(whole, 1, '.');
  else
    digits.append(whole - digits.size(), '0');
  return digits;
}

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
      leaf(at, digits_of(at));
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
