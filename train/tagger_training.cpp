// Rows become windows of features, written differently each time they are visited, with parts left out at
// random: there are few rows, and every weight that relies on one of them alone is a mistake.
#include "train/tagger_training.hpp"

#include "checks/tagger/windows.hpp"
#include "train/letter_case.hpp"
#include "train/random.hpp"
#include "train/sequence_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace guardrails::train {

using namespace checks::tagger;

namespace {

constexpr std::uint32_t units_per_one = 32;
constexpr std::size_t least_occurrences = 3; // of a word that is usual

struct example {
  annotated_text row;             // spans as unify() leaves them
  std::vector<label_set> allowed; // by token, of a plain text
  bool annotated = true;
};

std::vector<token> all_tokens(std::string_view text, const gazetteers& lists) {
  std::vector<token> tokens;
  windows all{text, lists};
  for (auto window = all.next(); !window.empty(); window = all.next())
    tokens.insert(tokens.end(), window.begin(), window.end());
  return tokens;
}

// The label of a token; `span` moves along with the tokens.
label_set label_at(const token& t, const std::vector<annotated_span>& spans, std::size_t& span) {
  while (span < spans.size() && spans[span].end <= t.begin)
    ++span;
  if (span == spans.size() || spans[span].begin >= t.end)
    return only(outside);
  const auto kind = entity_named(spans[span].entity);
  if (!kind)
    return only(outside);
  return only(t.begin <= spans[span].begin ? begins(*kind) : inside(*kind));
}

constexpr word_lists names_of_entities =
  word_list_flag::first_name | word_list_flag::surname | word_list_flag::country | word_list_flag::place |
  word_list_flag::group | word_list_flag::organisation | word_list_flag::month | word_list_flag::weekday |
  word_list_flag::time_word | word_list_flag::legal_form;

bool is_small_word(std::string_view text, const token& t) {
  const auto first = text[t.begin];
  return t.is_word && !t.starts_big && !(first >= '0' && first <= '9');
}

// Whether a token of a plain text may be part of an entity for all we know.
bool is_doubtful(std::string_view text, const token& t, const vocabulary& usual) {
  if (!t.is_word)
    return false;
  return (t.lists & names_of_entities) != 0 || !usual.contains(t.word) ||
         !(is_small_word(text, t) || t.starts_sentence);
}

example plain_example(const std::string& text, const gazetteers& lists, const vocabulary& usual) {
  example made{{text, {}}, {}, false};
  const auto tokens = all_tokens(text, lists);
  for (const auto& t : tokens)
    made.allowed.push_back(is_doubtful(text, t, usual) ? any_label : only(outside));
  // Punctuation beside something doubtful may belong to it.
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (!tokens[i].is_word &&
        ((i > 0 && made.allowed[i - 1] == any_label) ||
         (i + 1 < tokens.size() && tokens[i + 1].is_word && made.allowed[i + 1] == any_label)))
      made.allowed[i] = any_label;
  return made;
}

std::vector<std::uint8_t> usual_words(std::span<const std::string> texts, const gazetteers& lists) {
  std::unordered_map<std::uint32_t, std::size_t> occurrences;
  for (const auto& text : texts)
    for (const auto& t : all_tokens(text, lists))
      if (is_small_word(text, t))
        ++occurrences[t.word];
  std::vector<std::uint8_t> set(vocabulary::bytes);
  for (const auto& [word, count] : occurrences)
    if (count >= least_occurrences) {
      const auto bit = vocabulary::position(word);
      set[bit / 8] = static_cast<std::uint8_t>(set[bit / 8] | 1U << bit % 8);
    }
  return set;
}

vocabulary as_vocabulary(const std::vector<std::uint8_t>& set) {
  return vocabulary{std::span{set}.first<vocabulary::bytes>()};
}

rewriting choose_writing(bool annotated, random_source& random) {
  const auto draw = random.below(100);
  if (annotated)
    return draw < 20   ? rewriting::small
           : draw < 25 ? rewriting::capitals
           : draw < 30 ? rewriting::titled
           : draw < 40 ? rewriting::some_titled
                       : rewriting::none;
  return draw < 10   ? rewriting::small
         : draw < 14 ? rewriting::capitals
         : draw < 22 ? rewriting::titled
         : draw < 40 ? rewriting::some_titled
                     : rewriting::none;
}

// What entities are called in the annotated rows, so that one row's names can stand in another's sentence.
class known_entities {
public:
  void add(const annotated_text& row) {
    for (const auto& s : row.spans)
      if (entity_named(s.entity))
        names_[key(row.text, s)].push_back(row.text.substr(s.begin, s.end - s.begin));
  }

