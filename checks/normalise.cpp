// Goes from word to word that is not plain ASCII; rewrites those that need it, code point by code point.
#include "checks/normalise.hpp"

#include "checks/code_point_class.hpp"
#include "checks/emphasis.hpp"
#include "checks/unicode.hpp"
#include "checks/utf8.hpp"

#include <guardrails/utf8.hpp>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

namespace guardrails::checks {

namespace {

namespace flag = code_point_flag;

// Longest decomposition of a code point in UTF-16, that of U+FDFA.
constexpr std::int32_t longest_decomposition = 18;

const UNormalizer2* nfkc() {
  auto status = U_ZERO_ERROR;
  const auto* form = unorm2_getNFKCInstance(&status);
  if (U_FAILURE(status))
    throw std::runtime_error{"ICU's data for NFKC is missing"};
  return form;
}

bool is_ascii_word_part(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && (flags_of(byte) & flag::word_part) != 0;
}

// Whatever else they are, they do not begin a word.
constexpr code_point_flags joining = flag::word_part | flag::unsettled | flag::mark | flag::invisible;

bool mixes_scripts(code_point_flags seen) noexcept {
  constexpr code_point_flags both = flag::cyrillic | flag::greek;
  return (seen & flag::latin) != 0 || (seen & both) == both;
}

bool brings_twins(code_point_flags seen, lookalikes which) noexcept {
  return (seen & flag::lookalike) != 0 &&
         (which == lookalikes::all || (which == lookalikes::in_mixed_words && mixes_scripts(seen)));
}

// The part of the text around the code point at `found` that can be normalised by itself: a word with what
// stands right before it, or a sign with its marks. Nothing before `floor` is needed.
flagged_range stretch_around(std::string_view text, std::size_t floor, std::size_t found) {
  auto stretch = range_with(text, found, joining);
  while (stretch.begin > floor && is_ascii_word_part(text[stretch.begin - 1]))
    stretch.seen |= flags_of(static_cast<unsigned char>(text[--stretch.begin]));
  if (stretch.begin > floor) // a mark may change a sign as well: `=` and U+0338 are one
    stretch.begin -= decode_before(text, stretch.begin).length;
  return stretch;
}

// Whether marks are in canonical order and none stands on a digit.
bool marks_stay(std::string_view stretch_text) {
  std::uint8_t last = 0;
  char32_t base = no_code_point;
  for (std::size_t pos = 0; pos < stretch_text.size();) {
    const auto c = decode_at(stretch_text, pos);
    const auto is_mark = c.value >= 0x300 && c.value != no_code_point;
    const auto combining_class =
      is_mark ? u_getCombiningClass(static_cast<UChar32>(c.value)) : std::uint8_t{0};
    if (combining_class != 0 && (combining_class < last || is_ascii_digit(base)))
      return false;
    last = combining_class;
    if (combining_class == 0)
      base = c.value;
    pos += c.length;
  }
  return true;
}

bool needs_rewriting(std::string_view text, const flagged_range& s, lookalikes which) {
  if ((s.seen & (flag::invisible | flag::unsettled)) != 0 || brings_twins(s.seen, which))
    return true;
  return (s.seen & flag::mark) != 0 && !marks_stay(text.substr(s.begin, s.end - s.begin));
}

/// A code point on its way, and the bytes of the original that it comes from.
struct piece {
  char32_t value;
  std::uint32_t begin;
  std::uint32_t end;
  std::uint8_t combining_class;
};

/// Writes the normalised text and its map. Words are taken apart (NFKD), borrowed letters replaced, and what
/// is left put in order and together again (NFKC).
class rewriter {
public:
  rewriter(std::string_view text, lookalikes which)
    : text_{text}
    , which_{which} {}

  void rewrite(const flagged_range& s) {
    settled_ = s.begin;
    base_ = no_code_point;
    for (auto pos = s.begin; pos < s.end;) {
      const auto c = decode_at(text_, pos);
      take_apart(c, pos);
      pos += c.length;
    }
    close_word();
    write_units(s.end);
    remove_until(s.end);
  }

