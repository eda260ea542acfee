// The families: a table of units, one of openings, and one of generators.
#include "tests/hostile_families.hpp"

#include "checks/utf8.hpp"

#include <guardrails/utf8.hpp>

#include <random>
#include <string_view>
#include <utility>

namespace guardrails::test {

namespace {

/// Chance that repeats itself.
class dice {
public:
  explicit dice(std::uint32_t seed)
    : random_{seed} {}

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }

  template <std::size_t N>
  std::string_view pick(const std::string_view (&choices)[N]) {
    return choices[below(N)];
  }

  std::string some(std::string_view alphabet, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
      out.push_back(alphabet[below(alphabet.size())]);
    return out;
  }

  std::string digits(std::size_t count) { return some("0123456789", count); }
  std::string lower(std::size_t count) { return some("abcdefghijklmnopqrstuvwxyz", count); }
  std::string number(std::size_t least, std::size_t most) { return std::to_string(between(least, most)); }

  std::string code_points(char32_t first, char32_t last, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
      append_utf8(out, first + static_cast<char32_t>(below(last - first + 1)));
    return out;
  }

  std::string word() {
    std::string out;
    for (auto syllables = between(1, 4); syllables > 0; --syllables)
      out.append(some("bcdfghklmnprstvw", 1)).append(some("aeiou", 1)).append(below(3) == 0 ? "n" : "");
    return out;
  }

  std::string name() {
    auto out = word();
    out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
  }

private:
  std::mt19937 random_;
};

template <class... Parts>
std::string joined(const Parts&... parts) {
  std::string out;
  (out.append(parts), ...);
  return out;
}

constexpr std::string_view alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
constexpr std::string_view hexadecimal = "0123456789abcdef";

std::string cut(std::string text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && checks::is_continuation(text[bytes]))
    --bytes;
  text.resize(bytes);
  return text;
}

text_family repeated(std::string_view unit) {
  return {joined("`", unit, "`"), [unit](std::size_t bytes, std::uint32_t) {
            std::string text;
            while (text.size() < bytes)
              text.append(unit);
            return cut(std::move(text), bytes);
          }};
}

/// `before`, then openings as deep as half the text, then as many closings.
text_family nested(std::string_view name, std::string_view before, std::string_view open,
                   std::string_view close) {
  return {std::string{name}, [=](std::size_t bytes, std::uint32_t) {
            std::string text{before};
            const auto depth = bytes / (open.size() + close.size()) + 1;
            for (std::size_t i = 0; i < depth; ++i)
              text.append(open);
            for (std::size_t i = 0; i < depth; ++i)
              text.append(close);
            return cut(std::move(text), bytes);
          }};
}

using piece_maker = std::string (*)(dice&);

text_family generated(std::string_view name, piece_maker piece) {
  return {std::string{name}, [piece](std::size_t bytes, std::uint32_t seed) {
            dice chance{seed};
            std::string text;
            while (text.size() < bytes)
              text.append(piece(chance));
            return cut(std::move(text), bytes);
          }};
}

constexpr std::string_view units[]{
  "a",
  "7",
  " ",
  "@",
  "(",
  "[",
  ":",
  "\n",
  "a.",
  "1-",
  "1 ",
  "1.",
  "1:",
  "12-",
  "123-45-",
  "+1",
  "+1 (",
  "ab:",
  "::",
  "DE89",
  "1A",
  "a@",
  "..@..",
  "a@b.co ",
  "b a",
  "cat ",
  "aa ",
  "mrn: ",
  "secret is ",
  "YWFh",
  "6a3",
  "\xE7\x82\xB8",
  "\xF0\x9F\x98\x80",
  "\xC2\xA0",
  "1\xE2\x80\x93",
  "a\xE2\x80\x8B",
  "\xF3\xA0\x81\x81",
  "-----BEGIN ",
  "-----BEGIN PRIVATE KEY-----\n",
  "key=",
  "key=\"token='pass=`",
  "key=\\\"",
  "eyJ-",
  "ZXlK.",
  "_ghp_",
  "SK AC API- ",
  "-us1",
  ".abcdef.",
  "curl -u a:\\",
  "kind: Secret\ndata:\n a: b\n---\n",
  "kind: Secret\nstringData:\n a: b1c2d3\n",
  "://",
  "//",
  "www.",
  "a.b.",
  "http:",
  "http://a@",
  "http://[",
  "Das ist ein Test. ",
  "SELECT ",
  "SELECT 1;",
  "```sql\nSELECT 1\n```\n",
  "```",
  "/*",
  "--",
  "$$",
};

