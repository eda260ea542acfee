// What the checks read instead of what was written, and the way back to the bytes of the original.
#include <guardrails/utf8.hpp>

#include "checks/normalise.hpp"

#include "checks/code_point_class.hpp"
#include "checks/rail.hpp"
#include "checks/utf8.hpp"
#include "tests/cpu_time.hpp"

#include <iostream>
#include <random>

#define CAF_SUITE normalise
#include "tests/caf_test.hpp"

using namespace guardrails::checks;

namespace {

std::string read_as(std::string_view text, lookalikes which = lookalikes::in_mixed_words) {
  return std::string{normalise(text, which).text()};
}

/// The part of `text` that `part` of its normalised form came from.
std::string source_of(std::string_view text, std::string_view part) {
  const auto n = normalise(text);
  const auto at = n.text().find(part);
  if (at == std::string_view::npos)
    return "not found";
  const auto where = n.to_original({at, at + part.size()});
  return std::string{text.substr(where.begin, where.end - where.begin)};
}

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += unit;
  return text;
}

double cpu_seconds(const std::string& text) {
  return guardrails::test::least_cpu_seconds([&] { normalise(text); });
}

char32_t random_code_point(std::mt19937& random) {
  struct block {
    char32_t first;
    char32_t last;
  };
  // Where things happen: marks, look-alikes, joiners, Hangul, presentation forms, mathematics, tags.
  static constexpr block blocks[] = {
    {0x20, 0x7E},       {0xA0, 0x17F},      {0x300, 0x36F},    {0x370, 0x52F},   {0x590, 0x6FF},
    {0x900, 0x9FF},     {0xE00, 0xE7F},     {0x1100, 0x11FF},  {0x1E00, 0x206F}, {0x2100, 0x2260},
    {0x3000, 0x33FF},   {0xAC00, 0xAC80},   {0xFB00, 0xFDFF},  {0xFE00, 0xFFEF}, {0x1D160, 0x1D170},
    {0x1D400, 0x1D7FF}, {0x1F130, 0x1F1FF}, {0xE0000, 0xE01EF}};
  const auto& b = blocks[std::uniform_int_distribution<std::size_t>{0, std::size(blocks) - 1}(random)];
  return std::uniform_int_distribution<char32_t>{b.first, b.last}(random);
}

std::string random_text(std::mt19937& random) {
  std::string text;
  for (auto n = std::uniform_int_distribution{0, 24}(random); n > 0; --n)
    guardrails::append_utf8(text, random_code_point(random));
  return text;
}

bool on_boundary(std::string_view text, std::size_t pos) {
  return pos == text.size() || (pos < text.size() && !is_continuation(text[pos]));
}

} // namespace

TEST("digits of every script, and in frames or struck out, are digits") {
  CHECK_EQ(read_as("٤١١١ ४१११ ❹❶ ⑷⑴ ⒋⒈ ⓿"), "4111 4111 41 41 41 0");
  CHECK_EQ(read_as("4\u20DD1\u20DE1\uFE0F\u20E31"), "4111");
  CHECK_EQ(read_as("4\u03361\u0336 a\u0336n\u0338n\u0335a\u0336@b"), "41 anna@b");
  CHECK_EQ(source_of("x 4\u20DD1\u20DD y", "41"), "4\u20DD1");
  CHECK_EQ(read_as("a=\u0338b ⑩ ½ 四"), "a≠b 10 1⁄2 四");
  CHECK_EQ(read_as("a\u0336@\u0336b\u0336.\u0336c\u0336 4\u03321\u0305 e\u0301"), "a@b.c 41 é");
}

TEST("lines above and below letters are dropped, marks of a language are not") {
  CHECK_EQ(read_as("p\u0332a\u0332s\u0332s\u0333 a\u0305b\u033F"), "pass ab");
  CHECK_EQ(read_as("d\u0331 a\u0304 n\u0323"), "ḏ ā ṇ");
}

TEST("emphasis and escaped white space beside values become blanks, byte for byte") {
  CHECK_EQ(read_as("_4111 1111_ __DE89__ _+49 30_ ___a.b1___"), " 4111 1111    DE89    +49 30     a.b1   ");
  CHECK_EQ(read_as(R"(\n4111 \tJohn \r\n(415 \n_4_)"), "  4111   John \\r  (415    4 ");
  CHECK_EQ(read_as("号码_4111_谢谢 \uFF3F4\u200B1\uFF3F"), "号码 4111 谢谢  41 ");
  CHECK_EQ(read_as("_passport 912803456_ __May 5, 2020__"), " passport 912803456    May 5, 2020  ");
  CHECK_EQ(source_of("no _4111_", "4111"), "4111");
  for (const std::string_view text : {"card_4111 x_1_y a_b __init__ _name name_ _ __", R"(C:\new \theta \)"})
    CHECK(!normalise(text).changed());
  CHECK(!normalise("_4111_", lookalikes::in_mixed_words, emphasis::keep).changed());
}

