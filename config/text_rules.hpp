// What texts with a form of their own must look like: addresses, header values, patterns, words.
#pragma once

#include "config/values.hpp"

#include <string>

namespace guardrails::config {

extern const text_rule upstream_url; ///< http:// or https:// with a host, nothing secret in it
extern const text_rule proxy_url;    ///< may hold credentials
extern const text_rule header_value; ///< what is sent in an HTTP header
extern const text_rule one_line;     ///< names and paths
extern const text_rule plain_name;   ///< fit for hosts, paths and queries as it is
extern const text_rule blocked_word;
extern const text_rule blocked_pattern;
extern const text_rule host_entry; ///< `example.com`, `*.example.com`, `10.0.0.1`, `[::1]`, each with `:port`
extern const text_rule url_scheme; ///< lower case, without the colon
extern const text_rule language_code; ///< of a language that the detector knows
extern const text_rule language_tag;  ///< two letters (ISO 639-1)
extern const text_rule node_entry;    ///< HOST:PORT
extern const text_rule mask_format;
extern const text_rule validator_name;

/// `url` with the credentials before its host replaced by `***`.
std::string without_credentials(const std::string& url);

} // namespace guardrails::config