constexpr std::string_view unit_variations[]{
  "|",
  "1/2/",
  "1-2-",
  "415-555-",
  "4111-",
  "+49 30 ",
  "10.0.0.1 ",
  "00:1A:",
  "DE89 ",
  "GB12A",
  "AB12 CDE ",
  "34 ABC 1",
  "1EG4-",
  "A1A1",
  "a@b.",
  "@a.",
  "phone ",
  "%41%42",
  "password=\"",
  "token=1",
  "ghp_ ",
  "sk-ant-",
  "AKIAQ ",
  "Q~",
  "1234567:A",
  "a://b:c@",
  "Authorization: Basic ",
  "http://a.",
  "http://\xD0\xB0 ",
  "a,b,c\n",
  "select a from b where ",
  "' OR '1'='1",
};

std::string date(dice& d) {
  constexpr std::string_view months[]{"Jan", "February", "Mar", "April", "Juni", "sept.", "October", "Dez"};
  switch (d.below(4)) {
  case 0:
    return joined(d.number(1, 31), ".", d.number(1, 12), ".", d.digits(4), " ");
  case 1:
    return joined(d.digits(4), "-", d.digits(2), "-", d.digits(2), "T", d.digits(2), ":00Z ");
  case 2:
    return joined(d.number(1, 31), " ", d.pick(months), " ", d.digits(4), ", ");
  default:
    return joined(d.number(1, 12), "/", d.number(1, 31), "/", d.digits(2), " ");
  }
}

std::string address(dice& d) {
  constexpr std::string_view schemes[]{"http://", "https://", "ftp://", "www.", "", "HTTP:\\\\"};
  constexpr std::string_view domains[]{".com/", ".example.org:8080/", ".co.uk?q=", ".io#", "./", "%2e@"};
  std::string out{d.pick(schemes)};
  return out.append(d.lower(d.between(1, 12))).append(d.pick(domains)).append(d.lower(3)).append(" ");
}

std::string statement(dice& d) {
  constexpr std::string_view words[]{"SELECT",  "FROM", "WHERE", "JOIN",  "ON", "GROUP BY", "UNION ALL",
                                     "INSERT",  "INTO", "(",     ")",     ",",  ";",        "'",
                                     "CASE",    "WHEN", "END",   "WITH",  "AS", "a",        "*",
                                     "= 1 AND", "--",   "/*",    "NULL;", "\n", "DELETE",   "UPDATE"};
  return std::string{d.pick(words)}.append(" ");
}

std::string json_record(dice& d) {
  return joined("{\"id\": ", d.digits(6), ", \"name\": \"", d.name(), "\", \"tags\": [\"", d.word(),
                "\", null, true], \"score\": ", d.digits(1), ".", d.digits(4), "},\n");
}

std::string tool_call(dice& d) {
  return joined(R"({"type": "function", "function": {"name": ")", d.word(),
                R"(", "arguments": "{\"path\": \"/)", d.word(), R"(\", \"token\": \")",
                d.some(alphanumeric, 12), R"(\"}"}} )");
}

std::string key_block(dice& d) {
  auto out = std::string{"-----BEGIN "}.append(d.below(2) == 0 ? "RSA PRIVATE KEY" : "CERTIFICATE");
  out.append("-----\n");
  for (auto lines = d.below(4); lines > 0; --lines)
    out.append(d.some(base64, 64)).append("\n");
  return out;
}

std::string combined(dice& d) {
  return joined(d.lower(1), d.code_points(0x300, 0x34E, d.between(1, 30)));
}

