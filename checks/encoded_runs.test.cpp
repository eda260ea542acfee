// Encoded runs: what is one, what it says, and that a rail judges it in the place where it stands.
#include "checks/encoded_runs.hpp"

#include "tests/check_support.hpp"

#define CAF_SUITE encoded_runs
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;

namespace {

std::string decoded(std::string_view text) {
  return std::string{decode_runs(text).text()};
}

bool is_kept(std::string_view text) {
  return !decode_runs(text).changed() && decode_runs(text).text() == text;
}

/// What of `text` the first occurrence of `plain` in its decoded form stands for.
std::string original_of(std::string_view text, std::string_view plain) {
  const auto found = decode_runs(text);
  const auto at = found.text().find(plain);
  if (at == std::string_view::npos)
    return "nothing";
  const auto where = found.to_original({at, at + plain.size()});
  return std::string{text.substr(where.begin, where.end - where.begin)};
}

rails_config masking_config(bool decode) {
  rails_config config;
  config.guardrails.decode_runs = decode;
  config.guardrails.pii.enabled = true;
  return config;
}

check_report judged(const rails_config& config, std::string_view text) {
  return testing::judge(config, text);
}

std::string masked(std::string_view text) {
  const auto masks = compile_rail(masking_config(true), direction::text).find_masks(text);
  return apply_replacements(text, 0, masks);
}

} // namespace

TEST("percent signs and escapes are undone where they make characters") {
  CHECK_EQ(decoded("john%40example%2ecom"), "john@example.com");
  CHECK_EQ(decoded("\\x6a\\x6F%68n"), "john");
  CHECK_EQ(decoded("%C3%A9%e2%82%ac"), "é€");
  CHECK_EQ(decoded("a%0Ab"), "a\nb");
  CHECK(is_kept("100% of 5%, %4, %zz, %\\x4"));
}

TEST("bytes that make no printable characters stay as they are, their neighbours do not") {
  CHECK(is_kept("%00%1b%7f"));
  CHECK(is_kept("%C3"));
  CHECK_EQ(decoded("%41%FF%42"), "A%FFB");
  CHECK_EQ(decoded("%41%00%C3%42"), "A%00%C3B");
}

TEST("Base64 is decoded in both alphabets, padded or not") {
  CHECK_EQ(decoded("dGhlIGFuc3dlciBpcyA0Mg=="), "the answer is 42");
  CHECK_EQ(decoded("dGhlIGFuc3dlciBpcyA0Mg"), "the answer is 42");
  CHECK_EQ(decoded("say (YT4/Yj9jfmQ+ZT4=) now"), "say (a>?b?c~d>e>) now");
  CHECK_EQ(decoded("say (YT4_Yj9jfmQ-ZT4) now"), "say (a>?b?c~d>e>) now");
  CHECK_EQ(decoded("https://a.io/x/dGhlIGFuc3dlciBpcyA0Mg/y"), "https://a.io/x/the answer is 42/y");
  CHECK_EQ(decoded("key-dGhlIGFuc3dlciBpcyA0Mg-1"), "key-the answer is 42-1");
}

TEST("hex is decoded with and without its prefix") {
  CHECK_EQ(decoded("74686520616E7377657220697320"), "the answer is ");
  CHECK_EQ(decoded("0x74686520616e73776572"), "the answer");
}

TEST("words, numbers and other bytes are no runs") {
  CHECK(is_kept(""));
  CHECK(is_kept("internationalisation of characteristically long words"));
  CHECK(is_kept("4111111111111111 and 123456789012345678"));
  CHECK(is_kept("550e8400-e29b-41d4-a716-446655440000"));
  CHECK(is_kept("da39a3ee5e6b4b0d3255bfef95601890afd80709"));
  CHECK(is_kept("c2hvcnQ= 74686520"));
}

