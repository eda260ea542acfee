// What a recogniser of sensitive data is: patterns that find candidates and functions that confirm them.
#pragma once

#include "checks/pattern_engine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::checks {

/// A confirmed candidate.
struct recognised {
  match_range where;
  double score = 0;          ///< 0..1, before context words count
  std::string_view checksum; ///< name of the checksum that held; empty: none applies
};

/// What a verifier says: the hit, if it is one, and where the search for the next candidate begins.
struct verdict {
  std::optional<recognised> hit;
  std::size_t resume = 0;
};

/// Confirms a candidate: looks at the whole text, but only a bounded number of bytes around the candidate, or
/// so that `resume` passes whatever it looked at.
using verifier = verdict (*)(std::string_view text, match_range candidate);

/// What a validator makes of a candidate.
enum class validity : std::uint8_t {
  refuted,   ///< no hit
  plausible, ///< a hit with the form's own score
  proven,    ///< a hit with score 1
};

/// Judges the ASCII letters, in upper case, and digits of a candidate, without what stands between them.
using validator = validity (*)(std::string_view compact);

/// What may stand beside a hit.
enum class edges : std::uint8_t {
  words,  ///< nothing that would make it a part of a longer word or number
  digits, ///< anything but a digit
  open,   ///< anything
};

/// Score that a context word lifts a hit to at least, as in Presidio's context enhancer.
inline constexpr double least_with_context = 0.4;

/// One written form of an entity. It has a verifier of its own, or a score and perhaps a validator: then what
/// the expression matches is the hit.
struct written_form {
  std::string name;
  std::string expression; ///< RE2; of bounded width unless a user wrote it
  verifier verify = nullptr;
  double least_with_context = checks::least_with_context;
  double score = 0;
  validator valid = nullptr;
  std::string_view checksum = {}; ///< name of what `valid` proves
  edges around = edges::words;
  pattern_origin origin = pattern_origin::built_in;
};

/// A form whose shape is all there is to know.
inline written_form shape(std::string name, std::string expression, double score) {
  return {.name = std::move(name), .expression = std::move(expression), .score = score};
}

/// A form that a function confirms or refutes.
inline written_form checked(std::string name, std::string expression, double score, validator valid,
                            std::string_view checksum = {}) {
  return {.name = std::move(name),
          .expression = std::move(expression),
          .score = score,
          .valid = valid,
          .checksum = checksum};
}

/// What a form without a verifier of its own says about a candidate.
verdict confirm(const written_form& form, std::string_view text, match_range candidate);

/// When a hit counts as sensitive data (the check of labels); personal data (`pii`) takes every hit.
enum class sensitivity : std::uint8_t {
  by_itself,    ///< when its score reaches the threshold
  with_context, ///< only with a context word before it: too many ordinary numbers look like it
  never,        ///< an address or a date is no secret
};

/// One entity: how it is written, and which words before it make a hit likelier.
struct recogniser {
  std::string label;
  std::string entity;
  std::vector<written_form> forms;  ///< none: an entity_source finds it
  std::vector<std::string> context; ///< case-folded
  bool refutable =
    false; ///< words such as `order number` right before a hit without checksum make it unlikely
  sensitivity sensitive = sensitivity::by_itself;
  std::string_view language = {}; ///< of the country whose number it is; empty: used everywhere
};

/// An entity of one country: counts as sensitive data only with a word that names it.
inline recogniser national(std::string label, std::string entity, std::vector<written_form> forms,
                           std::vector<std::string> context, std::string_view language = "en") {
  return {.label = std::move(label),
          .entity = std::move(entity),
          .forms = std::move(forms),
          .context = std::move(context),
          .refutable = true,
          .sensitive = sensitivity::with_context,
          .language = language};
}

/// Every recogniser, in the order of the report's labels.
std::vector<recogniser> all_recognisers();

// One function per entity or country, each in its own file.
recogniser email_recogniser();
/// What the e-mail recogniser leaves to the search for secrets: `password@host` within
/// `scheme://name:password@host`. For who masks where nobody looks for secrets.
written_form password_and_host_form();
recogniser phone_recogniser();
recogniser credit_card_recogniser();
recogniser ssn_recogniser();
recogniser ip_address_recogniser();
recogniser iban_recogniser();
recogniser crypto_recogniser();
recogniser mac_address_recogniser();
recogniser url_recogniser();
recogniser date_time_recogniser();
std::vector<recogniser> health_record_recognisers();
std::vector<recogniser> australian_recognisers();
std::vector<recogniser> british_recognisers();
std::vector<recogniser> canadian_recognisers();
std::vector<recogniser> finnish_recognisers();
std::vector<recogniser> german_recognisers();
std::vector<recogniser> indian_recognisers();
std::vector<recogniser> italian_recognisers();
std::vector<recogniser> korean_recognisers();
std::vector<recogniser> nigerian_recognisers();
std::vector<recogniser> philippine_recognisers();
std::vector<recogniser> polish_recognisers();
std::vector<recogniser> singaporean_recognisers();
std::vector<recogniser> south_african_recognisers();
std::vector<recogniser> spanish_recognisers();
std::vector<recogniser> swedish_recognisers();
std::vector<recogniser> thai_recognisers();
std::vector<recogniser> turkish_recognisers();
std::vector<recogniser> united_states_recognisers();

} // namespace guardrails::checks