std::string mixed_scripts(dice& d) {
  return joined(d.lower(2), d.code_points(0x430, 0x44F, 2), d.code_points(0x3B1, 0x3C9, 1), " ");
}

std::string full_width(dice& d) {
  return joined(d.code_points(0xFF10, 0xFF19, 4), d.code_points(0xFF21, 0xFF5A, 2),
                d.code_points(0x1D400, 0x1D433, 2));
}

std::string assigned(dice& d) {
  constexpr std::string_view names[]{"password", "api_key", "SECRET", "db.token", "aws_access_key_id", "pwd"};
  constexpr std::string_view signs[]{"=", ": ", " => ", "=\"", " := '", "="};
  return joined(
    std::string{d.pick(names)}.append(d.pick(signs)).append(d.some(alphanumeric, d.between(4, 40))), "\n");
}

constexpr std::string_view dialects[]{"sql", "json", "python", "", "SQL", "yaml"};

std::string code_fence(dice& d) {
  return joined("```", d.pick(dialects), "\n", statement(d), d.word(), "\n", d.below(3) == 0 ? "" : "```\n");
}

constexpr std::pair<std::string_view, piece_maker> generators[]{
  {"random digits", [](dice& d) { return d.digits(64); }},
  {"random letters and digits", [](dice& d) { return d.some(alphanumeric, 64); }},
  {"random base64", [](dice& d) { return d.some(base64, 64); }},
  {"random base64url, dotted",
   [](dice& d) { return joined("eyJ", d.some(alphanumeric, d.between(1, 40)), "."); }},
  {"random hex", [](dice& d) { return d.some(hexadecimal, 64); }},
  {"random capitals and digits", [](dice& d) { return d.some("ABCDEFGHKLMNPRSTXYZ0123456789", 64); }},
  {"letters in hex", [](dice& d) { return joined("6", d.digits(1)); }},
  {"words in hex", [](dice& d) { return joined("6f6e6b65797320616e642", d.digits(1), "6d696365 "); }},
  {"words in base64", [](dice& d) { return joined("bW9ua2V5cyBhbmQgbWljZ", d.some("QSU", 1), "== "); }},
  {"random punctuation", [](dice& d) { return d.some(punctuation, 64); }},
  {"random control characters", [](dice& d) { return d.code_points(0x00, 0x1F, 64); }},
  {"e-mail alphabet", [](dice& d) { return d.some("a@.-b_1 ", 64); }},
  {"quotes of all kinds", [](dice& d) { return d.some("\"'`\\\n=a", 32); }},
  {"brackets of all kinds", [](dice& d) { return d.some("([{<>}])", 32); }},
  {"JSON records", json_record},
  {"JSON signs", [](dice& d) { return d.some("{}[]\",:1a\\ ", 32); }},
  {"CSV rows", [](dice& d) { return joined(d.word(), ",", d.digits(5), ",\"", d.word(), "\",\n"); }},
  {"Markdown tables", [](dice& d) { return joined("| ", d.word(), " | ", d.digits(3), " |\n"); }},
  {"YAML", [](dice& d) { return joined(std::string(d.below(40), ' '), d.word(), ":\n"); }},
  {"HTML tags", [](dice& d) { return joined("<", d.lower(3), " ", d.lower(2), "=\"", d.lower(4), "\">"); }},
  {"SQL words", statement},
  {"SQL statements", [](dice& d) { return joined("SELECT ", d.word(), " FROM ", d.word(), ";\n"); }},
  {"SQL lists",
   [](dice& d) { return joined("INSERT INTO t VALUES (", d.digits(3), ", '", d.word(), "')\n"); }},
  {"code fences", code_fence},
  {"tool calls", tool_call},
  {"log lines",
   [](dice& d) { return joined("2024-01-0", d.digits(1), " ERROR [", d.digits(5), "] ", d.word(), "\n"); }},
  {"key blocks", key_block},
  {"key prefixes",
   [](dice& d) {
     constexpr std::string_view prefixes[]{"ghp_", "sk-", "AKIA", "xoxb-", "glpat-", "AIza", "SG.", "ya29."};
     return joined(d.pick(prefixes), d.some(alphanumeric, d.between(8, 40)), " ");
   }},
  {"e-mail addresses", [](dice& d) { return joined(d.word(), "@", d.word(), ".com, "); }},
  {"addresses", address},
  {"hosts", [](dice& d) { return joined(d.word(), ".", d.word(), ".", d.lower(2), " "); }},
  {"IPv4",
   [](dice& d) {
     return joined(d.number(0, 299), ".", d.number(0, 299), ".", d.number(0, 299), ".", d.number(0, 299),
                   " ");
   }},
  {"MAC", [](dice& d) { return joined(d.some(hexadecimal, 2), ":"); }},
  {"IBAN", [](dice& d) { return joined("DE", d.digits(20), " GB", d.digits(2), "WEST", d.digits(14), " "); }},
  {"phones",
   [](dice& d) {
     return joined("+", d.number(1, 99), " (", d.digits(3), ") ", d.digits(3), "-", d.digits(4), " ");
   }},
  {"dates", date},
  {"times", [](dice& d) { return joined(d.number(0, 24), ":", d.digits(2), d.below(2) == 0 ? "pm " : " "); }},
  {"percent runs", [](dice& d) { return joined("%", d.some(hexadecimal, 2)); }},
  {"escapes", [](dice& d) { return joined("\\u00", d.some(hexadecimal, 2), "\\x", d.some(hexadecimal, 2)); }},
  {"names", [](dice& d) { return joined(d.name(), " "); }},
  {"names in capitals", [](dice& d) { return joined(d.some("ABDEGIKLMNORSTUV", d.between(2, 10)), " "); }},
  {"titles and names",
   [](dice& d) { return joined("Dr. ", d.name(), " von ", d.name(), "-", d.name(), " "); }},
  {"initials", [](dice& d) { return joined(d.some("ABCDEFGH", 1), ". "); }},
  {"combining marks", combined},
  {"zero width", [](dice& d) { return joined(d.lower(1), d.code_points(0x200B, 0x200F, d.between(1, 4))); }},
  {"look-alikes", mixed_scripts},
  {"full width", full_width},
  {"tag characters", [](dice& d) { return joined("a", d.code_points(0xE0020, 0xE007E, 20)); }},
  {"bidi controls", [](dice& d) { return joined(d.code_points(0x202A, 0x202E, 1), d.lower(3)); }},
  {"CJK", [](dice& d) { return d.code_points(0x4E00, 0x9FA5, 20); }},
  {"Hangul letters",
   [](dice& d) { return joined(d.code_points(0x1100, 0x1112, 1), d.code_points(0x1161, 0x1175, 1)); }},
  {"Thai", [](dice& d) { return d.code_points(0x0E01, 0x0E3A, 20); }},
  {"Arabic", [](dice& d) { return joined(d.code_points(0x0620, 0x064A, 6), " "); }},
  {"Cyrillic", [](dice& d) { return joined(d.code_points(0x0430, 0x044F, 7), " "); }},
  {"ligatures", [](dice& d) { return joined(d.code_points(0xFB50, 0xFDC7, 1), "\xEF\xB7\xBA"); }},
  {"emoji", [](dice& d) { return joined(d.code_points(0x1F600, 0x1F64F, 3), "\xE2\x80\x8D"); }},
  {"any code points", [](dice& d) { return d.code_points(0xA0, 0xD7FF, 20); }},
  {"white space of all kinds",
   [](dice& d) { return joined(d.some(" \t\n\r\v\f", 4), d.code_points(0x2000, 0x200A, 2)); }},
};

