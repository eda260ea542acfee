// Follows the windows and sentences of the scorer.
#include "train/gram_text.hpp"

#include "checks/models/grams.hpp"
#include "checks/models/windows.hpp"
#include "checks/normalise.hpp"

namespace guardrails::train {

namespace {

namespace models = checks::models;

class cutter {
public:
  cutter(gram_text& out, text_cut cut, unsigned bucket_bits) noexcept
    : out_{out}
    , cut_{cut}
    , shift_{32 - bucket_bits} {}

  void take(const models::token_grams& token) {
    for (std::size_t g = 0; g < token.count; ++g)
      out_.buckets.push_back(token.hashes[g] >> shift_);
    if (units_.fills(token.units))
      end_part();
  }

  void end_sentence() {
    if (cut_ == text_cut::sentences)
      end_part();
  }

  void finish() {
    if (out_.buckets.size() > end_)
      end_part();
    if (cut_ == text_cut::windows && blocks_ == 1)
      add({0, end_});
  }

private:
  void end_part() {
    units_.start_again();
    const auto end = static_cast<std::uint32_t>(out_.buckets.size());
    if (cut_ == text_cut::sentences)
      add({end_, end});
    else if (blocks_ > 0)
      add({previous_, end});
    previous_ = end_;
    end_ = end;
    ++blocks_;
  }

  void add(gram_text::window w) {
    if (w.begin < w.end)
      out_.windows.push_back(w);
  }

  gram_text& out_;
  text_cut cut_;
  unsigned shift_;
  models::unit_counter units_{cut_ == text_cut::sentences ? models::longest_sentence : models::block_units};
  std::uint32_t previous_ = 0;
  std::uint32_t end_ = 0;
  std::uint32_t blocks_ = 0;
};

} // namespace

gram_text read_grams(std::string_view text, text_cut cut, unsigned bucket_bits) {
  gram_text made;
  cutter sink{made, cut, bucket_bits};
  models::gram_reader<cutter> reader{sink};
  const auto plain = checks::normalise(text);
  reader.feed(plain.text());
  reader.finish();
  sink.finish();
  return made;
}

} // namespace guardrails::train
