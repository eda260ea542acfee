// The tagger on texts of our own: what it finds, what it leaves alone, and what hostile bytes do to it.
#include "checks/tagger/tagger.hpp"
#include "checks/tagger/decoder.hpp"
#include "checks/tagger/name_source.hpp"
#include "checks/tagger/windows.hpp"
#include "tests/cpu_time.hpp"
#include "train/read_lines.hpp"
#include "train/span_score.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

#define CAF_SUITE checks.tagger
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::tagger;

namespace {

const std::string data = GUARDRAILS_SOURCE_DIR "/tests/data/";
const auto everything = entity_set{}.set();

std::vector<train::annotated_span> likely_spans(const model& weights, std::string_view text) {
  std::vector<train::annotated_span> spans;
  for (const auto& found : find(text, weights, everything))
    if (found.score >= 0.5)
      spans.push_back({std::string{name_of(found.kind)}, found.where.begin, found.where.end});
  return spans;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  tokeniser all{text};
  for (token t; all.next(t);)
    words.push_back(text.substr(t.begin, t.end - t.begin));
  return words;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string all;
  for (const auto word : words)
    all.append(all.empty() ? "" : "|").append(word);
  return all;
}

// A model of small random weights.
std::vector<std::uint8_t> random_model(std::uint32_t seed) {
  const auto next = [&seed] { return seed = seed * 1664525U + 1013904223U; };
  model_contents contents;
  contents.units_per_one = 32;
  for (auto& row : contents.transitions)
    for (auto& weight : row)
      weight = static_cast<std::int16_t>(static_cast<int>(next() >> 16) % 200 - 100);
  contents.usual_words.assign(vocabulary::bytes, 0);
  contents.weights.resize(row_width << model::least_bucket_bits);
  for (auto& weight : contents.weights)
    weight = static_cast<std::int8_t>(static_cast<int>(next() >> 16) % 60 - 30);
  return write(contents);
}

std::string refusal(std::span<const std::uint8_t> bytes) {
  try {
    model{bytes};
    return "";
  } catch (const model_error& error) {
    return error.what();
  }
}

// Every way to label `count` tokens that the rules allow.
std::vector<std::vector<label>> all_labellings(std::size_t count) {
  std::vector<std::vector<label>> all{{}};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::vector<label>> longer;
    for (const auto& labels : all)
      for (label l = 0; l < label_count; ++l)
        if (may_follow(labels.empty() ? outside : labels.back(), l)) {
          longer.push_back(labels);
          longer.back().push_back(l);
        }
    all = std::move(longer);
  }
  return all;
}

int total(const model& weights, std::span<const scores> tokens, const std::vector<label>& labels) {
  auto sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    sum += tokens[i][labels[i]];
    if (i > 0)
      sum += weights.transitions(labels[i - 1])[labels[i]];
  }
  return sum;
}

std::vector<scores> scores_of(const model& weights, std::string_view text) {
  windows all{text, weights.lists()};
  const auto tokens = all.next();
  token_looks looks;
  looks.assign(tokens, weights.usual_words());
  std::vector<scores> scored;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    scored.push_back(weights.score(looks.features(i)));
  return scored;
}

std::string repeated(std::string_view unit, std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += unit;
  return text;
}

} // namespace

TEST("tokens are words, numbers and single characters") {
  CHECK_EQ(joined(words_of("Dr. O'Brien, 3rd floor")), "Dr|.|O|'|Brien|,|3rd|floor");
  CHECK_EQ(joined(words_of("  \n\tMüller-Lüdenscheidt\r\n")), "Müller|-|Lüdenscheidt");
  CHECK_EQ(joined(words_of("東京 12:30")), "東京|12|:|30");
  CHECK_EQ(joined(words_of("")), "");
  CHECK_EQ(joined(words_of(" \n ")), "");
}

TEST("bytes that are no UTF-8 are tokens of their own") {
  CHECK_EQ(words_of("a\xFF\xC3").size(), 3u);
  CHECK_EQ(words_of("\x80\x80").size(), 2u);
}

TEST("a word is known whatever its case, a phrase whatever its length") {
  const auto& lists = gazetteers::all();
  windows all{"LONDON and New York City, United Arab Emirates", lists};
  const auto tokens = all.next();
  CHECK((tokens[0].lists & word_list_flag::place) != 0);
  CHECK((tokens[1].lists & word_list_flag::place) == 0);
  CHECK((tokens[4].lists & word_list_flag::phrase_part) != 0);
  CHECK((tokens[8].lists & word_list_flag::country) != 0);
}

TEST("windows hand out every token once") {
  const auto& lists = gazetteers::all();
  for (const std::string unit : {"word ", "One more sentence here. ", "line\n", "x"}) {
    const auto text = repeated(unit, 20'000);
    std::size_t tokens = 0;
    std::size_t end = 0;
    windows all{text, lists};
    for (auto window = all.next(); !window.empty(); window = all.next()) {
      CHECK(window.size() <= token_looks::most_tokens);
      CHECK(end <= window.front().begin);
      end = window.back().end;
      tokens += window.size();
    }
    CHECK_EQ(tokens, words_of(text).size());
  }
}

TEST("the decoder finds the labels of highest score") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const auto bytes = random_model(seed);
    const model weights{bytes};
    const auto scored = scores_of(weights, "Anna met Bob");
    std::vector<label> best(scored.size());
    decode(weights, scored, best);
    auto highest = -1'000'000;
    for (const auto& labels : all_labellings(scored.size()))
      highest = std::max(highest, total(weights, scored, labels));
    CHECK_EQ(total(weights, scored, best), highest);
  }
}