constexpr std::pair<std::string_view, piece_maker> generator_variations[]{
  {"random ASCII", [](dice& d) { return d.code_points(0x20, 0x7E, 64); }},
  {"phone alphabet", [](dice& d) { return d.some("0123456789 -.()+/x", 64); }},
  {"network alphabet", [](dice& d) { return d.some("0123456789abcdef::../ ", 64); }},
  {"date alphabet", [](dice& d) { return d.some("0123456789/-.: T", 64); }},
  {"short words", [](dice& d) { return joined(d.lower(d.between(1, 3)), " "); }},
  {"numbers of any length", [](dice& d) { return joined(d.digits(d.between(1, 20)), " "); }},
  {"numbers with context words", [](dice& d) { return joined("account ssn passport ", d.digits(9), " "); }},
  {"grouped numbers", [](dice& d) { return joined(d.digits(4), d.below(5) == 0 ? "  " : " "); }},
  {"capitals and digits in words",
   [](dice& d) { return joined(d.some("ABCDEFGHKLMNPRSTXYZ0123456789", d.between(2, 12)), " "); }},
  {"assignments", assigned},
  {"authorization headers",
   [](dice& d) { return joined("Authorization: Bearer ", d.some(base64, 30), "\n"); }},
  {"connection strings",
   [](dice& d) { return joined("postgres://", d.word(), ":", d.word(), "@", d.word(), ":5432/db "); }},
  {"dotted hosts", [](dice& d) { return joined(d.lower(d.between(1, 9)), "."); }},
  {"IPv6", [](dice& d) { return joined(d.some(hexadecimal, 4), d.below(6) == 0 ? "::" : ":"); }},
  {"UUID", [](dice& d) { return joined(d.some(hexadecimal, 8), "-", d.some(hexadecimal, 4), "-"); }},
  {"cards",
   [](dice& d) {
     return joined("4", d.digits(3), " ", d.digits(4), " ", d.digits(4), " ", d.digits(4), ", ");
   }},
  {"zero width in numbers", [](dice& d) { return joined(d.digits(1), d.code_points(0x200B, 0x200D, 1)); }},
};

