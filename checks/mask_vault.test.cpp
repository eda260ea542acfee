// Masking and back: placeholders as models write them, texts that look like them, streams, bounds.
#include "checks/mask_vault.hpp"
#include "checks/placeholder.hpp"
#include "checks/unmasking.hpp"

#include <algorithm>
#include <cctype>
#include <random>
#include <vector>

#define CAF_SUITE mask_vault
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

finding masked(std::size_t begin, std::size_t end, std::string entity) {
  finding f;
  f.check = "pii";
  f.span = {begin, end};
  f.entity = std::move(entity);
  f.replacement = "<" + *f.entity + ">";
  return f;
}

std::string mask(mask_vault& vault, std::string_view text, std::vector<finding> findings = {},
                 std::uint64_t offset = 0) {
  return vault.mask(text, offset, findings);
}

std::string key_of(std::string_view text) {
  const auto found = read_placeholder(text);
  return found.match == placeholder_match::whole && found.length == text.size() ? found.key : "";
}

std::string opened(std::size_t letters) {
  std::string text(letters + 1, 'a');
  text.front() = '<';
  return text;
}

// -- random conversations

using random_source = std::mt19937;

std::size_t below(random_source& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>{0, limit - 1}(random);
}

template <class Range>
const auto& one_of(random_source& random, const Range& range) {
  return range[below(random, range.size())];
}

struct message {
  std::string text;
  std::vector<finding> findings;
};

const std::vector<std::string> entities{"EMAIL_ADDRESS", "PERSON", "CREDIT_CARD", "A", "A_1", "PHI_MRN"};
const std::vector<std::string> values{
  "anna@example.org", "Bob", "4111 1111 1111 1111", "x", "日本", "<b>", "&lt;"};
const std::vector<std::string> plain{"Hello ",
                                     "<",
                                     ">",
                                     "&lt;",
                                     "&",
                                     " 1>",
                                     "<h1>",
                                     "<A_1 ",
                                     "<A_1>",
                                     "<person_2>",
                                     "é",
                                     "\n",
                                     "_",
                                     "<A_11>",
                                     "<Person>",
                                     "&lt;A 1&gt;",
                                     "<QUOTED_TEXT_1>",
                                     "＜A\u200B1＞",
                                     "＜",
                                     "\uFEFF",
                                     "if a<b3 && c>d1 "};

message random_message(random_source& random) {
  message m;
  for (auto pieces = below(random, 12); pieces > 0; --pieces) {
    if (below(random, 3) > 0) {
      m.text += one_of(random, plain);
      continue;
    }
    const auto begin = m.text.size();
    m.text += one_of(random, values);
    m.findings.push_back(masked(begin, m.text.size(), one_of(random, entities)));
  }
  std::ranges::shuffle(m.findings, random);
  return m;
}

// Changes the case and the spacing of our placeholders, as models do. `<h1>` and the like are not ours.
std::string rewritten(random_source& random, const mask_vault& vault, std::string_view text) {
  std::string out;
  for (std::size_t pos = 0; pos < text.size();) {
    const auto found = read_placeholder(text.substr(pos));
    if (found.match != placeholder_match::whole || !vault.values().find(found.key)) {
      out += text[pos++];
      continue;
    }
    for (const auto c : text.substr(pos, found.length)) {
      if (c == '_')
        out += one_of(random, std::vector<std::string>{"_", " ", "-", "", "\\_", " _ ", "\u200B", "\u202F"});
      else if (c == '<')
        out += one_of(random, std::vector<std::string>{"<", "< ", "&lt;", "＜"});
      else if (c == '>')
        out += one_of(random, std::vector<std::string>{">", " >", "&gt;", "＞"});
      else
        out += below(random, 2) ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    pos += found.length;
  }
  return out;
}

std::string unmasked_in_pieces(random_source& random, const mask_vault& vault, std::string_view text) {
  unmasking stream{vault.values()};
  std::string out;
  while (!text.empty()) {
    const auto piece = text.substr(0, 1 + below(random, 9));
    out += stream.feed(piece);
    text.remove_prefix(piece.size());
  }
  return out.append(stream.finish());
}

} // namespace