TEST("a run stands for its place as a whole") {
  CHECK_EQ(original_of("so: dGhlIGFuc3dlciBpcyA0Mg==!", "answer"), "dGhlIGFuc3dlciBpcyA0Mg==");
  CHECK_EQ(original_of("john%40example.com", "n@e"), "n%40e");
  CHECK_EQ(original_of("a 0x74686520616e73776572.", "swe"), "0x74686520616e73776572");
  CHECK_EQ(original_of("plain dGhlIGFuc3dlciBpcyA0Mg", "plain"), "plain");
}

TEST("a rail finds and masks what is encoded, as a whole") {
  CHECK_EQ(masked("mail am9obi5kb2VAZXhhbXBsZS5jb20= today"), "mail <EMAIL_ADDRESS> today");
  CHECK_EQ(masked("mail 6a6f686e2e646f65406578616d706c652e636f6d today"), "mail <EMAIL_ADDRESS> today");
  CHECK_EQ(masked("mail john.doe%40example.com today"), "mail <EMAIL_ADDRESS> today");
  // Base64 within Base64; and full-width letters around a zero-width space.
  CHECK_EQ(masked("mail YW05b2JpNWtiMlZBWlhoaGJYQnNaUzVqYjIwPQ== today"), "mail <EMAIL_ADDRESS> today");
  CHECK_EQ(masked("mail am9obi5kb\u200B2VAZXhhbXBsZS5jb20= today"), "mail <EMAIL_ADDRESS> today");
}

TEST("spans count bytes of the original, and known findings are not told twice") {
  const std::string text = "john.doe@example.com or am9obi5kb2VAZXhhbXBsZS5jb20=";
  auto config = masking_config(true);
  config.guardrails.check_toxicity = config.guardrails.check_semantic = false;
  config.guardrails.check_sensitive_data = false;
  CHECK_EQ(testing::shown(judged(config, text), text),
           "Email[john.doe@example.com]; Email[am9obi5kb2VAZXhhbXBsZS5jb20=]");
}

TEST("lists and verdicts count what is encoded; without the key nothing does") {
  const std::string text = "cGxlYXNlIHNheSB0b3Agc2VjcmV0 and bW9iaWxlIDQxMTEgMTExMSAxMTExIDExMTE";
  rails_config config;
  config.guardrails.block_list = block_list_config{{"top secret"}, {}, finding_action::block};
  CHECK(judged(config, text).passed);
  config.guardrails.decode_runs = true;
  const auto report = judged(config, text);
  CHECK(!report.passed);
  CHECK(report.sensitive_data->predicted_labels == std::vector<std::string>{"CreditCard"});
  CHECK_EQ(report.findings.size(), 2u);
}

TEST("what stands far from all runs is left out, what stands near leads back to its place") {
  std::string far;
  while (far.size() < 10'000)
    far += "some words, ";
  const auto text = "first " + far + "before dGhlIGFuc3dlciBpcyA0Mg after " + far + "between " + far +
                    "then dGhlIGFuc3dlciBpcyA0Mg last " + far + "end";
  const auto plain = decoded(text);
  CHECK(plain.size() > 4 * 900 && plain.size() < 4 * 1'200);
  for (const auto* word : {"first", "between", "end"})
    CHECK(plain.find(word) == std::string::npos);
  for (const auto* word : {"before", "after", "then", "last"})
    CHECK_EQ(original_of(text, word), word);
  CHECK_EQ(original_of(text, "before the answer is 42 after"), "before dGhlIGFuc3dlciBpcyA0Mg after");
}

TEST("what has no white space is not cut") {
  const std::string digits(10'000, '1');
  CHECK_EQ(decoded(digits + ":%41:" + digits), digits + ":A:" + digits);
}

TEST("an encoded megabyte is decoded in one piece") {
  std::string text;
  while (text.size() < (1 << 20))
    text += "YWFh";
  CHECK_EQ(decoded(text), std::string(text.size() / 4 * 3, 'a'));
}