constexpr std::string_view sentences[]{
  "The quarterly report, which runs to 42 pages, describes how the team moved its services last year. ",
  "Most people asked for a shorter version; the editors agreed (after some debate) and will publish one. ",
  "I would like to know why the second step fails when the first one has not finished yet. ",
  "Please summarise the following text in three sentences and keep the tone friendly. ",
  "Maria said that the train to Vienna had left at noon, so they took the bus instead. ",
  "It rained all week. Nobody minded, because there was enough to read. ",
  "If you multiply both sides by the same number, the equation still holds. ",
  "On 14 March 2023 the committee met for the last time; its chairman, Mr. Hall, thanked everyone. ",
  "What is the difference between a process and a thread, and when should one prefer the other? ",
  "She planted tomatoes, beans and a few herbs behind the house, where the soil is best.\n\n",
  "The price rose by 3.5 percent, which was less than many had feared. ",
  "\"That is not what I meant,\" he answered, and closed the door. ",
};

} // namespace

std::vector<text_family> hostile_families() {
  std::vector<text_family> families;
  for (const auto unit : units)
    families.push_back(repeated(unit));
  families.push_back(nested("nested brackets", "", "(", ")"));
  families.push_back(nested("nested quotes", "", "\"'", "'\""));
  families.push_back(nested("nested JSON lists", "", "[", "]"));
  families.push_back(nested("nested JSON objects", "", "{\"a\":", "}"));
  families.push_back(nested("nested SQL brackets", "SELECT ", "(", ")"));
  families.push_back(nested("nested SQL queries", "SELECT 1 FROM ", "(SELECT 1 FROM ", ") t"));
  families.push_back(nested("nested SQL comments", "SELECT 1 ", "/*", "*/"));
  families.push_back(nested("nested fences", "", "```sql\nSELECT (", ")\n```\n"));
  families.push_back(nested("nested tags", "", "<div>", "</div>"));
  for (const auto& [name, piece] : generators)
    families.push_back(generated(name, piece));
  return families;
}

std::vector<text_family> hostile_variations() {
  std::vector<text_family> families;
  for (const auto unit : unit_variations)
    families.push_back(repeated(unit));
  for (const auto& [name, piece] : generator_variations)
    families.push_back(generated(name, piece));
  return families;
}

text_family prose_family() {
  return generated("prose", [](dice& d) { return std::string{d.pick(sentences)}; });
}

} // namespace guardrails::test
