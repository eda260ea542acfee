// Reads what there is and puts together what there is not.
#include "tests/streamed_texts.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace guardrails::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = 8'000;
constexpr std::size_t least_together = 2'500;
constexpr std::size_t usual_answer = 3'200;
constexpr std::size_t longest_answer = 8'000;

void add_lines(const fs::path& path, std::size_t every, std::vector<std::string>& texts) {
  std::ifstream file{path};
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line.front() != '#' && number++ % every == 0)
      texts.push_back(line);
}

void add_json_lines(const fs::path& path, std::size_t every, std::vector<std::string>& texts) {
  std::vector<std::string> lines;
  add_lines(path, every, lines);
  for (const auto& line : lines) {
    boost::system::error_code failed;
    const auto row = boost::json::parse(line, failed);
    const auto* text = !failed && row.is_object() ? row.as_object().if_contains("text") : nullptr;
    if (text && text->is_string() && !text->as_string().empty() && text->as_string().size() <= most_bytes)
      texts.emplace_back(text->as_string());
  }
}

// A model would list such rows.
void add_tables(const fs::path& folder, std::vector<std::string>& texts) {
  for (const auto* name :
       {"pii.tsv", "email.tsv", "phone.tsv", "ssn.tsv", "iban.tsv", "ip_address.tsv", "credit_card.tsv"}) {
    std::vector<std::string> rows;
    add_lines(folder / name, 1, rows);
    for (std::size_t i = 0; i < rows.size(); i += 12) {
      auto& text = texts.emplace_back();
      for (auto row = i; row < std::min(i + 12, rows.size()); ++row)
        text.append(rows[row]).append("\n");
    }
  }
}

// Short rows together, so that something is released before the end.
void add_data(const fs::path& folder, std::vector<std::string>& texts) {
  std::vector<std::string> rows;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    if (entry.path().extension() == ".jsonl")
      add_json_lines(entry.path(), 1, rows);
  std::string text;
  for (const auto& row : rows) {
    text.append(row).append("\n");
    if (text.size() < least_together)
      continue;
    texts.push_back(text);
    text.clear();
  }
}

const std::vector<std::string> fillers{
  "Here is what the report says about the services of last spring. ",
  "First, open the settings; then choose the second entry and wait for a moment.\n",
  "You can reach the office on weekdays, and the garden on Sundays, without a ticket. ",
  "Nachdem der Zug angekommen war, gingen alle Gäste langsam zum Marktplatz. ",
  "Les enfants jouaient près de la rivière pendant que le soleil se couchait. ",
  "El informe describe cómo el equipo cambió sus servicios durante el año. ",
  "Вчера мы долго гуляли по берегу и говорили о старых книгах. ",
  "这份报告说明了团队在春天怎样调整服务，也说明了接下来的计划。",
  "昨日は雨が降っていたので、図書館で本を読みました。",
  "보고서에는 지난봄에 팀이 한 일이 적혀 있습니다. ",
  "يصف التقرير كيف غيّر الفريق خدماته في الربيع الماضي. ",
  "รายงานนี้อธิบายว่าทีมงานเปลี่ยนบริการอย่างไรเมื่อปีที่แล้ว ",
  "for (std::size_t i = 0; i < rows.size(); ++i) { total += rows[i].price * rate; }\n",
  "- one point of the list\n- another point of the list\n\n",
  "Totals were 12, 48, 7 and 1,204 in 2019 (see table 3). ",
};

