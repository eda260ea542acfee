// The background as this build carries it.
#include "checks/models/embedded.hpp"
#include "checks/similarity/background_encoder.hpp"

namespace guardrails::checks::similarity {

const encoder& embedded_encoder() {
  static const background_encoder made{similarity::background{
    {reinterpret_cast<const std::uint8_t*>(models::background.data()), models::background.size()}}};
  return made;
}

} // namespace guardrails::checks::similarity