  /// The row with some of its entities exchanged for others of the same kind and about the same length.
  annotated_text exchange(const annotated_text& row, random_source& random) const {
    annotated_text out;
    std::size_t copied = 0;
    for (const auto& s : row.spans) {
      out.text.append(row.text, copied, s.begin - copied);
      copied = s.end;
      const auto begin = out.text.size();
      const auto known = names_.find(key(row.text, s));
      if (known != names_.end() && random.happens(share_of_exchanged_entities))
        out.text += known->second[random.below(known->second.size())];
      else
        out.text.append(row.text, s.begin, s.end - s.begin);
      out.spans.push_back({s.entity, begin, out.text.size()});
    }
    out.text.append(row.text, copied);
    return out;
  }

private:
  static constexpr double share_of_exchanged_entities = 0.5;

  // Entity, number of words up to four, whether it begins with a capital.
  static std::string key(const std::string& text, const annotated_span& s) {
    tokeniser tokens{std::string_view{text}.substr(s.begin, s.end - s.begin)};
    token t;
    std::size_t words = 0;
    auto big = false;
    while (tokens.next(t)) {
      big = big || t.starts_big;
      words += t.is_word ? 1 : 0;
    }
    return s.entity + std::to_string(std::min<std::size_t>(words, 4)) + (big ? "A" : "a");
  }

  std::map<std::string, std::vector<std::string>> names_;
};

class trainer {
public:
  trainer(std::span<const annotated_text> annotated, std::span<const std::string> plain,
          const tagger_training& how)
    : random_{how.seed}
    , how_{how}
    , model_{how.bucket_bits, {.rate = how.rate, .decay = how.decay}}
    , usual_set_{usual_words(plain, lists_)} {
    for (const auto& row : annotated) {
      examples_.push_back({{row.text, unify(row.text, row.spans)}, {}, true});
      known_.add(examples_.back().row);
    }
    for (const auto& text : plain)
      examples_.push_back(plain_example(text, lists_, as_vocabulary(usual_set_)));
  }

  /// Mean loss of a token.
  double run_epoch() {
    double loss = 0;
    std::size_t tokens = 0;
    for (const auto i : draw_order())
      loss += visit(examples_[i], tokens);
    return loss / static_cast<double>(std::max<std::size_t>(tokens, 1));
  }

  model_contents contents() const {
    auto made = model_.quantise(units_per_one);
    made.usual_words = usual_set_;
    for (std::size_t e = 0; e < entity_count; ++e)
      for (auto& row : made.transitions)
        row[begins(static_cast<entity>(e))] = static_cast<std::int16_t>(
          row[begins(static_cast<entity>(e))] + std::lround(how_.eagerness[e] * units_per_one));
    return made;
  }

private:
  std::vector<std::size_t> draw_order() {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < examples_.size(); ++i)
      if (examples_[i].annotated)
        order.insert(order.end(), how_.annotated_visits, i);
      else if (random_.happens(how_.plain_share))
        order.push_back(i);
    for (auto i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[random_.below(i)]);
    return order;
  }

  double visit(const example& e, std::size_t& tokens) {
    const auto row = e.annotated && random_.happens(how_.exchanged) ? known_.exchange(e.row, random_) : e.row;
    const auto text = rewrite(row.text, choose_writing(e.annotated, random_), random_);
    const auto usual = as_vocabulary(random_.happens(how_.without_vocabulary) ? no_words_ : usual_set_);
    windows all{text, lists_};
    std::size_t done = 0;
    std::size_t span = 0;
    double loss = 0;
    for (auto window = all.next(); !window.empty(); window = all.next()) {
      looks_.assign(window, usual);
      tokens_.clear();
      for (std::size_t i = 0; i < window.size(); ++i, ++done)
        tokens_.push_back(
          with_parts_left_out(i, e.annotated ? label_at(window[i], row.spans, span) : e.allowed[done]));
      loss += model_.learn(tokens_);
    }
    tokens += done;
    return loss;
  }

  training_token with_parts_left_out(std::size_t i, label_set allowed) {
    std::array<bool, 4> leave{};
    for (std::size_t group = 0; group < leave.size(); ++group)
      leave[group] = random_.happens(how_.left_out[group]);
    training_token t;
    t.allowed = allowed;
    const auto features = looks_.features(i);
    for (std::size_t f = 0; f < features.count; ++f)
      if (!leave[static_cast<std::size_t>(feature_groups[f])])
        t.features[t.used++] = model_.bucket_of(features.hashes[f]);
    return t;
  }

  const gazetteers& lists_ = gazetteers::all();
  random_source random_;
  tagger_training how_;
  sequence_model model_;
  known_entities known_;
  std::vector<std::uint8_t> usual_set_;
  std::vector<std::uint8_t> no_words_ = std::vector<std::uint8_t>(vocabulary::bytes);
  std::vector<example> examples_;
  token_looks looks_;
  std::vector<training_token> tokens_;
};

} // namespace

model_contents train_tagger(std::span<const annotated_text> annotated, std::span<const std::string> plain,
                            const tagger_training& how, const progress& report) {
  if (annotated.empty())
    throw row_error{"there are no annotated rows"};
  trainer t{annotated, plain, how};
  for (unsigned epoch = 1; epoch <= how.epochs; ++epoch) {
    const auto loss = t.run_epoch();
    if (report)
      report(epoch, loss);
  }
  return t.contents();
}

} // namespace guardrails::train
