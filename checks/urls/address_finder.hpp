// Finds addresses in a text, as browsers and chat programs would, and takes them apart.
#pragma once

#include "checks/pattern_engine.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::checks::urls {

struct address {
  match_range where;                 ///< without punctuation that follows it
  std::string scheme;                ///< lower case; empty: the one of the page (`//host`)
  std::string host;                  ///< as written; empty: has none
  std::optional<std::uint32_t> port; ///< the scheme's own where none is written
  bool web = false;                  ///< of a scheme that browsers take with any number of slashes
  std::string_view trick;            ///< what makes programs disagree about the host; empty: nothing
};

/// The addresses in order of their beginning: those with `scheme://`, `//` in brackets or quotation marks,
/// `www.`, and such as `javascript:` and `data:`. An address within another one is one too. The targets of
/// links (Markdown, HTML) are read as browsers do, without the white space and with the slashes that they
/// see. Linear in the text.
std::vector<address> find_addresses(std::string_view text, std::size_t most, const stop_function& stop);

struct bare_name {
  match_range where; ///< of name and port
  match_range name;
  std::optional<std::uint32_t> port;
};

/// Names with a dot in them outside `addresses` and of no e-mail address: `example.com` in a sentence.
std::vector<bare_name> find_bare_names(std::string_view text, const std::vector<address>& addresses);

} // namespace guardrails::checks::urls
