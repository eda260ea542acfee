// How near a text is to a class that its owner described, with examples or without.
#pragma once

#include "checks/similarity/encoder.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace guardrails::checks::similarity {

/// The least nearness that counts unless a policy says otherwise: 95 of 100 texts of the class should have
/// it, fewer where the class is sought and so many ordinary texts would have it too.
inline constexpr double usual_nearness = 0.5;

/// A class as its owner sees it.
struct described_class {
  std::string name;
  std::string description;           ///< may be empty
  std::vector<std::string> examples; ///< texts of it
  bool is_sought = false;            ///< what is found is of it; otherwise what is let pass
};

/// Fitted to one class: immutable, thread-safe.
class nearness {
public:
  /// Takes milliseconds. Throws what the encoder throws.
  nearness(const described_class& wanted, const encoder& by);

  /// 0 … 1 of what the encoder made of a text; usual_nearness is where the class begins.
  double of(std::span<const float> encoded) const;

private:
  /// A plane between the class and ordinary texts, and the texts that are in it.
  struct boundary {
    std::vector<float> plane;
    float offset = 0;
    std::vector<point> own;

    float score(std::span<const float> encoded) const;
  };

  static boundary fit(std::vector<point> own, std::span<const point> others, std::size_t dimensions);

  boundary boundary_;
  double begins_ = 0; ///< the score at usual_nearness
  double gain_ = 1;
};

/// A normalised text as nearness::of() takes it.
std::vector<float> encoded(const encoder& by, std::string_view text, const stop_function& stop = {});

} // namespace guardrails::checks::similarity
