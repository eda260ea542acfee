// Whether the checks of a configuration work: each judges a text it must catch and one it must let pass.
#pragma once

#include <guardrails/generation.hpp>
#include <guardrails/rails_config.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string>
#include <vector>

namespace guardrails::gateway {

enum class proof : std::uint8_t {
  armed,   ///< caught the one, let the other pass
  failed,  ///< did not, or could not judge
  unknown, ///< nobody knows a text that it must catch, as for patterns of the user's own
};
BOOST_DESCRIBE_ENUM(proof, armed, failed, unknown)

struct check_proof {
  std::string check;
  gateway::proof proof = gateway::proof::unknown;
  std::string detail; ///< of a failure
};
BOOST_DESCRIBE_STRUCT(check_proof, (), (check, proof, detail))

struct armed_report {
  bool armed = true; ///< no check failed
  std::vector<check_proof> checks;
};
BOOST_DESCRIBE_STRUCT(armed_report, (), (armed, checks))

/// What one check is tried on. Of each list one text is enough: what fits depends on the configuration.
struct canary {
  std::string check;
  std::vector<std::string> caught{};
  std::vector<std::string> passed{"What is machine learning?", "Hello, how are you?"};
  bool is_answer = false; ///< judged as a model's answer
  bool is_sure = true;    ///< false: a check that works may well let all of `caught` pass
};

/// The canaries of the checks that `config` turns on.
std::vector<canary> canaries_of(const rails_config& config);

/// Compiles each check by itself and tries it. Asks remote judges where the configuration names them.
armed_report prove_checks(const rails_config& config);

} // namespace guardrails::gateway
