// Draws rows at random and puts them together.
#include "train/augmentation.hpp"

#include "train/carriers.hpp"

#include "train/obfuscation.hpp"

#include <algorithm>

namespace guardrails::train {

namespace {

constexpr std::string_view made_here = "made";
constexpr std::size_t longest_carried = 300; // bytes: a payload is a sentence or a few

class augmenter {
public:
  augmenter(std::span<const labelled_text* const> rows, random_source& random)
    : random_{random} {
    for (const auto* row : rows) {
      (row->positive ? positive_ : negative_).push_back(row);
      if (row->text.size() <= longest_carried)
        (row->positive ? short_positive_ : short_negative_).push_back(row);
    }
  }

  std::vector<made_row> make(std::span<const std::string> carriers, const augmentation& how) {
    const auto times = [&](double share, std::size_t of) {
      return static_cast<std::size_t>(share * static_cast<double>(of));
    };
    const auto looked_at = std::min(positive_.size(), how.most);
    if (!negative_.empty() && !positive_.empty()) {
      for (std::size_t i = times(how.joined, looked_at); i > 0; --i) {
        join_attack();
        join_harmless(2);
        join_harmless(2);
      }
      for (std::size_t i = times(how.long_joined, looked_at); i > 0; --i)
        join_harmless(4 + random_.below(12));
    }
    for (const auto* kind : {&positive_, &negative_})
      for (std::size_t i = times(how.obfuscated, std::min(kind->size(), 4 * looked_at)); i > 0; --i)
        disguise(one_of(*kind));
    for (const auto& carrier : carriers)
      for (unsigned i = 0; i < how.carried; ++i) {
        carry(carrier, short_positive_);
        carry(carrier, short_negative_);
      }
    return std::move(made_);
  }

private:
  using chosen_rows = std::vector<const labelled_text*>;

  const labelled_text& one_of(const chosen_rows& rows) { return *rows[random_.below(rows.size())]; }

  std::string_view separator() { return random_.happens(0.5) ? " " : random_.happens(0.5) ? "\n" : "\n\n"; }

  void add(std::string text, bool positive, const std::string& label, bool in_part) {
    auto& made = made_.emplace_back();
    made.row.text = std::move(text);
    made.row.positive = positive;
    made.row.label = label;
    made.row.source = made_here;
    made.in_part = in_part;
  }

  void join_attack() {
    const auto& attack = one_of(positive_);
    const auto& other = one_of(negative_);
    const bool last = random_.happens(0.7);
    auto text = last ? other.text : attack.text;
    text.append(separator()).append(last ? attack.text : other.text);
    add(std::move(text), true, attack.label, true);
  }

  void join_harmless(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0)
        text += separator();
      text += one_of(negative_).text;
    }
    add(std::move(text), false, {}, false);
  }

  void disguise(const labelled_text& row) {
    const auto how = static_cast<obfuscation>(random_.below(obfuscations));
    add(obfuscate(row.text, how, random_), row.positive, row.label, false);
  }

  void carry(const std::string& carrier, const chosen_rows& payloads) {
    if (payloads.empty())
      return;
    const auto& payload = one_of(payloads);
    auto text = carrier;
    text.replace(text.find(payload_place), payload_place.size(), payload.text);
    add(std::move(text), payload.positive, payload.label, true);
  }

  random_source& random_;
  chosen_rows positive_;
  chosen_rows negative_;
  chosen_rows short_positive_;
  chosen_rows short_negative_;
  std::vector<made_row> made_;
};

} // namespace

std::vector<made_row> augment(std::span<const labelled_text* const> rows,
                              std::span<const std::string> carriers, const augmentation& how,
                              random_source& random) {
  return augmenter{rows, random}.make(carriers, how);
}

} // namespace guardrails::train