TEST("placeholders are read whatever their case and spacing") {
  for (const auto* text : {"<EMAIL_ADDRESS_1>", "<email_address_1>", "< Email Address 1 >",
                           "<EMAIL-ADDRESS-1>", "<EMAIL\\_ADDRESS\\_1>", "<emailaddress1>",
                           "&lt;EMAIL_ADDRESS_1&gt;", "＜Email\u200BAddress 1＞", "<EMAIL_\nADDRESS_1>"})
    CHECK_EQ(key_of(text), "EMAILADDRESS1");
  for (const auto* text :
       {"<EMAIL_ADDRESS>", "<1>", "<>", "EMAIL_ADDRESS_1", "<EMAIL.1>", "<a=1>", "<é1>", "&gt;A1>"})
    CHECK_EQ(key_of(text), "");
  CHECK_EQ(key_of(opened(longest_placeholder).append("1>")), "");
}

TEST("a placeholder that may go on is unfinished") {
  for (const auto* text : {"", "<", "&", "&l", "<EMAIL", "<EMAIL_ADDRESS_1", "<EMAIL_ADDRESS_1&g", "<A \\",
                           "<A1\xC2", "\xEF", "\xEF\xBC"})
    CHECK(read_placeholder(text).match == placeholder_match::unfinished);
  for (const auto* text : {"x", "&x", "<A<", "<A&lt", "<A1\xC3", "\xEF\xBB"})
    CHECK(read_placeholder(text).match == placeholder_match::none);
}

TEST("equal values have one placeholder throughout the conversation, others have others") {
  mask_vault vault;
  const std::string first = "Bob and Anna and Bob";
  CHECK_EQ(mask(vault, first, {masked(0, 3, "PERSON"), masked(8, 12, "PERSON"), masked(17, 20, "PERSON")}),
           "<PERSON_1> and <PERSON_2> and <PERSON_1>");
  CHECK_EQ(mask(vault, "Anna", {masked(100, 104, "PERSON")}, 100), "<PERSON_2>");
  CHECK_EQ(mask(vault, "Anna", {masked(0, 4, "ORGANIZATION")}), "<ORGANIZATION_1>");
  CHECK_EQ(unmask("Dear <person 2>, <Person_1> and <PERSON_3>", vault.values()),
           "Dear Anna, Bob and <PERSON_3>");
  CHECK_EQ(vault.values().size(), 3u);
}

TEST("findings say what was written for them") {
  mask_vault vault;
  std::vector<finding> findings{masked(8, 12, "PERSON"), masked(0, 3, "PERSON"), finding{}};
  vault.mask("Bob and Anna", 0, findings);
  CHECK_EQ(findings[0].replacement.value(), "<PERSON_2>");
  CHECK_EQ(findings[1].replacement.value(), "<PERSON_1>");
  CHECK(!findings[2].replacement.has_value());
}

TEST("one conversation's vault knows nothing of another's") {
  mask_vault one;
  const mask_vault other;
  mask(one, "Bob", {masked(0, 3, "PERSON")});
  CHECK_EQ(unmask("<PERSON_1>", other.values()), "<PERSON_1>");
  CHECK(other.values().empty());
}

TEST("what looks like a placeholder comes back as it was") {
  mask_vault vault;
  CHECK_EQ(mask(vault, "<PERSON_1> is Bob", {masked(14, 17, "PERSON")}), "<PERSON_1> is <PERSON_2>");
  CHECK_EQ(unmask("<PERSON_1> is <PERSON_2>", vault.values()), "<PERSON_1> is Bob");
  const auto quoted = mask(vault, "who is <person 2>?");
  CHECK_EQ(quoted, "who is <QUOTED_TEXT_1>?");
  CHECK_EQ(unmask(quoted, vault.values()), "who is <person 2>?");
}

TEST("a placeholder that a mask of another check joins is quoted too") {
  mask_vault vault;
  mask(vault, "Bob", {masked(0, 3, "PERSON")});
  auto invisible = masked(4, 7, "X");
  invisible.check = "invisible_text";
  invisible.replacement = "";
  CHECK_EQ(mask(vault, "<PER\u200BSON_1>", {invisible}), "<QUOTED_TEXT_1>");
}

TEST("findings are clipped to the part, those that overlap are one") {
  mask_vault vault;
  CHECK_EQ(mask(vault, "345678", {masked(4, 9, "A"), masked(2, 6, "B"), masked(5, 6, "C"), finding{}}, 3),
           "<B_1>");
  CHECK_EQ(unmask("<B_1>", vault.values()), "345678");
  CHECK_EQ(mask(vault, "345678", {}, 3), "345678");
}