TEST("certainty is the probability over all labellings") {
  auto compared = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const auto bytes = random_model(seed);
    const model weights{bytes};
    const auto scored = scores_of(weights, "Anna met Bob");
    std::vector<label> best(scored.size());
    decode(weights, scored, best);
    if (best[1] == outside || is_inside(best[1]) || (best[2] == inside(entity_of(best[1]))))
      continue;
    const auto kind = entity_of(best[1]);
    double all = 0;
    double of_it = 0;
    for (const auto& labels : all_labellings(scored.size())) {
      const auto weight = std::exp(total(weights, scored, labels) / 32.0);
      all += weight;
      of_it += labels[1] == begins(kind) || labels[1] == inside(kind) ? weight : 0;
    }
    ++compared;
    CHECK(std::abs(certainty(weights, scored, best, 1, 2) - of_it / all) < 1e-4);
  }
  CHECK(compared > 3);
}

TEST("a model is read back as it was written") {
  const auto bytes = random_model(7);
  const model weights{bytes};
  CHECK_EQ(weights.units_per_one(), 32u);
  CHECK_EQ(weights.transitions(outside)[inside(entity::person)], model::forbidden);
  CHECK(weights.transitions(begins(entity::person))[inside(entity::person)] != model::forbidden);
  const auto found = find("Anna met Bob in Paris", weights, everything);
  CHECK(std::ranges::all_of(found, [](const tagged_span& s) { return s.score >= 0 && s.score <= 1; }));
}

TEST("a file that is cut short, damaged or no model is refused") {
  const auto bytes = random_model(3);
  CHECK_EQ(refusal(bytes), "");
  for (std::size_t length = 0; length < bytes.size(); length += length < 64 ? 1 : 997)
    CHECK(refusal(std::span{bytes}.first(length)) != "");
  for (std::size_t at = 0; at < bytes.size(); at += at < 64 ? 1 : 997) {
    auto damaged = bytes;
    damaged[at] ^= 0x40;
    CHECK(refusal(damaged) != "");
  }
  auto longer = bytes;
  longer.push_back(0);
  CHECK(refusal(longer) != "");
}

TEST("transitions that could outweigh a rule are refused") {
  model_contents contents;
  contents.units_per_one = 32;
  contents.usual_words.assign(vocabulary::bytes, 0);
  contents.weights.resize(row_width << model::least_bucket_bits);
  CHECK_EQ(refusal(write(contents)), "");
  contents.transitions[0][1] = model::most_transition + 1;
  CHECK_EQ(refusal(write(contents)), "the model's transitions are out of range");
  contents.transitions[0][1] = 0;
  contents.units_per_one = 0;
  CHECK_EQ(refusal(write(contents)), "the model's sizes are out of range");
}

