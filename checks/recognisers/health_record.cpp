// Health records: medical record numbers and patient numbers, told by the words right before them.
#include "checks/recognisers/digits.hpp"
#include "checks/recognisers/recogniser.hpp"

#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

namespace guardrails::checks {

namespace {

constexpr double named = 0.85;

// The number is what stands behind the last space, sign or bracket; the words before it stay readable.
verdict verify_named(std::string_view text, match_range candidate) {
  const auto marks = text.substr(candidate.begin, candidate.end - candidate.begin).find_last_of(" \t:#=(");
  if (marks == std::string_view::npos || sticks_to_digits(decode_at(text, candidate.end).value) ||
      sticks_to_digits(decode_before(text, candidate.begin).value))
    return {std::nullopt, candidate.begin + 1};
  return {recognised{{candidate.begin + marks + 1, candidate.end}, named, {}}, candidate.end};
}

// A letter or two, a hyphen, four to twelve digits: hospitals number as they please.
constexpr auto record = R"([ \t:#=(]{1,4}(?:[A-Z]{1,4}-?)?[0-9]{4,12}\b)";
constexpr auto noun = R"((?: ?(?:number|no\.?|nr\.?|num|id))?(?: is)?)";

recogniser health_record(std::string label, std::string entity, const std::string& name) {
  return {.label = std::move(label),
          .entity = std::move(entity),
          .forms = {{"named", "(?i)" + name + noun + record, verify_named}},
          .context = {"hospital", "patient", "clinic", "admitted", "chart"}};
}

} // namespace

std::vector<recogniser> health_record_recognisers() {
  return {health_record("MedicalRecord", "PHI_MRN", R"(\b(?:mrn|medical record|med rec|health record))"),
          health_record("PatientID", "PHI_PATIENT_ID",
                        R"(\b(?:patient|pat)[ _-]?(?:id|identifier|number|no\.?|nr\.?))")};
}

} // namespace guardrails::checks
