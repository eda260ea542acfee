// Any bytes as a row of labelled or of scored data: a row, or a row_error that says nothing of the text.
#include "train/labelled_text.hpp"

#include <cmath>
#include <cstddef>
#include <cstdlib>

namespace {

using namespace guardrails::train;

constexpr std::size_t longest_reason = 100;

template <class Read>
void read(Read row) {
  try {
    row();
  } catch (const row_error& error) {
    if (std::string_view{error.what()}.size() > longest_reason)
      std::abort();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line{reinterpret_cast<const char*>(data), size};
  for (const auto label : {row_label::given, row_label::negative}) {
    read([&] {
      const auto row = read_labelled(line, label);
      if (row.positive && label == row_label::negative)
        std::abort();
    });
    read([&] {
      if (!std::isfinite(read_scored(line, "injection", label).score))
        std::abort();
    });
  }
  read([&] {
    const auto label = read_separate_label(line);
    if (label.id.empty() || label.head.empty() ||
        (label.says.part && label.says.part->begin >= label.says.part->end))
      std::abort();
  });
  return 0;
}
