// The tagger's model as this build carries it.
#include "checks/tagger/model.hpp"

#include "models/embedded.hpp"

namespace guardrails::checks::tagger {

model embedded_model() {
  const auto bytes = models::pii_tagger;
  return model{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
}

} // namespace guardrails::checks::tagger
