// Secrets: every family by made-up values, what resembles them, and where they begin and end. No value here
// was ever anybody's: what has a vendor's form is put together while the test runs.
#include "checks/secrets/secret_form.hpp"

#include "checks/registry.hpp"
#include "checks/secrets/base64.hpp"
#include "checks/secrets/entropy.hpp"
#include "checks/secrets/token_tables.hpp"
#include "tests/check_support.hpp"

#include <guardrails/errors.hpp>

#include <iostream>
#include <random>

#define CAF_SUITE secrets
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

const std::string digits = "0123456789";
const std::string hex = digits + "abcdef";
const std::string small = "abcdefghijklmnopqrstuvwxyz";
const std::string letters = small + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const std::string alnum = digits + letters;

std::string made(const std::string& alphabet, std::size_t length, unsigned seed = 1) {
  std::mt19937 random{seed};
  std::string text;
  while (text.size() < length)
    text += alphabet[random() % alphabet.size()];
  return text;
}

const rail& text_rail() {
  static const auto compiled = compile_rail({}, direction::text);
  return compiled;
}

// `ENTITY[quoted text]` of the secrets, joined by `; `.
std::string found(const std::string& text) {
  std::string out;
  for (const auto& f : text_rail().judge(text, no_time).report.findings)
    if (f.label == "Secret")
      out.append(out.empty() ? "" : "; ")
        .append(*f.entity)
        .append("[")
        .append(text, f.span.begin, f.span.end - f.span.begin) += ']';
  return out;
}

std::string encoded(std::string_view text) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const auto c : text) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6)
      out += alphabet[bits >> (count - 6) & 63];
  }
  return count > 0 ? out + alphabet[bits << (6 - count) & 63] : out;
}

std::string web_token() {
  return encoded(R"({"alg":"HS256","typ":"JWT"})") + '.' + encoded(R"({"sub":"1","name":"Nobody"})") + '.' +
         made(alnum, 43);
}

std::string armour(const std::string& label, std::size_t material) {
  return "-----BEGIN " + label + "-----\n" + made(alnum, material) + "\n-----END " + label + "-----";
}

struct example {
  std::string entity;
  std::string value;
};

std::vector<example> tokens() {
  return {{"AWS_ACCESS_KEY", "AKIA" + made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)},
          {"DIGITALOCEAN_TOKEN", "dop_v1_" + made(hex, 64)},
          {"VAULT_TOKEN", "hvs." + made(alnum, 90)},
          {"DATABRICKS_TOKEN", "dapi" + made(hex, 32) + "-2"},
          {"GITHUB_TOKEN", "ghp_" + made(alnum, 36)},
          {"GITHUB_TOKEN", "github_pat_" + made(alnum, 82)},
          {"GITLAB_TOKEN", "glpat-" + made(alnum, 20)},
          {"GITLAB_TOKEN", "glpat-" + made(alnum, 27) + '.' + made(hex, 9)},
          {"NPM_TOKEN", "npm_" + made(alnum, 36)},
          {"PYPI_TOKEN", "pypi-AgE" + made(alnum, 150)},
          {"OPENAI_API_KEY", "sk-proj-" + made(alnum, 74) + "T3BlbkFJ" + made(alnum, 74, 2)},
          {"ANTHROPIC_API_KEY", "sk-ant-api03-" + made(alnum, 93) + "AA"},
          {"HUGGINGFACE_TOKEN", "hf_" + made(letters, 34)},
          {"STRIPE_SECRET_KEY", "sk_live_" + made(alnum, 24)},
          {"SHOPIFY_TOKEN", "shpat_" + made(hex, 32)},
          {"SLACK_TOKEN", "xoxb-" + made(digits, 12) + '-' + made(alnum, 24)},
          {"SENDGRID_API_KEY", "SG." + made(alnum, 22) + '.' + made(alnum, 43)},
          {"TWILIO_API_KEY", "SK" + made(hex, 32)},
          {"GRAFANA_TOKEN", "glsa_" + made(alnum, 32) + '_' + made(hex, 8)},
          {"NEW_RELIC_KEY", "NRAK-" + made("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 27)},
          {"TAILSCALE_KEY", "tskey-auth-" + made(alnum, 12) + '-' + made(alnum, 24, 2)},
          {"TELEGRAM_BOT_TOKEN", "7213808860:A" + made(alnum, 34)},
          {"DISCORD_BOT_TOKEN", "M" + made(alnum, 23) + '.' + made(alnum, 6) + '.' + made(alnum, 27, 2)},
          {"MAILCHIMP_API_KEY", made(hex, 32) + "-us12"},
          {"AZURE_CLIENT_SECRET", "abc8Q~" + made(alnum, 34)},
          {"TERRAFORM_TOKEN", made(alnum, 14) + ".atlasv1." + made(alnum, 67)},
          {"JSON_WEB_TOKEN", web_token()},
          {"PRIVATE_KEY", armour("RSA PRIVATE KEY", 400)},
          {"PRIVATE_KEY", armour("PGP PRIVATE KEY BLOCK", 400)}};
}

} // namespace

