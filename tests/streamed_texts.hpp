// Texts as models write them, with what a policy looks for at their start, in their midst and at their end.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace guardrails::test {

/// The texts of tests/data that a model might write, some of the corpus of toxic ones, and `generated` ones;
/// of the folder that GUARDRAILS_DATA names, if it does, the rows of its JSON lines too.
std::vector<std::string> streamed_texts(std::mt19937& random, std::size_t generated);

} // namespace guardrails::test
