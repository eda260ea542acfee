// Bitcoin addresses: Base58Check of the older kinds, Bech32 and Bech32m of the newer ones.
#include "checks/recognisers/recogniser.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace guardrails::checks {

namespace {

using sha256_digest = std::array<unsigned char, 32>;

bool sha256(const void* data, std::size_t size, sha256_digest& out) {
  unsigned length = 0;
  return EVP_Digest(data, size, out.data(), &length, EVP_sha256(), nullptr) == 1;
}

// A version byte, twenty bytes of hash, four bytes of checksum; false for a text that is no such number.
using address_bytes = std::array<unsigned char, 25>;

bool decode_base58(std::string_view text, address_bytes& out) {
  constexpr std::string_view digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  out.fill(0);
  for (const auto c : text) {
    auto carry = static_cast<unsigned>(digits.find(c));
    if (carry >= digits.size())
      return false;
    for (auto byte = out.rbegin(); byte != out.rend(); ++byte) {
      carry += 58u * *byte;
      *byte = static_cast<unsigned char>(carry);
      carry >>= 8;
    }
    if (carry != 0)
      return false;
  }
  return true;
}

// The checksum is the first four bytes of SHA-256 applied twice (Bitcoin wiki, "Base58Check encoding").
bool base58_checks(std::string_view text) {
  address_bytes bytes{};
  sha256_digest once{};
  sha256_digest twice{};
  return decode_base58(text, bytes) && (bytes[0] == 0 || bytes[0] == 5) && sha256(bytes.data(), 21, once) &&
         sha256(once.data(), once.size(), twice) && std::memcmp(twice.data(), bytes.data() + 21, 4) == 0;
}

std::uint32_t bech32_step(std::uint32_t checksum, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                   0x2a1462b3};
  const auto top = checksum >> 25;
  checksum = ((checksum & 0x1ffffff) << 5) ^ value;
  for (std::size_t i = 0; i < generator.size(); ++i)
    if ((top >> i) & 1)
      checksum ^= generator[i];
  return checksum;
}

// The polynomial over prefix and data is 1 (BIP 173) or a constant (BIP 350).
bool bech32_checks(std::string_view text) {
  constexpr std::string_view values = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  std::uint32_t checksum = 1;
  for (const std::uint32_t part : {3u, 3u, 0u, 2u, 3u}) // `bc`: high bits, zero, low bits
    checksum = bech32_step(checksum, part);
  for (const auto c : text.substr(3)) {
    const auto value = values.find(c);
    if (value == std::string_view::npos)
      return false;
    checksum = bech32_step(checksum, static_cast<std::uint32_t>(value));
  }
  return checksum == 1 || checksum == 0x2bc830a3;
}

verdict verify_address(std::string_view text, match_range candidate) {
  const auto address = text.substr(candidate.begin, candidate.end - candidate.begin);
  const bool bech32 = address.starts_with("bc1");
  if (!(bech32 ? bech32_checks(address) : base58_checks(address)))
    return {std::nullopt, candidate.end};
  return {recognised{candidate, 1.0, bech32 ? "bech32" : "base58check"}, candidate.end};
}

} // namespace

recogniser crypto_recogniser() {
  return {.label = "Crypto",
          .entity = "CRYPTO",
          .forms = {{"bitcoin", R"(\b(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71})\b)",
                     verify_address}},
          .context = {"wallet", "btc", "bitcoin", "crypto", "address"}};
}

} // namespace guardrails::checks