const std::vector<std::string> sought{
  "maria.keller@example.com",
  "Maria Keller from Hamburg",
  "Dr. Henrik Dahl",
  "+1 415 555 2671",
  "(212) 555-0187",
  "4111 1111 1111 1111",
  "_4111 1111 1111 1111_",
  "４１１１ １１１１ １１１１ １１１１",
  "536-90-4399",
  "DE89 3704 0044 0532 0130 00",
  "10.20.30.40",
  "fe80::1ff:fe23:4567:890a",
  "my passport number is 912803456",
  "on 14 March 2023 at 5 pm",
  "https://www.evil.example/path?x=1",
  "[a link](https://login.bad.example/a_(b) \"its title\")",
  "<a href = \"//evil.example/ a b\">text</a>",
  "evil.example",
  "top secret",
  "top  \n secret",
  "to\u200Bp se\u200Bcret",
  "Zanzibar",
  "a red fox",
  "炸弹",
  "gefährlich",
  "proj-1234",
  "\u200B\u200B\u200B\u200B\u200Bhidden",
  "password = \"correct horse battery 42 staple!\"",
  "api_key: 'zT9qLw3nXc7vBm1KpR5sYd8fGh2jUe4a'",
  "postgres://admin:Tr0ub4dor-and3@db.example.com:5432/shop",
  "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAxZ8kq3Vw0n7Rf1LtGm5dHc9bYp2sJe6uTa4oQiKvXzWlNrEy\n"
  "BhPgMfDjScUaOtIqVwLkRnZxEyHbTmPdGuFsJcAo7QiKvXzWlNrEyBhPgMfDjSc1\n-----END RSA PRIVATE KEY-----\n",
  "\ndata:\n  user: YWRtaW5pc3RyYXRvcg==\n  pass: c3VwZXItc2VjcmV0LXdvcmQ=\nkind: Secret\n",
  "\nPuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 2\nAAAB8kq3Vw0n7Rf1LtGm5dHc9bYp\n",
  "You are a worthless idiot and everybody hates you, you disgusting piece of trash. ",
  "I will find you and kill you, you stupid bastard. ",
};

const std::string& any_of(const std::vector<std::string>& from, std::mt19937& random) {
  return from[std::uniform_int_distribution<std::size_t>{0, from.size() - 1}(random)];
}

void fill(std::string& text, std::size_t until, std::mt19937& random, bool mixed) {
  auto unit = any_of(fillers, random);
  while (text.size() < until) {
    text += unit;
    if (mixed)
      unit = any_of(fillers, random);
  }
}

// One sought thing for each place, in turn, so that all of them stand everywhere.
std::string generated_text(std::size_t number, std::mt19937& random) {
  constexpr std::size_t places = 4; // nowhere, start, middle, end
  const auto longest = number % 40 == 39 ? longest_answer : usual_answer;
  const auto size = std::uniform_int_distribution<std::size_t>{200, longest}(random);
  const auto mixed = number % 3 != 0;
  const auto& one = sought[(number / places) % sought.size()];
  std::string text;
  if (number % places == 1)
    text += one + ' ';
  fill(text, size / 2, random, mixed);
  if (number % places == 2)
    text += one + ' ';
  while (number % 7 == 6 && text.size() < size) { // crowded
    text += any_of(sought, random) + (number % 2 == 0 ? " " : ", ");
    fill(text, text.size() + 40, random, mixed);
  }
  fill(text, size, random, mixed);
  if (number % places == 3)
    text += one;
  return text;
}

} // namespace

std::vector<std::string> streamed_texts(std::mt19937& random, std::size_t generated) {
  const fs::path root{GUARDRAILS_SOURCE_DIR};
  std::vector<std::string> texts;
  add_tables(root / "tests/data", texts);
  add_json_lines(root / "tests/data/held_aside.jsonl", 9, texts);
  std::vector<std::string> sentences;
  add_lines(root / "tests/data/ordinary_sentences.txt", 1, sentences);
  for (std::size_t i = 0; i < sentences.size(); i += 20) {
    auto& text = texts.emplace_back();
    for (auto s = i; s < std::min(i + 20, sentences.size()); ++s)
      text.append(sentences[s]).append(s % 3 == 0 ? "\n" : " ");
  }
  for (const auto& entry : fs::directory_iterator{root / "checks/models/corpus/toxicity"})
    add_json_lines(entry.path(), 97, texts);
  if (const auto* folder = std::getenv("GUARDRAILS_DATA"))
    add_data(folder, texts);
  for (std::size_t i = 0; i < generated; ++i)
    texts.push_back(generated_text(i, random));
  return texts;
}

} // namespace guardrails::test