TEST("what is plain stays as it is, without a copy") {
  for (const std::string_view text :
       {"", "plain ASCII, 42 of it\n\t", "Müller straße, naïve café", "“quoted” – dashed",
        "Привет, как дела?", "Καλημέρα κόσμε", "日本語のテキスト、漢字。", "안녕하세요", "مرحبا بالعالم",
        "नमस्ते दुनिया", "สวัสดีชาวโลก", "Tiếng Việt", "😀 👍", "אָלֶף"}) {
    const auto n = normalise(text);
    if (n.changed())
      std::cerr << text << '\n';
    CHECK(!n.changed());
    CHECK(n.text().data() == text.data());
    CHECK_EQ(n.map().runs(), 0u);
  }
}

TEST("compatibility forms become what they stand for") {
  CHECK_EQ(read_as("ｄｒｏｐ　ｔａｂｌｅ"), "drop table");
  CHECK_EQ(read_as("ｗｗｗ．ｅｖｉｌ．ｅｘａｍｐｌｅ／ａ？ｂ＝１"), "www.evil.example/a?b=1");
  CHECK_EQ(read_as("𝐝𝐫𝐨𝐩 𝒅𝒓𝒐𝒑 𝓭𝓻𝓸𝓹 𝔡𝔯𝔬𝔭 𝕕𝕣𝕠𝕡 𝚍𝚛𝚘𝚙 𝖉𝖗𝖔𝖕"), "drop drop drop drop drop drop drop");
  CHECK_EQ(read_as("ⓓⓡⓞⓟ Ⓓ 🄳 🅓🅡🅞🅟 🅳"), "drop D D DROP D");
  CHECK_EQ(read_as("oﬃce ﬁle x² ½ Ⅷ ℡"), "office file x2 1⁄2 VIII TEL");
  CHECK_EQ(read_as("𝟜１１１ ①"), "4111 1");
  CHECK_EQ(read_as("a\u00A0b\u2009c"), "a b c");
  CHECK_EQ(read_as("ｱﾊﾟｰﾄ"), "アパート");
}

TEST("marks are composed and put in order") {
  CHECK_EQ(read_as("cafe\u0301"), "café");
  CHECK_EQ(read_as("a\u0301\u0323"), "ạ\u0301");
  CHECK_EQ(read_as("=\u0338"), "≠");
  CHECK_EQ(read_as("x =\u0338 y"), "x ≠ y");
  CHECK_EQ(read_as("\u1112\u1161\u11AB\u1100\u1173\u11AF"), "한글");
  CHECK_EQ(read_as("\u0301"), "\u0301");
  CHECK_EQ(read_as("и\u0306"), "й");
}

TEST("invisible characters are removed") {
  CHECK_EQ(read_as("d\u200Br\u200Co\u200Dp"), "drop");
  CHECK_EQ(read_as("se\u00ADcret"), "secret");
  CHECK_EQ(read_as("\uFEFFdrop\u2060"), "drop");
  CHECK_EQ(read_as("d\u202Er\u2066o\u2069p\u061C\u200E"), "drop");
  CHECK_EQ(read_as("drop\uFE0F\U000E0100 ❤️"), "drop ❤");
  CHECK_EQ(read_as("x\U000E0064\U000E0072\U000E007F"), "x");
  CHECK_EQ(read_as("\u200B\u200B"), "");
  CHECK_EQ(read_as("e\u200B\u0301"), "é");
  CHECK_EQ(read_as("\uFFF9a\uFFFB\u3164\u115F\u180E"), "a");
  CHECK_EQ(read_as("a\tb\nc\x1b[0m"), "a\tb\nc\x1b[0m");
}

TEST("borrowed letters become Latin in words that mix scripts, and only there") {
  CHECK_EQ(read_as("раsswоrd"), "password");
  CHECK_EQ(read_as("pаypal-оплата"), "paypal-оплата");
  CHECK_EQ(read_as("dеlеtе аll"), "delete all");
  CHECK_EQ(read_as("οcclude ΑKIA"), "occlude AKIA");
  CHECK_EQ(read_as("ѕҽсret"), "sҽcret");
  CHECK_EQ(read_as("рο"), "po"); // Cyrillic and Greek
  CHECK_EQ(read_as("pа́ss"), "páss");
  CHECK_EQ(read_as("хёr"), "xër");
  CHECK_EQ(read_as("а\u200Bb"), "ab");
  CHECK_EQ(read_as("ｄrор"), "drop");
  CHECK_EQ(read_as("ᴅʀᴏᴘ"), "drop");
  for (const std::string text :
       {"сосна роса", "ΑΒΓ αβγ", "SQL-запрос", "Он сказал: \"yes\"", "5α 3β", "оса_1"})
    CHECK_EQ(read_as(text), text);
  CHECK_EQ(read_as("раsswоrd", lookalikes::keep), "раsswоrd");
  CHECK_EQ(read_as("сосо", lookalikes::all), "coco");
}