TEST("what another check masks stays masked, with all that overlaps it") {
  mask_vault vault;
  auto secret = masked(6, 9, "X");
  secret.check = "block_list";
  secret.replacement = "[REDACTED]";
  std::vector<finding> findings{masked(0, 3, "A"), masked(4, 7, "A"), secret};
  CHECK_EQ(vault.mask("Bob cdefghi", 0, findings), "<A_1> <A>hi");
  CHECK_EQ(findings[1].replacement.value(), "<A>");
  CHECK_EQ(findings[2].replacement.value(), "[REDACTED]");
  CHECK_EQ(unmask("<A_1> <A>hi <A_2>", vault.values()), "Bob <A>hi <A_2>");
}

TEST("masks of an answer stay, whatever they read like, and so does what they hide in part") {
  mask_vault vault;
  mask(vault, "Bob", {masked(0, 3, "PERSON")});
  auto mask_like_ours = masked(4, 5, "X");
  mask_like_ours.replacement = "<PERSON_1>";
  CHECK_EQ(unmask_between("Hi, x and <person 1>", std::vector{mask_like_ours}, vault.values()),
           "Hi, <PERSON_1> and Bob");
  CHECK_EQ(unmask_between("<PERSON_1>", std::vector{masked(1, 7, "X")}, vault.values()), "<<X>_1>");
}

TEST("unmask(mask(x)) is x, in ten thousand conversations, in pieces, as models rewrite it") {
  random_source random{20261123};
  std::size_t values_seen = 0;
  for (int conversation = 0; conversation < 10'000; ++conversation) {
    mask_vault vault;
    for (auto turns = 1 + below(random, 4); turns > 0; --turns) {
      auto original = random_message(random);
      const auto sent = vault.mask(original.text, 0, original.findings);
      const auto back = rewritten(random, vault, sent);
      if (unmask(sent, vault.values()) != original.text || unmask(back, vault.values()) != original.text ||
          unmasked_in_pieces(random, vault, back) != original.text) {
        CHECK_EQ(back, original.text);
        return;
      }
      values_seen += original.findings.size();
    }
  }
  CHECK(values_seen > 40'000);
}

TEST("no masked value is left in what is sent") {
  random_source random{7};
  for (int i = 0; i < 2'000; ++i) {
    mask_vault vault;
    message m;
    for (int word = 0; word < 5; ++word) {
      m.text += "word ";
      const auto begin = m.text.size();
      m.text += "secret" + std::to_string(below(random, 100)) + " ";
      m.findings.push_back(masked(begin, m.text.size() - 1, "PERSON"));
    }
    CHECK(vault.mask(m.text, 0, m.findings).find("secret") == std::string::npos);
  }
}

TEST("a full vault masks for good") {
  mask_vault vault;
  for (std::size_t i = 0; i < mask_vault::most_values; ++i) {
    const auto value = std::to_string(i);
    mask(vault, value, {masked(0, value.size(), "A")});
  }
  CHECK_EQ(vault.values().size(), mask_vault::most_values);
  CHECK_EQ(mask(vault, "late", {masked(0, 4, "A")}), "<A>");
  CHECK_EQ(mask(vault, "17", {masked(0, 2, "A")}), "<A_18>");
  CHECK_EQ(mask(vault, "a <a 18>"), "a <QUOTED_TEXT>");
  mask_vault large;
  const std::string huge(mask_vault::most_bytes, 'x');
  CHECK_EQ(mask(large, huge, {masked(0, huge.size(), "A")}), "<A>");
}

TEST("a flood of texts that look like placeholders ends the numbers, and mixes none up") {
  mask_vault vault;
  std::string flood;
  for (std::size_t i = 0; i < mask_vault::most_values + 100; ++i)
    flood += write_placeholder("A", static_cast<std::uint32_t>(i + 1));
  CHECK_EQ(mask(vault, flood), flood);
  CHECK_EQ(mask(vault, "Bob", {masked(0, 3, "A")}), "<A>");
  CHECK_EQ(unmask(flood, vault.values()), flood);
}

TEST("unfinished placeholders are held back, and only those") {
  mask_vault vault;
  mask(vault, "Bob", {masked(0, 3, "PERSON")});
  unmasking stream{vault.values()};
  CHECK_EQ(stream.feed("Dear <PER"), "Dear ");
  CHECK_EQ(stream.feed("SON_1> and <b"), "Bob and ");
  CHECK_EQ(stream.feed(">x</b> <"), "<b>x</b> ");
  CHECK_EQ(stream.finish(), "<");
  CHECK_EQ(stream.feed(opened(200)).size(), 201u);
}

TEST("only the number of values can be printed") {
  mask_vault vault;
  mask(vault, "Bob", {masked(0, 3, "PERSON")});
  CHECK_EQ(vault.values().to_public(), "1 masked values");
}