TEST("extreme weights neither overflow nor break the rules") {
  model_contents contents;
  contents.units_per_one = 1;
  contents.usual_words.assign(vocabulary::bytes, 0xFF);
  contents.weights.resize(row_width << model::least_bucket_bits);
  // Two rows in three want every token to begin an entity, the third forbids it, as strongly as a file can.
  for (std::size_t i = 0; i < contents.weights.size(); ++i)
    contents.weights[i] = i % 2 == (i / row_width % 3 == 0 ? 0U : 1U) ? 127 : -128;
  for (auto& row : contents.transitions)
    row.fill(-model::most_transition);
  const auto bytes = write(contents);
  const model weights{bytes};
  std::size_t end = 0;
  const auto all = find(repeated("Some Text, with 12 tokens. ", 5'000), weights, everything);
  CHECK(!all.empty());
  for (const auto& found : all) {
    CHECK(end <= found.where.begin && found.where.begin < found.where.end);
    CHECK(found.score >= 0 && found.score <= 1);
    end = found.where.end;
  }
}

TEST("the embedded model finds most of what our rows say") {
  std::vector<train::annotated_text> rows;
  for (auto line : train::read_lines(data + "tagger_rows.txt")) {
    for (std::size_t at = 0; (at = line.find("\\n", at)) != std::string::npos; ++at)
      line.replace(at, 2, 1, '\n');
    rows.push_back(train::read_marked(line));
  }
  const auto weights = embedded_model();
  train::span_tally all;
  const std::vector<std::string_view> names(entity_names.begin(), entity_names.end());
  const auto by_model = [&](std::string_view text) { return likely_spans(weights, text); };
  for (const auto& [entity, tally] : train::score_spans(rows, by_model, names)) {
    std::cerr << entity << ": " << tally.agreeing << " of " << tally.annotated << ", " << tally.found
              << " found\n";
    all += tally;
  }
  CHECK(all.annotated >= 50);
  CHECK(all.f1() >= 0.75);
}

TEST("ordinary sentences are left alone") {
  const auto weights = embedded_model();
  const auto sentences = train::read_lines(data + "ordinary_sentences.txt");
  std::size_t wrong = 0;
  for (const auto& sentence : sentences)
    for (const auto& s : likely_spans(weights, sentence)) {
      std::cerr << s.entity << " `" << sentence.substr(s.begin, s.end - s.begin) << "` in: " << sentence
                << '\n';
      ++wrong;
    }
  CHECK(sentences.size() >= 100);
  CHECK(wrong * 12 <= sentences.size());
}

TEST("only wanted entities are looked for") {
  const auto weights = embedded_model();
  const std::string text = "My name is Maria Garcia and I live in Madrid.";
  const auto of = [&](const std::vector<std::string>& names) {
    std::string found;
    for (const auto& s : find(text, weights, entities_named(names)))
      found += text.substr(s.where.begin, s.where.end - s.where.begin) + ";";
    return found;
  };
  CHECK_EQ(of({}), "Maria Garcia;Madrid;");
  CHECK_EQ(of({"LOCATION"}), "Madrid;");
  CHECK_EQ(of({"PERSON", "EMAIL_ADDRESS"}), "Maria Garcia;");
  CHECK_EQ(of({"EMAIL_ADDRESS"}), "");
  CHECK(entities_named(std::vector<std::string>{"EMAIL_ADDRESS"}).none());
}

TEST("languages, dishes and products are no names") {
  const auto wanted = name_recognisers();
  const auto sources = name_sources(std::span{wanted});
  REQUIRE(sources.size() == 1);
  const auto found = [&](std::string_view text) {
    std::string out;
    for (const auto& t : sources[0]->find(text, {}).found)
      out.append(t.entity).append("[").append(text.substr(t.where.begin, t.where.end - t.where.begin)) += ']';
    return out;
  };
  for (const auto* text : {"Please translate this to French and German", "How do I say hello in Spanish?",
                           "I love Italian food and Thai cuisine",
                           "A recipe for Greek salad and French toast", "She speaks English and Mandarin",
                           "Use Terraform with Ansible and Jira", "Claude and Gemini are language models"})
    CHECK_EQ(found(text), "");
  CHECK_EQ(found("He is French and she is a Muslim from Germany"), "NRP[French]NRP[Muslim]LOCATION[Germany]");
}

TEST("the check of personal data gets a source only for what it wants") {
  CHECK(name_sources({}).empty());
  CHECK(name_sources(std::vector<recogniser>{email_recogniser()}).empty());
  const auto wanted = name_recognisers();
  const auto sources = name_sources(std::span{wanted}.first(1));
  REQUIRE(sources.size() == 1);
  const auto found = sources[0]->find("My name is Maria Garcia and I live in Madrid.", {}).found;
  REQUIRE(found.size() == 1);
  CHECK_EQ(found[0].entity, "PERSON");
  CHECK(found[0].score > 0.5);
}

TEST("a search stops when it is told to") {
  const auto weights = embedded_model();
  const auto text = repeated("My name is Maria Garcia. ", 100'000);
  auto asked = 0;
  const auto found = find(text, weights, everything, [&] { return ++asked > 2; });
  CHECK_EQ(asked, 3);
  CHECK(!found.empty() && found.back().where.end < 10'000);
}

TEST("what is not listed any more counts as one occurrence") {
  const auto weights = embedded_model();
  const auto text = repeated("My name is Maria Garcia. ", 25 * (most_spans + 500));
  const auto found = find(text, weights, everything);
  CHECK_EQ(found.size(), most_spans);
  CHECK_EQ(found.back().where.end, text.size());
}

TEST("any bytes are taken") {
  const auto weights = embedded_model();
  for (const std::string unit :
       {"\xFF", "\xC3", "\xF0\x9F\x98\x80", "Maria\xFF Garcia ", "\xE2\x80", "\x01", "\xED\xA0\x80"}) {
    const auto text = "My name is Maria Garcia. " + repeated(unit, 5'000);
    std::size_t end = 0;
    const auto all = find(text, weights, everything);
    CHECK(!all.empty());
    for (const auto& found : all) {
      CHECK(end <= found.where.begin && found.where.begin < found.where.end &&
            found.where.end <= text.size());
      end = found.where.end;
    }
  }
}

TEST("four times the bytes do not take much more than four times the CPU") {
  const auto weights = embedded_model();
  for (const std::string unit :
       {"a", "A ", "Maria Garcia ", "1/2/", "New York New ", ", ", "\n", " ", ".", "\xFF", "O'B"}) {
    const auto seconds = [&](std::size_t bytes) {
      const auto text = repeated(unit, bytes);
      return guardrails::test::least_cpu_seconds([&] { find(text, weights, everything); });
    };
    const auto small = seconds(64 << 10);
    const auto large = seconds(256 << 10);
    if (large >= 12 * small)
      std::cerr << '`' << unit << "`: " << small << " s, then " << large << " s\n";
    CHECK(large < 12 * small);
  }
}
