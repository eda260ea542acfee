// The text by which another node can read the same configuration.
#pragma once

#include <guardrails/rails_config.hpp>

#include <string>

namespace guardrails::config {

struct portable_text {
  std::string yaml;    ///< with `${NAME}` as it was written
  std::string problem; ///< why there is none; empty: there is one
};

/// `with_secrets`: whether a secret that stands in the text itself may travel.
portable_text make_portable(const rails_config& config, bool with_secrets);

} // namespace guardrails::config
