// Letter by letter; what varies is drawn at random.
#include "train/obfuscation.hpp"

#include <array>

namespace guardrails::train {

namespace {

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char small(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

char capital(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

std::string leet(std::string_view text, random_source& random) {
  std::string out{text};
  for (auto& c : out)
    if (random.happens(0.6))
      switch (small(c)) {
      case 'a':
        c = random.happens(0.5) ? '4' : '@';
        break;
      case 'e':
        c = '3';
        break;
      case 'i':
        c = '1';
        break;
      case 'o':
        c = '0';
        break;
      case 's':
        c = random.happens(0.5) ? '5' : '$';
        break;
      case 't':
        c = '7';
        break;
      default:
        break;
      }
  return out;
}

std::string separated(std::string_view text, std::string_view within, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') {
      out += between;
      continue;
    }
    out += text[i];
    if (is_letter(text[i]) && i + 1 < text.size() && is_letter(text[i + 1]))
      out += within;
  }
  return out;
}

std::string misspelt(std::string_view text, random_source& random) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool within =
      i > 0 && i + 1 < text.size() && is_letter(text[i - 1]) && is_letter(text[i]) && is_letter(text[i + 1]);
    const auto draw = within ? random.below(60) : 60;
    if (draw == 0)
      continue; // left out
    out += text[i];
    if (draw == 1)
      out += text[i];
    else if (draw == 2)
      std::swap(out[out.size() - 1], out[out.size() - 2]);
  }
  return out;
}

std::string run_together(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const auto c : text) {
    if (c == ' ') {
      begins = true;
      continue;
    }
    out += begins ? capital(c) : small(c);
    begins = false;
  }
  return out;
}

std::string accented(std::string_view text, random_source& random) {
  std::string out;
  for (const auto c : text) {
    static constexpr std::array<std::string_view, 5> vowels{"aáàâä", "eéèêë", "iíìîï", "oóòôö", "uúùûü"};
    const auto choice = 1 + 2 * random.below(4);
    const auto swapped = random.happens(0.5);
    auto written = std::string_view{};
    for (const auto v : vowels)
      if (v.front() == c && swapped)
        written = v.substr(choice, 2);
    written.empty() ? out.push_back(c) : static_cast<void>(out.append(written));
  }
  return out;
}

} // namespace

std::string obfuscate(std::string_view text, obfuscation how, random_source& random) {
  switch (how) {
  case obfuscation::leet:
    return leet(text, random);
  case obfuscation::spaced:
    return separated(text, " ", "  ");
  case obfuscation::dotted:
    return separated(text, ".", " ");
  case obfuscation::misspelt:
    return misspelt(text, random);
  case obfuscation::underscored:
    return separated(text, "", "_");
  case obfuscation::run_together:
    return run_together(text);
  case obfuscation::accented:
    return accented(text, random);
  }
  return std::string{text};
}

} // namespace guardrails::train
