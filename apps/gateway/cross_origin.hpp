// What pages of other origins may do (CORS): nothing, unless their origin is named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace guardrails::gateway {

class cross_origin {
public:
  cross_origin() = default;

  /// Origins as browsers write them (`https://app.example.com`), or `*` for every one.
  explicit cross_origin(std::vector<std::string> origins);

  bool allows(std::string_view origin) const noexcept;

  /// Lines for an answer to a page of this origin; empty: there is nothing to say to it.
  std::string headers_for(std::string_view origin) const;

  /// Further lines where a browser asks beforehand.
  static constexpr std::string_view preflight_headers = "Access-Control-Allow-Methods: GET, POST\r\n"
                                                        "Access-Control-Allow-Headers: authorization, *\r\n"
                                                        "Access-Control-Max-Age: 600\r\n";

private:
  std::vector<std::string> origins_;
  bool allows_all_ = false;
};

} // namespace guardrails::gateway
