// The entry point of every test program.
#define CAF_SUITE guardrails
#include "tests/caf_test.hpp"

#if __has_include(<guardrails/actors.hpp>)
#include <guardrails/actors.hpp>
#endif

#if GUARDRAILS_CAF_BEFORE(1, 0)
#define CAF_TEST_NO_MAIN
#include <caf/test/unit_test_impl.hpp>

int main(int argc, char** argv) {
  guardrails::announce<caf::id_block::guardrails>();
  return caf::test::main(argc, argv);
}
#else
CAF_TEST_MAIN(caf::id_block::guardrails)
#endif