  normalised_text finish() && {
    if (done_ == 0)
      return normalised_text{text_};
    settled_ = text_.size();
    copy_settled();
    return {std::move(out_), std::move(map_)};
  }

private:
  void take_apart(code_point c, std::size_t pos) {
    if (c.value < 0x80 || c.value == no_code_point) {
      add(c.value, pos, c.length);
      return;
    }
    for (const auto twin : {boxed_letter(c.value), digit_twin(c.value)})
      if (twin != 0) {
        add(twin, pos, c.length);
        return;
      }
    std::array<UChar, longest_decomposition> parts{};
    auto status = U_ZERO_ERROR;
    const auto size = unorm2_getDecomposition(nfkc_, static_cast<UChar32>(c.value), parts.data(),
                                              longest_decomposition, &status);
    if (size < 0 || U_FAILURE(status)) {
      add(c.value, pos, c.length);
      return;
    }
    for (std::int32_t i = 0; i < size;) {
      UChar32 part = 0;
      U16_NEXT(parts.data(), i, size, part);
      add(static_cast<char32_t>(part), pos, c.length);
    }
  }

  void add(char32_t value, std::size_t pos, std::size_t length) {
    const auto flags = value == no_code_point ? code_point_flags{0} : flags_of(value);
    if ((flags & flag::invisible) != 0 || disguises(value, flags))
      return;
    if ((flags & joining) == 0) {
      close_word();
      write_units(pos);
    }
    seen_ |= flags;
    const auto combining_class =
      (flags & flag::mark) != 0 ? u_getCombiningClass(static_cast<UChar32>(value)) : 0;
    pieces_.push_back({value, static_cast<std::uint32_t>(pos), static_cast<std::uint32_t>(pos + length),
                       static_cast<std::uint8_t>(combining_class)});
    if (combining_class == 0)
      base_ = value;
  }

  // A sign in a frame or struck out says what it says without, unless the stroke makes it another one (`≠`);
  // a digit has no marks at all.
  bool disguises(char32_t value, code_point_flags flags) const {
    if (base_ == no_code_point || (flags & (flag::unsettled | flag::mark)) == 0)
      return false;
    return (is_ascii_digit(base_) && (flags & flag::mark) != 0) ||
           (is_drawn_over(value) && composed(base_, value) == 0);
  }

  // Nothing that follows can change the word any more.
  void close_word() {
    const std::span word{pieces_.begin() + static_cast<std::ptrdiff_t>(open_), pieces_.end()};
    if (brings_twins(seen_, which_))
      for (auto& p : word)
        if (const auto twin = p.value < 0x80 ? 0 : latin_twin(p.value); twin != 0)
          p.value = twin;
    order_marks(word);
    pieces_.resize(open_ + compose(word));
    open_ = pieces_.size();
    seen_ = 0;
  }

  // Canonical ordering: each run of marks by combining class, otherwise as they stand.
  static void order_marks(std::span<piece> word) {
    const auto is_mark = [](const piece& p) { return p.combining_class != 0; };
    for (auto begin = std::ranges::find_if(word, is_mark); begin != word.end();) {
      const auto end = std::find_if_not(begin, word.end(), is_mark);
      if (!std::ranges::is_sorted(begin, end, {}, &piece::combining_class))
        std::ranges::stable_sort(begin, end, {}, &piece::combining_class);
      begin = std::find_if(end, word.end(), is_mark);
    }
  }

  // Canonical composition (definitions D115 to D117 of the Unicode Standard), in place; returns how many
  // pieces are left.
  std::size_t compose(std::span<piece> word) const {
    std::size_t size = 0;
    std::optional<std::size_t> starter;
    for (const auto& p : word) {
      const auto blocked =
        starter && size - 1 != *starter && word[size - 1].combining_class >= p.combining_class;
      const auto together =
        starter && !blocked && p.value >= 0x80 ? composed(word[*starter].value, p.value) : 0;
      if (together != 0) {
        auto& base = word[*starter];
        base = {together, std::min(base.begin, p.begin), std::max(base.end, p.end), 0};
        continue;
      }
      if (p.combining_class == 0)
        starter = size;
      word[size++] = p;
    }
    return size;
  }

