// Has OpenSSL make, sign and read X.509.
#include "net/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <climits>
#include <ctime>
#include <memory>
#include <stdexcept>

namespace guardrails::net {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};

void free_names(GENERAL_NAMES* names) {
  GENERAL_NAMES_free(names);
}

using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freed_by<X509_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;
using name_ptr = std::unique_ptr<GENERAL_NAME, freed_by<GENERAL_NAME_free>>;
using names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<free_names>>;
using string_ptr = std::unique_ptr<ASN1_STRING, freed_by<ASN1_STRING_free>>;

constexpr std::size_t longest_name = 64; // of a common name, as X.509 has it
constexpr std::size_t longest_host = 253;
constexpr std::size_t most_certificates = 64;
constexpr int serial_bits = 159; // twenty bytes and a sign

[[noreturn]] void fail(const char* what) {
  std::array<char, 256> why{};
  ERR_error_string_n(ERR_get_error(), why.data(), why.size());
  ERR_clear_error();
  throw std::runtime_error{std::string{"cannot "} + what + ": " + why.data()};
}

void check(bool done, const char* what) {
  if (!done)
    fail(what);
}

template <class T>
T* checked(T* made, const char* what) {
  check(made != nullptr, what);
  return made;
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

bio_ptr memory() {
  return bio_ptr{checked(BIO_new(BIO_s_mem()), "allocate")};
}

/// Reads `pem`, which outlives it.
bio_ptr reader_of(std::string_view pem) {
  if (pem.size() > INT_MAX)
    throw std::invalid_argument{"too long for a certificate"};
  return bio_ptr{checked(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), "allocate")};
}

/// Nobody sits at the terminal where OpenSSL would ask for it.
int no_password(char*, int, int, void*) {
  return 0;
}

void set_time(ASN1_TIME* to, std::chrono::sys_seconds at) {
  checked(ASN1_TIME_set(to, static_cast<std::time_t>(at.time_since_epoch().count())), "write a time");
}

std::chrono::sys_seconds time_of(const ASN1_TIME* from) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(from, &parts) != 1)
    throw std::invalid_argument{"a certificate with a time that is none"};
  return std::chrono::sys_seconds{std::chrono::seconds{timegm(&parts)}};
}

void set_serial(X509& to) {
  const number_ptr number{checked(BN_new(), "allocate")};
  check(BN_rand(number.get(), serial_bits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1, "find random bytes");
  checked(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&to)), "write the serial number");
}

void add_entry(X509_NAME& to, const char* field, std::string_view value) {
  check(X509_NAME_add_entry_by_txt(&to, field, MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0) == 1,
        "write the subject");
}

void add_extension(X509& to, X509& issuer, int kind, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, &issuer, &to, nullptr, nullptr, 0);
  const extension_ptr made{
    checked(X509V3_EXT_conf_nid(nullptr, &context, kind, value), "write an extension")};
  check(X509_add_ext(&to, made.get(), -1) == 1, "add an extension");
}

/// All but its issuer, its extensions and its signature.
x509_ptr unsigned_certificate(std::string_view name, EVP_PKEY& key, validity valid) {
  x509_ptr made{checked(X509_new(), "allocate")};
  check(X509_set_version(made.get(), X509_VERSION_3) == 1, "write the version");
  set_serial(*made);
  set_time(X509_getm_notBefore(made.get()), valid.from);
  set_time(X509_getm_notAfter(made.get()), valid.until);
  auto& subject = *X509_get_subject_name(made.get());
  add_entry(subject, "O", "guardrails");
  add_entry(subject, "CN", name);
  check(X509_set_pubkey(made.get(), &key) == 1, "write the public key");
  return made;
}

key_ptr new_key() {
  return key_ptr{checked(EVP_EC_gen("P-256"), "make a key")};
}

certified_key in_pem(X509& certificate, EVP_PKEY& key) {
  const auto chain = memory();
  check(PEM_write_bio_X509(chain.get(), &certificate) == 1, "write a certificate");
  const auto secret = memory();
  check(PEM_write_bio_PrivateKey(secret.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "write a key");
  return {text_of(chain.get()), text_of(secret.get())};
}

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_host && is_letter_or_digit(text.front()) &&
         is_letter_or_digit(text.back()) && text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '.' || c == '-'; });
}

void add_name(GENERAL_NAMES& to, int kind, ASN1_STRING* value) {
  string_ptr owned{checked(value, "allocate")};
  name_ptr name{checked(GENERAL_NAME_new(), "allocate")};
  GENERAL_NAME_set0_value(name.get(), kind, owned.release());
  check(sk_GENERAL_NAME_push(&to, name.get()) > 0, "allocate");
  name.release(); // the list's own
}

ASN1_STRING* written(int type, std::string_view text) {
  string_ptr made{checked(ASN1_STRING_type_new(type), "allocate")};
  check(ASN1_STRING_set(made.get(), text.data(), static_cast<int>(text.size())) == 1, "allocate");
  return made.release();
}

void add_host(GENERAL_NAMES& to, const std::string& host) {
  if (auto* address = a2i_IPADDRESS(host.c_str()); address != nullptr)
    return add_name(to, GEN_IPADD, address);
  ERR_clear_error(); // it was no address, which is no error
  if (!is_host_name(host))
    throw std::invalid_argument{"expected a host name or an address: " + host};
  add_name(to, GEN_DNS, written(V_ASN1_IA5STRING, host));
}

