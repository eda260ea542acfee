// Texts whose entities are known: the rows that models are trained and scored with.
#pragma once

#include "train/json_row.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::train {

/// A half-open range of bytes and what stands there.
struct annotated_span {
  std::string entity; ///< PERSON, EMAIL_ADDRESS …
  std::size_t begin = 0;
  std::size_t end = 0;

  friend bool operator==(const annotated_span&, const annotated_span&) = default;
};

struct annotated_text {
  std::string text;
  std::vector<annotated_span> spans; ///< by place, not overlapping
};

/// Reads one line of JSON: `{"text": …, "spans": [{"entity": …, "start": …, "end": …}]}` with places in code
/// points, or `{"marked": "[PERSON Ann Lee] lives in [LOCATION Oslo]"}`. Other members are ignored. Throws
/// row_error.
annotated_text read_annotated(std::string_view json);

/// Whether anything here knows an entity of that name: the tagger, a recogniser, or unify(); or it is one
/// that is outside of all of them on purpose (AGE, PREFIX, TITLE, ZIP_CODE).
bool is_known_entity(std::string_view name);

/// Reads the member `text` of one line of JSON. Throws row_error.
std::string read_text(std::string_view json);

/// Reads the marks `[ENTITY words]`; other brackets are text. Throws row_error for an empty mark.
annotated_text read_marked(std::string_view marked);

/// The conventions by which spans are compared, whatever data set they come from: GPE, ADDRESS and
/// STREET_ADDRESS are LOCATION; places with nothing but white space and commas between them are one (an
/// address in parts); a form of address (`Mr.`, `Dr.`) is not part of a name.
std::vector<annotated_span> unify(std::string_view text, std::vector<annotated_span> spans);

} // namespace guardrails::train