  char32_t composed(char32_t base, char32_t mark) const {
    if (base == no_code_point || mark == no_code_point)
      return 0;
    const auto pair = unorm2_composePair(nfkc_, static_cast<UChar32>(base), static_cast<UChar32>(mark));
    return pair > 0 ? static_cast<char32_t>(pair) : 0;
  }

  // Writes what came from bytes before `limit`. A base with its marks is one unit, and so is all that came of
  // one code point.
  void write_units(std::size_t limit) {
    std::size_t written = 0;
    while (written < open_ && pieces_[written].begin < limit) {
      auto unit = pieces_[written];
      auto next = written + 1;
      for (; next < open_ && (pieces_[next].combining_class != 0 || pieces_[next].begin < unit.end); ++next) {
        unit.begin = std::min(unit.begin, pieces_[next].begin);
        unit.end = std::max(unit.end, pieces_[next].end);
      }
      if (unit.end > limit)
        break;
      buffer_.clear();
      for (; written < next; ++written)
        append(pieces_[written]);
      write(unit.begin, unit.end);
    }
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(written));
    open_ -= written;
  }

  void append(const piece& p) {
    if (p.value == no_code_point)
      buffer_.append(text_.substr(p.begin, p.end - p.begin));
    else
      append_utf8(buffer_, p.value);
  }

  // What stands in `buffer_` takes the place of the bytes from `begin` to `end`. What no unit of this stretch
  // came from was removed.
  void write(std::size_t begin, std::size_t end) {
    remove_until(begin);
    if (text_.substr(begin, end - begin) == buffer_) {
      settled_ = end;
      return;
    }
    copy_settled();
    out_ += buffer_;
    map_.replace(end - begin, buffer_.size());
    done_ = settled_ = end;
  }

  void remove_until(std::size_t end) {
    if (settled_ >= end)
      return;
    copy_settled();
    map_.replace(end - settled_, 0);
    done_ = settled_ = end;
  }

  void copy_settled() {
    out_.append(text_.substr(done_, settled_ - done_));
    map_.copy(settled_ - done_);
    done_ = settled_;
  }

  std::string_view text_;
  lookalikes which_;
  const UNormalizer2* nfkc_ = nfkc();
  std::vector<piece> pieces_;
  char32_t base_ = no_code_point; // what marks are put on
  std::size_t open_ = 0;          // pieces before it are as they will be written
  code_point_flags seen_ = 0;     // in the word from there on
  std::string buffer_;
  std::string out_;
  offset_map map_;
  std::size_t done_ = 0;    // bytes of the original that `out_` and `map_` cover
  std::size_t settled_ = 0; // the bytes from `done_` to here stay as they are
};

normalised_text settle(std::string_view text, lookalikes which) {
  std::optional<rewriter> rewritten;
  for (std::size_t floor = 0; floor < text.size();) {
    const auto plain = range_without_flags(text, next_non_ascii(text, floor));
    if (plain.end == text.size())
      break;
    if (static_cast<unsigned char>(text[plain.end]) < 0x80) {
      floor = plain.end;
      continue;
    }
    const auto s = stretch_around(text, floor, plain.end);
    floor = s.end;
    if (!needs_rewriting(text, s, which))
      continue;
    if (!rewritten)
      rewritten.emplace(text, which);
    rewritten->rewrite(s);
  }
  return rewritten ? std::move(*rewritten).finish() : normalised_text{text};
}

} // namespace

void prepare_normalisation() {
  nfkc();
  flags_of(0);
}

void normalised_text::blank(std::span<const match_range> ranges) {
  if (ranges.empty())
    return;
  if (!changed_) {
    rewritten_ = original_;
    map_.copy(original_.size());
    changed_ = true;
  }
  for (const auto& r : ranges)
    rewritten_.replace(r.begin, r.end - r.begin, r.end - r.begin, ' ');
}

normalised_text normalise(std::string_view text, lookalikes which, emphasis marks) {
  if (text.size() > offset_map::max_bytes)
    throw std::length_error{"a text of 4 GiB or more"};
  auto result = settle(text, which);
  if (marks == emphasis::blank)
    result.blank(find_emphasis(result.text()));
  return result;
}

} // namespace guardrails::checks
