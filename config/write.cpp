// A configuration written back: as YAML, as a content hash, and as the list of checks that are off.
#include "config/keys.hpp"
#include "config/values.hpp"

#include <guardrails/rails_config.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace guardrails {

namespace {

using config::key;
using config::key_kind;
using config::missing_form;

bool in_use(const key& k, const rails_config& config) {
  return !config.llm || (k.engines & config::set_of(config.llm->engine)) != 0;
}

/// The value as YAML; nothing when the key is not set, or may not be.
std::optional<std::string> written(const key& k, const rails_config& config) {
  switch (k.kind) {
  case key_kind::value:
    return in_use(k, config) ? k.write(config) : std::nullopt;
  case key_kind::section:
    return k.may_be_false && !k.present(config) ? std::optional<std::string>{"false"} : std::nullopt;
  case key_kind::missing:
    break;
  }
  return k.form == missing_form::none ? std::nullopt : std::optional<std::string>{"false"};
}

/// Whether a section that holds `k` is absent.
bool is_cut_off(const key& k, const rails_config& config) {
  for (auto parent = k.parent(); !parent.empty();) {
    const auto* section = config::find_key(parent);
    if (section->present && !section->present(config))
      return true;
    parent = section->parent();
  }
  return false;
}

/// What nodes there are says nothing about verdicts: every node's own configuration may have others.
bool concerns_nodes(const key& k) {
  return k.path.starts_with("cluster.");
}

/// Whether `k` says what the key that it follows says anyway.
bool repeats_another(const key& k, const rails_config& config) {
  return !k.follows.empty() && written(k, config) == written(*config::find_key(k.follows), config);
}

std::string line_of(const key& k, const rails_config& config) {
  const auto depth = static_cast<std::size_t>(std::ranges::count(k.path, '.'));
  const auto indent = std::string(2 * depth, ' ');
  const auto name = std::string{k.name()};
  if (const auto value = written(k, config))
    return indent + name + ": " + *value + '\n';
  if (k.kind == key_kind::section && (!k.present || k.present(config)))
    return indent + name + ":\n";
  if (k.kind == key_kind::missing || !in_use(k, config))
    return {};
  return indent + "# " + name + ": not set\n";
}

struct digest_context {
  EVP_MD_CTX* handle = EVP_MD_CTX_new();
  digest_context() = default;
  digest_context(const digest_context&) = delete;
  digest_context& operator=(const digest_context&) = delete;
  ~digest_context() { EVP_MD_CTX_free(handle); }
};

std::string sha256_start(const std::string& text) {
  const digest_context context;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (context.handle == nullptr || EVP_DigestInit_ex(context.handle, EVP_sha256(), nullptr) != 1 ||
      EVP_DigestUpdate(context.handle, text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.handle, digest.data(), &size) != 1)
    throw std::runtime_error{"SHA-256 is not available"};
  std::string result;
  for (std::size_t i = 0; i < 8; ++i) {
    result += "0123456789abcdef"[digest[i] >> 4];
    result += "0123456789abcdef"[digest[i] & 15];
  }
  return result;
}

} // namespace

std::string rails_config::to_yaml() const {
  std::string text;
  for (const auto& k : config::all_keys())
    if (!is_cut_off(k, *this))
      text += line_of(k, *this);
  return text;
}

std::string rails_config::version() const {
  // What is off says nothing, nor does what follows another key: a later version that knows more keys gives
  // an old configuration the same hash.
  std::string canonical;
  for (const auto& k : config::all_keys())
    if (k.kind == key_kind::value && !k.secret && !concerns_nodes(k) && !repeats_another(k, *this))
      if (const auto value = written(k, *this); value && !is_cut_off(k, *this))
        canonical += k.path + ": " + *value + '\n';
  return sha256_start(canonical);
}

std::string rails_config::schema() {
  std::string known;
  for (const auto& k : config::all_keys())
    if (k.kind != key_kind::missing && !concerns_nodes(k))
      known += k.path + ": " + k.type + ' ' + k.allowed + '\n';
  return sha256_start(known);
}

std::vector<std::string> rails_config::checks_off() const {
  std::vector<std::string> off;
  for (const auto& k : config::all_keys())
    if (k.check && !config::check_is_on(k, *this))
      off.emplace_back(k.name());
  return off;
}

} // namespace guardrails
