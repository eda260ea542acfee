// The tagger's model as this build carries it.
#include "checks/tagger/model.hpp"
#include "checks/tagger/name_source.hpp"

#include "checks/models/embedded.hpp"

namespace guardrails::checks::tagger {

model embedded_model() {
  const auto bytes = models::pii_tagger;
  return model{{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}};
}

std::size_t embedded_model_bytes() noexcept {
  return models::pii_tagger.size();
}

} // namespace guardrails::checks::tagger