void add_hosts(X509& to, std::string_view name, std::span<const std::string> hosts) {
  const names_ptr names{checked(GENERAL_NAMES_new(), "allocate")};
  add_host(*names, std::string{name});
  for (const auto& host : hosts)
    if (host != name)
      add_host(*names, host);
  check(X509_add1_ext_i2d(&to, NID_subject_alt_name, names.get(), 0, 0) == 1, "add the names");
}

struct signer {
  x509_ptr certificate;
  key_ptr key;
};

signer read_signer(const certified_key& authority) {
  const auto chain = reader_of(authority.certificate);
  const auto secret = reader_of(authority.key);
  signer read{x509_ptr{PEM_read_bio_X509(chain.get(), nullptr, no_password, nullptr)},
              key_ptr{PEM_read_bio_PrivateKey(secret.get(), nullptr, no_password, nullptr)}};
  const bool signs = read.certificate && read.key && X509_check_ca(read.certificate.get()) == 1 &&
                     X509_check_private_key(read.certificate.get(), read.key.get()) == 1;
  ERR_clear_error(); // said in words
  if (!signs)
    throw std::invalid_argument{"expected an authority's certificate and its private key in PEM"};
  return read;
}

std::string escaped(const ASN1_STRING* text) {
  const auto out = memory();
  ASN1_STRING_print_ex(out.get(), text, ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_ESC_MSB);
  return text_of(out.get());
}

std::string escaped(const X509_NAME* name) {
  const auto out = memory();
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_UTF8_CONVERT);
  return text_of(out.get());
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  const auto size = ASN1_STRING_length(bytes);
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (size != 4 && size != 16)
    return "?";
  inet_ntop(size == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return text.data();
}

std::vector<std::string> names_of(X509& certificate) {
  std::vector<std::string> all;
  const names_ptr names{
    static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr))};
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS)
      all.push_back("DNS:" + escaped(name->d.dNSName));
    else if (name->type == GEN_IPADD)
      all.push_back("IP:" + address_text(name->d.iPAddress));
  }
  return all;
}

std::string fingerprint_of(const X509& certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  check(X509_digest(&certificate, EVP_sha256(), digest.data(), &size) == 1, "compute a fingerprint");
  std::array<char, 3 * EVP_MAX_MD_SIZE> text{};
  check(OPENSSL_buf2hexstr_ex(text.data(), text.size(), nullptr, digest.data(), size, ':') == 1,
        "write a fingerprint");
  return text.data();
}

certificate_facts facts_of(X509& certificate) {
  return {escaped(X509_get_subject_name(&certificate)),
          escaped(X509_get_issuer_name(&certificate)),
          names_of(certificate),
          {time_of(X509_get0_notBefore(&certificate)), time_of(X509_get0_notAfter(&certificate))},
          fingerprint_of(certificate),
          X509_check_ca(&certificate) == 1};
}

} // namespace

certified_key make_authority(std::string_view name, validity valid) {
  const auto key = new_key();
  const auto made = unsigned_certificate(name, *key, valid);
  check(X509_set_issuer_name(made.get(), X509_get_subject_name(made.get())) == 1, "write the issuer");
  add_extension(*made, *made, NID_subject_key_identifier, "hash");
  add_extension(*made, *made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(*made, *made, NID_key_usage, "critical,keyCertSign,cRLSign");
  check(X509_sign(made.get(), key.get(), EVP_sha256()) > 0, "sign");
  return in_pem(*made, *key);
}

certified_key make_node(const certified_key& authority, std::string_view name,
                        std::span<const std::string> hosts, validity valid) {
  if (!is_host_name(name) || name.size() > longest_name)
    throw std::invalid_argument{"expected a name of 1 to 64 letters, digits, '.' and '-': " +
                                std::string{name}};
  const auto by = read_signer(authority);
  valid.until = std::min(valid.until, time_of(X509_get0_notAfter(by.certificate.get())));
  const auto key = new_key();
  const auto made = unsigned_certificate(name, *key, valid);
  check(X509_set_issuer_name(made.get(), X509_get_subject_name(by.certificate.get())) == 1,
        "write the issuer");
  add_extension(*made, *by.certificate, NID_subject_key_identifier, "hash");
  add_extension(*made, *by.certificate, NID_authority_key_identifier, "keyid:always");
  add_extension(*made, *by.certificate, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(*made, *by.certificate, NID_key_usage, "critical,digitalSignature");
  add_extension(*made, *by.certificate, NID_ext_key_usage, "serverAuth,clientAuth");
  add_hosts(*made, name, hosts);
  check(X509_sign(made.get(), by.key.get(), EVP_sha256()) > 0, "sign");
  return in_pem(*made, *key);
}

std::vector<certificate_facts> read_certificates(std::string_view pem) {
  const auto chain = reader_of(pem);
  std::vector<certificate_facts> all;
  while (all.size() < most_certificates) {
    const x509_ptr next{PEM_read_bio_X509(chain.get(), nullptr, no_password, nullptr)};
    if (!next)
      break;
    all.push_back(facts_of(*next));
  }
  const bool at_end =
    all.size() == most_certificates || ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (all.empty() || !at_end)
    throw std::invalid_argument{"expected certificates in PEM"};
  return all;
}

} // namespace guardrails::net