TEST("a range goes back to all that produced it, and to nothing else") {
  CHECK_EQ(source_of("say ｄｒｏｐ now", "drop"), "ｄｒｏｐ");
  CHECK_EQ(source_of("say ｄｒｏｐ now", "ro"), "ｒｏ");
  CHECK_EQ(source_of("say \u200Bd\u200Br\u00ADop\u200B now", "drop"), "d\u200Br\u00ADop");
  CHECK_EQ(source_of("say d\u200Brop now", "now"), "now");
  CHECK_EQ(source_of("oﬃce", "fi"), "ﬃ");
  CHECK_EQ(source_of("oﬃce", "ice"), "ﬃce");
  CHECK_EQ(source_of("xcafe\u0301x", "é"), "e\u0301");
  CHECK_EQ(source_of("a\u0301\u0323b", "b"), "b");
  CHECK_EQ(source_of("раsswоrd", "pass"), "раss");
  CHECK_EQ(source_of("\u200B\u200Bx", "x"), "x");
  CHECK_EQ(source_of("x\u200B", "x"), "x");
}

TEST("the map takes an entry a stretch, not one a byte") {
  CHECK(normalise(repeated("ｄ", 30'000)).map().runs() <= 2);
  CHECK(normalise(repeated("\u200B\U000E0041\u00AD", 30'000)).map().runs() <= 2);
  CHECK(normalise("ｄ" + repeated("plain ", 30'000)).map().runs() <= 3);
}

TEST("for any text: twice is once, ranges go back in order and onto character boundaries") {
  std::mt19937 random{7};
  for (int i = 0; i < 40'000; ++i) {
    const auto text = random_text(random);
    const auto n = normalise(text);
    const std::string once{n.text()};
    if (read_as(once) != once)
      std::cerr << "not settled: " << text << '\n';
    CHECK_EQ(read_as(once), once);
    CHECK_EQ(guardrails::find_invalid_utf8(once), std::string_view::npos);
    std::size_t last_begin = 0;
    std::size_t last_end = 0;
    for (std::size_t pos = 0; pos < once.size();) {
      const auto length = decode_at(once, pos).length;
      const auto where = n.to_original({pos, pos + length});
      CHECK(where.begin < where.end && on_boundary(text, where.begin) && on_boundary(text, where.end));
      CHECK(where.begin >= last_begin && where.end >= last_end);
      CHECK(where.begin >= last_end || where.begin == last_begin);
      last_begin = where.begin;
      last_end = where.end;
      pos += length;
    }
    for (std::size_t pos = 0; pos < once.size(); pos += decode_at(once, pos).length)
      CHECK(!is_invisible(decode_at(once, pos).value));
  }
}

TEST("however underscores, escapes and values mix, twice is once") {
  constexpr std::string_view parts[] = {"_", "__",  "\\", "n",      "1",      "A",   "a", "\u0332", "\uFF3F",
                                        "@", "4.1", " ",  "\u200B", "\u20DD", "\\n", "(", "号",     "\n"};
  std::mt19937 random{5};
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = std::uniform_int_distribution{0, 12}(random); n > 0; --n)
      text += parts[std::uniform_int_distribution<std::size_t>{0, std::size(parts) - 1}(random)];
    const auto once = read_as(text);
    if (read_as(once) != once)
      CHECK_EQ(read_as(once) + " from " + text, once);
  }
}

TEST("bytes that are no UTF-8 are kept and do no harm") {
  std::mt19937 random{8};
  CHECK_EQ(read_as("\xFF\xC3(e\xCC\x81\x80"), "\xFF\xC3(é\x80");
  for (int i = 0; i < 40'000; ++i) {
    std::string text = random_text(random);
    for (auto n = std::uniform_int_distribution{0, 4}(random); n > 0 && !text.empty(); --n)
      text[std::uniform_int_distribution<std::size_t>{0, text.size() - 1}(random)] =
        static_cast<char>(std::uniform_int_distribution{0, 255}(random));
    const auto n = normalise(text);
    if (!n.text().empty())
      CHECK(n.to_original({0, n.text().size()}).end <= text.size());
  }
}

TEST("hostile texts take time in proportion to their length") {
  for (const std::string unit : {"\u0301",
                                 "a\u0301\u0323",
                                 "\u0323\u0301",
                                 "\u200B",
                                 "\U000E0041",
                                 "ｄ",
                                 "ｄx",
                                 "ﷺ",
                                 "аb",
                                 "а",
                                 "é",
                                 "\u1100\u1161",
                                 "\u1161",
                                 "한",
                                 "😀\u200D",
                                 "\xCC\xB8=",
                                 "…",
                                 "\u0F73\u0F75\u0F81",
                                 "\uFE71",
                                 "a\u200B",
                                 "\u0336",
                                 "\u0336\u0301",
                                 "\u20DD",
                                 "1\u0332"}) {
    const auto small = cpu_seconds(repeated(unit, 16 << 10));
    const auto large = cpu_seconds(repeated(unit, 256 << 10));
    if (large >= 48 * small)
      std::cerr << "`" << unit << "`: " << small << " s, then " << large << " s\n";
    CHECK(large < 48 * small);
  }
}