TEST("tokens are found alone, in prose, in quotes, in assignments and in JSON within JSON") {
  for (const auto& [entity, value] : tokens())
    for (const std::string form :
         {"%", "see % now", "\"%\"", "x='%'", "{\"a\": \"b\\n%\\n\"}", "このキー%。"}) {
      const auto at = form.find('%');
      const auto text = form.substr(0, at) + value + form.substr(at + 1);
      const auto expected = entity + '[' + value + ']';
      if (found(text) != expected)
        std::cerr << text << " -> " << found(text) << '\n';
      CHECK_EQ(found(text), expected);
    }
}

TEST("emphasis, dashes and what else is not of a token's alphabet do not hide it") {
  const std::string aws = "AKIA" + made("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
  for (const auto& [entity, value] : std::vector<example>{
         {"AWS_ACCESS_KEY", aws},
         {"GITHUB_TOKEN", "ghp_" + made(alnum, 36)},
         {"GITHUB_TOKEN", "github_pat_" + made(alnum, 82)},
         {"GITLAB_TOKEN", "glpat-" + made(alnum, 20)},
         {"GRAFANA_TOKEN", "glsa_" + made(alnum, 32) + '_' + made(hex, 8)},
         {"SENDGRID_API_KEY", "SG." + made(alnum, 22) + '.' + made(alnum, 50)},
         {"TELEGRAM_BOT_TOKEN", "7213808860:A" + made(alnum, 34)},
         {"DISCORD_BOT_TOKEN", "M" + made(alnum, 25) + '.' + made(alnum, 6) + '.' + made(alnum, 38, 2)},
         {"MAILCHIMP_API_KEY", made(hex, 32) + "-us12"}})
    for (const std::string form : {"Here: _%_", "__%__", "___%___.", "Here: _%_, there", "%--ok", "% -",
                                   "*%*", "**_%_**", "\\n_%_\\n"}) {
      const auto at = form.find('%');
      const auto text = form.substr(0, at) + value + form.substr(at + 1);
      const auto expected = entity + '[' + value + ']';
      if (found(text) != expected)
        std::cerr << text << " -> " << found(text) << '\n';
      CHECK_EQ(found(text), expected);
    }
  const auto npm = "npm_" + made(alnum, 36);
  for (const std::string before : {"", "my_"})
    for (const std::string after : {"", "-", "_", "-prod", "_old"})
      CHECK_EQ(found(before + npm + after), "NPM_TOKEN[" + npm + "]");
  CHECK(found("_" + web_token() + "_").starts_with("JSON_WEB_TOKEN[" + web_token()));
}

TEST("a list's hyphen does not hide a web token") {
  const auto token = web_token();
  CHECK_EQ(found("-" + token), "JSON_WEB_TOKEN[" + token + "]");
  CHECK_EQ(found("keys:\n-" + token + "\n"), "JSON_WEB_TOKEN[" + token + "]");
  CHECK_EQ(found("a-" + token), "");
}

TEST("tokens that are too short, too long or part of a word are none") {
  for (const auto& text : std::vector<std::string>{
         "ghp_" + made(alnum, 35), "ghp_" + made(alnum, 37), "xghp_" + made(alnum, 36),
         "ghx_" + made(alnum, 36), "glpat-" + made(alnum, 19), "AKIA" + made(digits + "!", 16),
         "SK" + made(hex, 31), "glpat-" + made(alnum, 20) + "-x", "a_glpat-" + made(alnum, 20),
         "____glpat-" + made(alnum, 20) + "____", "glpat-" + made(alnum, 20) + "_x",
         "dapi" + made(hex, 30) + "gg", "xoxb-abcdef-abcdef", "AKIAIOSFODNN7" + std::string{"EXAMPLE"}})
    CHECK_EQ(found(text), "");
}

TEST("fillers and examples are none") {
  for (const auto& text : std::vector<std::string>{
         "ghp_" + std::string(36, 'x'), "hf_" + std::string(34, 'X'), "glpat-XXXXXXXXXXX-XXXXXXXX",
         "sk_abcdefghijklmnopqrstuvwxyz123", "password = \"changeme\"", "password: <your password>",
         "api_key: ${API_KEY}", "token = {{ vault.token }}", "secret = \"insert_key_here\"",
         "password=********", "API_KEY=$(cat /run/secrets/key)",
         "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
         "postgres://user:password@localhost/db", "https://user:pass@host.org",
         "curl -u name:password http://a.b"})
    CHECK_EQ(found(text), "");
}

TEST("what is no secret passes: numbers of builds, hashes of lock files, names, code and prose") {
  for (const auto& text :
       std::vector<std::string>{"id 6fa459ea-ee8a-3ca4-894e-db77e160355e",
                                "\"integrity\": \"sha512-" + made(alnum, 86) + "==\"",
                                "commit " + made(hex, 40),
                                "checksum = \"" + made(hex, 64) + "\"",
                                "public_key = \"" + made(alnum, 43) + "\"",
                                "primaryKey=" + made(alnum, 30),
                                "csrf-token=" + made(alnum, 60),
                                "credentialsId: '" + made(hex, 20) + "'",
                                "token = getToken(config.tokens[\"x\"])",
                                "key_length = XSalsa20.key_length",
                                "max_tokens: 4096",
                                "next_page_token=" + made(alnum, 30),
                                "password combination.",
                                "the password must be 12 characters long",
                                "The token economy, the secret garden and the key question.",
                                "password: please enter it below",
                                "secret_name = \"NEXUS-GPT4-API-KEY\"",
                                "-----BEGIN PUBLIC KEY-----\n" + made(alnum, 300),
                                "eyJhbGciOi.notjson.x",
                                "arn:aws:iam::123456789012:role/x",
                                "http://host:8080/@x",
                                "kind: Secret\ndata:\n  a: \"\""})
    CHECK_EQ(found(text), "");
}

TEST("assignments of any notation give the value and nothing around it") {
  const auto value = made(alnum, 32, 7);
  for (const std::string form :
       {"acme_token=%", "acmeToken = \"%\"", "acme_token: '%'", "\"acme_token\": \"%\"", "acmeToken := `%`",
        "acme.token ?= \"%\"", "\"acmeToken\" => \"%\"", "$acmeToken .= \"%\";",
        "var acmeToken string = \"%\"", "acme_token: str = \"%\"", "<acmeToken>\n    %\n</acmeToken>",
        "System.setProperty(\"ACME_TOKEN\", \"%\")", "--acme-token %",
        "<add key=\"AcmeToken\" value=\"%\" />", "{\"f\": \"ACME_TOKEN=%\\nB=1\"}",
        "The acme token is % today", "char acme_token[33] = \"%\";", "NSString *acmeToken = @\"%\";",
        "{\"s\": \"{\\\"acme_token\\\": \\\"%\\\"}\"}"}) {
    const auto at = form.find('%');
    const auto text = form.substr(0, at) + value + form.substr(at + 1);
    if (found(text) != "CREDENTIAL[" + value + "]")
      std::cerr << text << " -> " << found(text) << '\n';
    CHECK_EQ(found(text), "CREDENTIAL[" + value + "]");
  }
}

TEST("a value is found and masked up to its end, however long") {
  for (const std::size_t length : {255u, 256u, 257u, 300u, 3'000u}) {
    const auto value = made(alnum, length);
    CHECK_EQ(found("acme_token=" + value + ", b"), "CREDENTIAL[" + value + "]");
    CHECK_EQ(found("acme_token=" + value + ". B"), "CREDENTIAL[" + value + "]");
    CHECK_EQ(found("acme_token='" + value + "' b"), "CREDENTIAL[" + value + "]");
    CHECK_EQ(found(R"({"a": "{\"acme_token\": \")" + value + R"(\"}"})"), "CREDENTIAL[" + value + "]");
    CHECK_EQ(found("Authorization: Bearer " + value + "\n"), "AUTHORIZATION[" + value + "]");
  }
  CHECK_EQ(found("acme_token='" + made(alnum, 4'096) + "'"), "CREDENTIAL[" + made(alnum, 4'096) + "]");
}

TEST("escaped quotes and dollar signs are part of a password") {
  CHECK_EQ(found(R"(password="Tr0ub\"4dor&3xyz")"), R"(PASSWORD[Tr0ub\"4dor&3xyz])");
  CHECK_EQ(found(R"({"password": "a\\9\"x!bcd", "b": "c"})"), R"(PASSWORD[a\\9\"x!bcd])");
  CHECK_EQ(found(R"({"a": "{\"password\": \"Tr0ub\\\"4dor&3\"}"})"), R"(PASSWORD[Tr0ub\\\"4dor&3])");
  CHECK_EQ(found(R"(password='C0mpl!cated\')"), R"(PASSWORD[C0mpl!cated])");
  CHECK_EQ(found("curl -u admin:Pa$$w0rd99 https://a.b"), "PASSWORD[admin:Pa$$w0rd99]");
  CHECK_EQ(found("curl -u admin:Secret99$ https://a.b"), "PASSWORD[admin:Secret99$]");
  CHECK_EQ(found("curl -u 'admin:Pa$w0rd99\\' https://a.b"), "PASSWORD[admin:Pa$w0rd99\\]");
  CHECK_EQ(found(R"(curl -u "admin:Tr0ub\"4dor&3xyz" https://a.b)"), R"(PASSWORD[admin:Tr0ub\"4dor&3xyz])");
  CHECK_EQ(found(R"(curl --user admin:Tr0ub\ 4dor https://a.b)"), R"(PASSWORD[admin:Tr0ub\ 4dor])");
  CHECK_EQ(found("curl -u dev:yqDVtkqP77x\\\n https://a.b"), "PASSWORD[dev:yqDVtkqP77x\\]");
  for (const std::string text :
       {"curl -u admin:$PASSWORD x", "curl -u \"$USER:$PASS\" x", "curl -u \"$TOKEN:\" x",
        "curl -u user:\"$secret\" x", "curl -u admin:${PASSWORD_1} x", "curl -u admin:$(cat file) x",
        "curl -u admin:key-$API_KEY x"})
    CHECK_EQ(found(text), "");
}

TEST("a name of a vendor makes its plain values secrets") {
  const auto uuid = std::string{"482441fa-58ef-46d7-994c-cd494d348de4"};
  CHECK_EQ(found("heroku_api_key: " + uuid), "HEROKU_API_KEY[" + uuid + "]");
  CHECK_EQ(found("api_key: " + uuid), "");
  CHECK_EQ(found("linkedinToken=\"c735viv68onwsznz\""), "LINKEDIN_CREDENTIAL[c735viv68onwsznz]");
  CHECK_EQ(found("otherToken=\"c735viv68onwsznz\""), "");
  CHECK_EQ(found("aws_secret_access_key = " + made(alnum, 40)), "AWS_SECRET_KEY[" + made(alnum, 40) + "]");
}

TEST("passwords are found in assignments, addresses and commands") {
  CHECK_EQ(found("my password is hunter2."), "PASSWORD[hunter2]");
  CHECK_EQ(found("DB_PASSWORD=Tr0ub4dor&3"), "PASSWORD[Tr0ub4dor&3]");
  CHECK_EQ(found("passwd: \"p@ssw0rd!x\""), "PASSWORD[p@ssw0rd!x]");
  CHECK_EQ(found("mongodb+srv://app:q8Zr2mVx@db.example.org/x"), "CONNECTION_STRING[q8Zr2mVx]");
  CHECK_EQ(found("redis://:q8Zr2mVx@cache:6379"), "CONNECTION_STRING[q8Zr2mVx]");
  CHECK_EQ(found("git+https://" + made(hex, 40) + ":x-oauth-basic@github.com/a/b.git"),
           "CONNECTION_STRING[" + made(hex, 40) + "]");
  CHECK_EQ(found("curl -k -u dev:yqDVtkqP77x https://a.b"), "PASSWORD[dev:yqDVtkqP77x]");
  CHECK_EQ(found("curl -H 'Authorization: Bearer " + made(hex, 32) + "' https://a.b"),
           "AUTHORIZATION[" + made(hex, 32) + "]");
}

TEST("passwords are found however their name is written, and in addresses of any scheme") {
  for (const std::string text :
       {"passWord = hunter2xyz9", "PassWord := `hunter2xyz9`", "pass_phrase: hunter2xyz9",
        "**Password:** hunter2xyz9", "**Password**: hunter2xyz9", "__Password:__ `hunter2xyz9`",
        "* *Password* = hunter2xyz9"})
    CHECK_EQ(found(text), "PASSWORD[hunter2xyz9]");
  CHECK_EQ(found("postgresql+psycopg2://app:hunter2xyz9@db/main"), "CONNECTION_STRING[hunter2xyz9]");
  CHECK_EQ(found("h2://app:hunter2xyz9@db/main"), "CONNECTION_STRING[hunter2xyz9]");
  const auto key = made(alnum, 32);
  for (const std::string name : {"my API key is ", "api key: ", "the Access Key = ", "**API key:** "})
    CHECK_EQ(found(name + key), "CREDENTIAL[" + key + "]");
  CHECK_EQ(found("the foreign key: " + key), "");
  for (const std::string text :
       {"Password words: hunter2xyz9", "**Password** hunter2xyz9", "The API key: required since 2.14.3"})
    CHECK_EQ(found(text), "");
}

TEST("values of Kubernetes secrets are found, those of other documents are not") {
  const std::string metadata = "metadata:\n  name: registry-credentials-x\n";
  CHECK_EQ(found("apiVersion: v1\nkind: Secret\n" + metadata + "data:\n  extra: bm9ib2R5OnNlY3JldA==\n"),
           "KUBERNETES_SECRET[bm9ib2R5OnNlY3JldA==]");
  CHECK_EQ(found("data:\n  extra: bm9ib2R5OnNlY3JldA==\nkind: ConfigMap\n" + metadata), "");
  CHECK_EQ(
    found("kind: Secret\n" + metadata + "---\nkind: ConfigMap\ndata:\n  extra: bm9ib2R5OnNlY3JldA==\n"), "");
}

TEST("every value of a Kubernetes secret is found, in plain text too") {
  const std::string head = "apiVersion: v1\nkind: Secret\n";
  const auto one = [](const std::string& value) { return "KUBERNETES_SECRET[" + value + "]"; };
  CHECK_EQ(found(head + "data:\n  first: bm9ib2R5OnNlY3JldA==\n  second: b3RoZXI6c2VjcmV0eHk= # new\n"
                        "metadata:\n  name: x\n"),
           one("bm9ib2R5OnNlY3JldA==") + "; " + one("b3RoZXI6c2VjcmV0eHk="));
  CHECK_EQ(
    found("data: # all\n  cert: |\n    bm9ib2R5OnNlY3JldA==\n    b3RoZXI6c2VjcmV0eHk=\nkind: Secret\n"),
    one("bm9ib2R5OnNlY3JldA==") + "; " + one("b3RoZXI6c2VjcmV0eHk="));
  CHECK_EQ(found(head + "stringData:\n  user: admin\n  first: hunter2 # it\n  second: \"cor\\\"rect #1\"\n"
                        "  third: '9 lives'\n  inner: |\n    data:\n    x1: q8Zr2mVx\n  last: horse-battery\n"
                        "type: Opaque-1\n"),
           one("hunter2") + "; " + one("cor\\\"rect #1") + "; " + one("9 lives") + "; " + one("q8Zr2mVx") +
             "; " + one("horse-battery"));
  CHECK_EQ(found(head + "stringData:\n  a: changeme1\n  b: ${VALUE}\n  c: \"{{ .Values.c }}\"\n  d: 5432\n"
                        "  e: postgres\n  # set 2 values\n  f:\n"),
           "");
  std::string many = "data:\n";
  std::string all;
  for (int i = 0; i < 500; ++i) {
    const auto value = encoded("value of number " + std::to_string(100 + i) + "xy");
    many += "  key" + std::to_string(i) + ": " + value + "\n";
    all += (i == 0 ? "" : "; ") + one(value);
  }
  CHECK_EQ(found(many + "kind: Secret\n"), all);
}

TEST("a web token within Base64 is found") {
  auto wrapped = encoded(web_token());
  std::ranges::replace(wrapped, '-', '+');
  std::ranges::replace(wrapped, '_', '/');
  CHECK_EQ(found("x " + wrapped), "JSON_WEB_TOKEN[" + wrapped + "]");
}

TEST("a Google key counts where the text speaks of keys") {
  const auto key = "AIza" + made(alnum, 35);
  CHECK_EQ(found("maps key " + key), "GOOGLE_API_KEY[" + key + "]");
  CHECK_EQ(found("blob " + key), "");
}

TEST("a secret outweighs what else its text looks like") {
  const std::string text = "ftp://anna:q8Zr2mVx@example.org";
  CHECK_EQ(shown(judge(sensitive_only(), text), text), "Secret[q8Zr2mVx]");
}

TEST("the label is Secret, with entity, score and pattern, and entities restrict it") {
  const auto text = "a@bc.de ghp_" + made(alnum, 36);
  const auto report = judge(sensitive_only(), text);
  CHECK(report.sensitive_data->predicted_labels == (std::vector<std::string>{"Email", "Secret"}));
  const auto& f = report.findings.at(1);
  CHECK_EQ(*f.entity, "GITHUB_TOKEN");
  CHECK_EQ(f.why.pattern, "ghp_");
  CHECK_EQ(f.score, 0.95);
  CHECK(f.action == finding_action::block);
  const auto only = [&](const std::string& entity) {
    return shown(compile_rail({}, direction::text, {}, std::vector{entity}).judge(text, no_time).report,
                 text);
  };
  CHECK_EQ(only("Secret"), only("GITHUB_TOKEN"));
  CHECK_EQ(only("GITLAB_TOKEN"), "");
  CHECK_EQ(only("Email"), "Email[a@bc.de]");
}

TEST("every row of the tables is a usable pattern behind a literal of two characters at least") {
  const auto rows = secrets::all_token_formats();
  CHECK(rows.size() >= 200);
  for (const auto& row : rows)
    CHECK(row.prefix.size() >= 2 && !row.entity.empty());
  CHECK(secrets::all_secret_entities().size() >= 150);
}

TEST("every entity that a form reports is listed") {
  const auto known = secrets::all_secret_entities();
  for (const auto& [entity, value] : tokens())
    CHECK(std::ranges::find(known, entity) != known.end());
}

TEST("entropy, fillers and placeholders") {
  CHECK_EQ(secrets::entropy("aaaa"), 0.0);
  CHECK_EQ(secrets::entropy("abcd"), 2.0);
  CHECK(secrets::is_filler("xxxx-xxxx"));
  CHECK(secrets::is_filler("0123456789:;<=>?"));
  CHECK(!secrets::is_filler("abcd1234"));
  CHECK(secrets::is_placeholder("your-key"));
  CHECK(secrets::is_placeholder("a{{ b.c }}"));
  CHECK(!secrets::is_placeholder("a{{)p${e]"));
  CHECK(secrets::is_uuid("482441fa-58ef-46d7-994c-cd494d348de4"));
  CHECK(!secrets::is_uuid("482441fa-58ef-46d7-994c+cd494d348de4"));
  CHECK_EQ(secrets::kind_changes("a1-B2"), 2u);
}

TEST("Base64 in both alphabets") {
  CHECK(secrets::decode_base64("TWE=") == "Ma");
  CHECK(secrets::decode_base64("TWE") == "Ma");
  CHECK(!secrets::decode_base64("T"));
  CHECK(!secrets::decode_base64("T*E="));
  CHECK(secrets::decode_base64("__--") == secrets::decode_base64("//++"));
}
