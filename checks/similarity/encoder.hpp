// What makes vectors of texts. The embedded one reads the model in this build; another may ask a service.
#pragma once

#include "checks/check.hpp"
#include "checks/similarity/point.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace guardrails::checks::similarity {

/// Turns texts into vectors: those of texts about the same things point the same way. Immutable and
/// thread-safe.
class encoder {
public:
  virtual ~encoder() = default;

  /// Numbers in a vector.
  virtual std::size_t dimensions() const noexcept = 0;

  /// Writes the vector of a normalised text (normalise.hpp), of length 1 at most, to `out`, which has
  /// dimensions() numbers; zeros for a text it knows nothing of. What it writes once `stop` is true counts
  /// for nothing. May throw; the rail turns that into a check failure.
  virtual void encode(std::string_view text, std::span<float> out, const stop_function& stop) const = 0;

  /// Vectors of texts of all kinds: what a class is told apart from. May be empty: then texts are compared by
  /// their angle alone.
  virtual std::span<const point> ordinary() const noexcept = 0;

  /// Names the model.
  virtual const std::string& version() const noexcept = 0;
};

/// The encoder that is part of this build.
const encoder& embedded_encoder();

} // namespace guardrails::checks::similarity
