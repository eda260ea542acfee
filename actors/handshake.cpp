// Refusals name what differs on both sides, but never a token.
#include "actors/handshake.hpp"

#include <guardrails/caf_network.hpp>
#include <guardrails/errors.hpp>
#include <guardrails/rails_config.hpp>

#include <openssl/crypto.h>

#include <fstream>

namespace guardrails::actors {

namespace {

generation_error differs(std::string kind, const std::string& what, const std::string& theirs,
                         const std::string& ours) {
  return {std::move(kind), "the node has " + what + " " + ours + ", and who joins has " + theirs, 0};
}

} // namespace

node_identity node_identity::own(std::string token) {
  return {1, caf_family(), rails_config::schema(), std::move(token)};
}

std::optional<generation_error> find_refusal(std::string_view token, const node_identity& own) {
  if (own.token.empty())
    return std::nullopt;
  if (token.size() == own.token.size() && CRYPTO_memcmp(token.data(), own.token.data(), token.size()) == 0)
    return std::nullopt;
  return generation_error{
    "wrong_token",
    token.empty() ? "the node asks for a token, and none was given" : "the node has another token", 0};
}

std::optional<generation_error> find_refusal(const node_join& asked, const node_identity& own) {
  if (auto problem = find_refusal(asked.token, own))
    return problem;
  if (asked.protocol != own.protocol)
    return differs("other_protocol", "protocol version", std::to_string(asked.protocol),
                   std::to_string(own.protocol));
  if (asked.caf != own.caf)
    return differs("other_caf", "CAF", asked.caf, own.caf);
  if (asked.schema != own.schema)
    return differs("other_schema", "policy schema", asked.schema, own.schema);
  return std::nullopt;
}

std::string read_token(const std::string& file) {
  constexpr std::size_t least = 16;
  std::ifstream in{file, std::ios::binary};
  std::string line;
  if (!in || !std::getline(in, line))
    throw config_error{{file, 0, 0}, "cluster.token_file", "cannot be read; expected a file with a token"};
  const auto begin = line.find_first_not_of(" \t\r");
  const auto end = line.find_last_not_of(" \t\r");
  auto token = begin == std::string::npos ? std::string{} : line.substr(begin, end - begin + 1);
  if (token.size() < least)
    throw config_error{
      {file, 0, 0}, "cluster.token_file", "holds a token that is too short; expected at least 16 characters"};
  return token;
}

} // namespace guardrails::actors
