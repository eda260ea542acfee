// The heads' model as this build carries it.
#include "checks/models/embedded.hpp"
#include "checks/models/head_model.hpp"

namespace guardrails::checks::models {

const head_model& embedded_heads() {
  static const head_model model{{reinterpret_cast<const std::uint8_t*>(heads.data()), heads.size()}};
  return model;
}

} // namespace guardrails::checks::models
