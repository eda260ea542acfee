// The encoder that needs nothing but a background: what a text is about by its words, how it is worded by its
// n-grams.
#pragma once

#include "checks/similarity/background.hpp"
#include "checks/similarity/encoder.hpp"

namespace guardrails::checks::similarity {

class background_encoder final : public encoder {
public:
  explicit background_encoder(background model);

  std::size_t dimensions() const noexcept override { return meaning_width + wording_width; }
  void encode(std::string_view text, std::span<float> out, const stop_function& stop) const override;
  std::span<const point> ordinary() const noexcept override { return ordinary_; }
  const std::string& version() const noexcept override { return model_.version(); }

private:
  background model_;
  std::vector<point> ordinary_;
};

/// Both halves of a vector before the usual meaning is taken away: for training, which finds that out.
void add_meaning_and_wording(std::string_view text, const background& model, std::span<float> out,
                             const stop_function& stop);

} // namespace guardrails::checks::similarity
