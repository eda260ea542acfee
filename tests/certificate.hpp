// Keys and certificates that sign themselves, made for a test.
#pragma once

#include "tests/scratch_folder.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

namespace guardrails::test {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using file_ptr = std::unique_ptr<std::FILE, freed_by<std::fclose>>;

inline constexpr long an_hour = 3600;

/// A key and a certificate that signs itself.
struct identity {
  /// For `name` (as OpenSSL writes alternative names), valid until so many seconds from now.
  explicit identity(const char* name, long valid_for = an_hour)
    : key{EVP_EC_gen("P-256")}
    , certificate{X509_new()} {
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * an_hour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_for);
    X509_set_pubkey(certificate.get(), key.get());
    auto* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    add_extension(NID_basic_constraints, "critical,CA:TRUE");
    add_extension(NID_subject_alt_name, name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
  }

  void add_extension(int kind, const char* value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, certificate.get(), certificate.get(), nullptr, nullptr, 0);
    auto* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }

  key_ptr key;
  x509_ptr certificate;
};

/// An identity as files of its own.
class certificate_file {
public:
  explicit certificate_file(const identity& who) { replace(who); }

  void replace(const identity& who) const {
    const file_ptr chain{std::fopen(path().c_str(), "w")};
    PEM_write_X509(chain.get(), who.certificate.get());
    const file_ptr key{std::fopen(key_path().c_str(), "w")};
    PEM_write_PrivateKey(key.get(), who.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  }

  std::string path() const { return folder_.path("certificate.pem"); }
  std::string key_path() const { return folder_.path("key.pem"); }

private:
  scratch_folder folder_;
};

} // namespace guardrails::test
