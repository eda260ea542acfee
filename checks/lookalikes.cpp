// Letters of other scripts, and odd ones of the Latin script, that pass for an ASCII letter.
#include "checks/code_point_class.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

struct twin {
  char32_t letter;
  char latin;
};

// Chosen by their shapes in Unicode's code charts; where only the capital has a Latin shape, the small letter
// goes with it, so that case makes no difference. In order of the letter.
constexpr auto twins = std::to_array<twin>({
  // IPA extensions and small capitals
  {0x0251, 'a'},
  {0x0261, 'g'},
  {0x0262, 'g'},
  {0x026A, 'i'},
  {0x0274, 'n'},
  {0x0280, 'r'},
  {0x028F, 'y'},
  {0x0299, 'b'},
  {0x029C, 'h'},
  {0x029F, 'l'},
  // Greek
  {0x037F, 'J'},
  {0x0391, 'A'},
  {0x0392, 'B'},
  {0x0395, 'E'},
  {0x0396, 'Z'},
  {0x0397, 'H'},
  {0x0399, 'I'},
  {0x039A, 'K'},
  {0x039C, 'M'},
  {0x039D, 'N'},
  {0x039F, 'O'},
  {0x03A1, 'P'},
  {0x03A4, 'T'},
  {0x03A5, 'Y'},
  {0x03A7, 'X'},
  {0x03B1, 'a'},
  {0x03B3, 'y'},
  {0x03B5, 'e'},
  {0x03B7, 'n'},
  {0x03B9, 'i'},
  {0x03BA, 'k'},
  {0x03BD, 'v'},
  {0x03BF, 'o'},
  {0x03C1, 'p'},
  {0x03C2, 'c'}, // NFKC makes it of the lunate sigma
  {0x03C4, 't'},
  {0x03C5, 'u'},
  {0x03C7, 'x'},
  {0x03C9, 'w'},
  {0x03F3, 'j'},
  // Cyrillic
  {0x0405, 'S'},
  {0x0406, 'I'},
  {0x0408, 'J'},
  {0x0410, 'A'},
  {0x0412, 'B'},
  {0x0415, 'E'},
  {0x041A, 'K'},
  {0x041C, 'M'},
  {0x041D, 'H'},
  {0x041E, 'O'},
  {0x0420, 'P'},
  {0x0421, 'C'},
  {0x0422, 'T'},
  {0x0423, 'Y'},
  {0x0425, 'X'},
  {0x0430, 'a'},
  {0x0432, 'b'},
  {0x0435, 'e'},
  {0x043A, 'k'},
  {0x043C, 'm'},
  {0x043D, 'h'},
  {0x043E, 'o'},
  {0x0440, 'p'},
  {0x0441, 'c'},
  {0x0442, 't'},
  {0x0443, 'y'},
  {0x0445, 'x'},
  {0x0455, 's'},
  {0x0456, 'i'},
  {0x0458, 'j'},
  {0x0474, 'V'},
  {0x0475, 'v'},
  {0x04AE, 'Y'},
  {0x04AF, 'y'},
  {0x04BA, 'H'},
  {0x04BB, 'h'},
  {0x04C0, 'I'},
  {0x04CF, 'l'},
  {0x0501, 'd'},
  {0x051A, 'Q'},
  {0x051B, 'q'},
  {0x051C, 'W'},
  {0x051D, 'w'},
  // Armenian
  {0x054F, 'S'},
  {0x0555, 'O'},
  {0x0566, 'q'},
  {0x0570, 'h'},
  {0x0575, 'j'},
  {0x0578, 'n'},
  {0x057D, 'u'},
  {0x0581, 'g'},
  {0x0585, 'o'},
  // Cherokee
  {0x13A0, 'D'},
  {0x13A1, 'R'},
  {0x13A2, 'T'},
  {0x13AA, 'A'},
  {0x13AB, 'J'},
  {0x13AC, 'E'},
  {0x13B3, 'W'},
  {0x13B7, 'M'},
  {0x13BB, 'H'},
  {0x13C0, 'G'},
  {0x13C3, 'Z'},
  {0x13D9, 'V'},
  {0x13DA, 'S'},
  {0x13DE, 'L'},
  {0x13DF, 'C'},
  {0x13E2, 'P'},
  {0x13E6, 'K'},
  {0x13F4, 'B'},
  // small capitals of the phonetic extensions
  {0x1D00, 'a'},
  {0x1D04, 'c'},
  {0x1D05, 'd'},
  {0x1D07, 'e'},
  {0x1D0A, 'j'},
  {0x1D0B, 'k'},
  {0x1D0D, 'm'},
  {0x1D0F, 'o'},
  {0x1D18, 'p'},
  {0x1D1B, 't'},
  {0x1D1C, 'u'},
  {0x1D20, 'v'},
  {0x1D21, 'w'},
  {0x1D22, 'z'},
  // Coptic
  {0x2C9E, 'O'},
  {0x2C9F, 'o'},
  {0x2CA2, 'P'},
  {0x2CA3, 'p'},
  {0x2CA4, 'C'},
  {0x2CA5, 'c'},
  // Lisu
  {0xA4D0, 'B'},
  {0xA4D1, 'P'},
  {0xA4D3, 'D'},
  {0xA4D4, 'T'},
  {0xA4D6, 'G'},
  {0xA4D7, 'K'},
  {0xA4D9, 'J'},
  {0xA4DA, 'C'},
  {0xA4DC, 'Z'},
  {0xA4DD, 'F'},
  {0xA4DF, 'M'},
  {0xA4E0, 'N'},
  {0xA4E1, 'L'},
  {0xA4E2, 'S'},
  {0xA4E3, 'R'},
  {0xA4E6, 'V'},
  {0xA4E7, 'H'},
  {0xA4EA, 'W'},
  {0xA4EB, 'X'},
  {0xA4EC, 'Y'},
  {0xA4EE, 'A'},
  {0xA4F0, 'E'},
  {0xA4F2, 'I'},
  {0xA4F3, 'O'},
  {0xA4F4, 'U'},
  // more small capitals
  {0xA730, 'f'},
  {0xA731, 's'},
});

static_assert(std::ranges::is_sorted(twins, {}, &twin::letter));

} // namespace

char32_t latin_twin(char32_t c) noexcept {
  const auto found = std::ranges::lower_bound(twins, c, {}, &twin::letter);
  return found != twins.end() && found->letter == c ? static_cast<char32_t>(found->latin) : 0;
}

char32_t boxed_letter(char32_t c) noexcept {
  constexpr char32_t circles = 0x1F150;
  constexpr char32_t squares = 0x1F170;
  constexpr char32_t letters = 26;
  if (c >= circles && c < circles + letters)
    return 'A' + (c - circles);
  if (c >= squares && c < squares + letters)
    return 'A' + (c - squares);
  return 0;
}

} // namespace guardrails::checks
