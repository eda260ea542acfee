// The host of an address as a browser takes it (WHATWG URL Standard, Unicode Technical Standard 46), and what
// disguises it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct UIDNA;

namespace guardrails::checks::urls {

/// A host in its one form: lower case, punycode, IP addresses as usual.
struct host {
  std::string name;
  std::string_view disguise; ///< why it looks like another one, or like none; empty: it does not
};

inline constexpr std::string_view invalid_host = "invalid host";

/// Immutable and thread-safe.
class host_reader {
public:
  /// Throws std::runtime_error when ICU has no data.
  host_reader();

  host read(std::string_view written) const;

private:
  struct close {
    void operator()(UIDNA* idna) const noexcept;
  };

  host read_name(std::string_view written, std::string_view disguise) const;
  std::string_view disguise_of(const std::string& name) const;

  std::unique_ptr<UIDNA, close> idna_;
};

} // namespace guardrails::checks::urls
