// Makes the files of an authority and its nodes, and prints what is in certificates.
#include "apps/cert_command.hpp"

#include "apps/new_file.hpp"
#include "apps/read_file.hpp"
#include "apps/terminal_text.hpp"
#include "net/certificates.hpp"

#include <boost/json.hpp>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace guardrails::apps {

namespace {

using std::chrono::days;
using std::chrono::sys_seconds;

constexpr int authority_days = 3650;
constexpr int node_days = 365;
constexpr auto clock_skew = std::chrono::hours{1}; // machines whose clocks are behind take a new certificate
constexpr std::size_t token_bytes = 32;
constexpr mode_t for_all = 0644;
constexpr mode_t for_owner = 0600;

struct choices {
  std::string place; ///< the folder or the file
  std::string name;
  std::vector<std::string> hosts;
  int days = 0;
  bool force = false;
  bool json = false;
};

/// What a command made or looked at.
struct outcome {
  std::vector<std::string> written;
  std::vector<net::certificate_facts> certificates;
};

sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

net::validity valid_for(int count) {
  return {now() - clock_skew, now() + days{count}};
}

std::string utc(sys_seconds at) {
  const auto whole = static_cast<std::time_t>(at.time_since_epoch().count());
  std::tm parts{};
  gmtime_r(&whole, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

std::string joined(const std::vector<std::string>& names) {
  std::string line;
  for (const auto& name : names)
    line += (line.empty() ? "" : ", ") + name;
  return line;
}

const char* state_of(net::validity valid) {
  return now() > valid.until ? " (expired)" : now() < valid.from ? " (not yet)" : "";
}

void print(const net::certificate_facts& facts) {
  std::cout << "subject      " << facts.subject << (facts.authority ? " (authority)" : "") << '\n'
            << "issuer       " << facts.issuer << '\n';
  if (!facts.names.empty())
    std::cout << "names        " << joined(facts.names) << '\n';
  std::cout << "valid        " << utc(facts.valid.from) << " to " << utc(facts.valid.until)
            << state_of(facts.valid) << '\n'
            << "fingerprint  sha256 " << facts.fingerprint << '\n';
}

boost::json::object to_json(const net::certificate_facts& facts) {
  return {{"subject", facts.subject},
          {"issuer", facts.issuer},
          {"names", boost::json::value_from(facts.names)},
          {"authority", facts.authority},
          {"not_before", utc(facts.valid.from)},
          {"not_after", utc(facts.valid.until)},
          {"expired", now() > facts.valid.until},
          {"sha256", facts.fingerprint}};
}

void print(const outcome& made, bool as_json) {
  if (!as_json) {
    for (const auto& file : made.written)
      std::cout << "wrote        " << printable(file) << '\n';
    for (const auto& facts : made.certificates)
      print(facts);
    return;
  }
  boost::json::array certificates;
  for (const auto& facts : made.certificates)
    certificates.push_back(to_json(facts));
  const boost::json::object all{{"files", boost::json::value_from(made.written)},
                                {"certificates", std::move(certificates)}};
  std::cout << boost::json::serialize(all) << '\n';
}

/// Before anything is made: a key without its certificate helps nobody.
void refuse_what_is_there(const choices& chosen, const std::vector<std::string>& files) {
  for (const auto& file : files)
    if (!chosen.force && std::filesystem::exists(file))
      throw std::invalid_argument{file + " is there already; --force replaces it"};
}

std::string in_folder(const choices& chosen, const std::string& file) {
  return (std::filesystem::path{chosen.place} / file).string();
}

outcome write(const choices& chosen, const std::string& stem, const net::certified_key& made) {
  const auto certificate = in_folder(chosen, stem + ".pem");
  const auto key = in_folder(chosen, stem + "-key.pem");
  write_new_file(key, made.key, for_owner, chosen.force);
  write_new_file(certificate, made.certificate, for_all, chosen.force);
  return {{certificate, key}, net::read_certificates(made.certificate)};
}

outcome init(const choices& chosen) {
  refuse_what_is_there(chosen, {in_folder(chosen, "ca.pem"), in_folder(chosen, "ca-key.pem")});
  std::filesystem::create_directories(chosen.place);
  return write(chosen, "ca", net::make_authority("guardrails authority", valid_for(chosen.days)));
}

/// A file that is missing or unreadable is a wrong argument here.
std::string given_file(const std::string& path) {
  try {
    return read_file(path);
  } catch (const std::runtime_error& problem) {
    throw std::invalid_argument{problem.what()};
  }
}

std::vector<net::certificate_facts> certificates_of(const std::string& path, const std::string& text) {
  try {
    return net::read_certificates(text);
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument{path + ": " + problem.what()};
  }
}

net::certified_key read_authority(const choices& chosen) {
  const auto path = in_folder(chosen, "ca.pem");
  net::certified_key authority{given_file(path), given_file(in_folder(chosen, "ca-key.pem"))};
  if (const auto facts = certificates_of(path, authority.certificate); now() > facts[0].valid.until)
    throw std::invalid_argument{path + " expired " + utc(facts[0].valid.until)};
  return authority;
}

outcome node(const choices& chosen) {
  if (chosen.name == "ca" || chosen.name.ends_with("-key"))
    throw std::invalid_argument{"a node called " + chosen.name + " would have the name of another file"};
  const auto authority = read_authority(chosen);
  const auto made = net::make_node(authority, chosen.name, chosen.hosts, valid_for(chosen.days));
  refuse_what_is_there(
    chosen, {in_folder(chosen, chosen.name + ".pem"), in_folder(chosen, chosen.name + "-key.pem")});
  return write(chosen, chosen.name, made);
}

std::string new_token() {
  std::array<unsigned char, token_bytes> bytes{};
  std::array<char, 2 * token_bytes + 1> text{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1 ||
      OPENSSL_buf2hexstr_ex(text.data(), text.size(), nullptr, bytes.data(), bytes.size(), '\0') != 1)
    throw std::runtime_error{"no random bytes"};
  return std::string{text.data()} + '\n';
}

outcome token(const choices& chosen) {
  refuse_what_is_there(chosen, {chosen.place});
  write_new_file(chosen.place, new_token(), for_owner, chosen.force);
  return {{chosen.place}, {}};
}

outcome show(const choices& chosen) {
  return {{}, certificates_of(chosen.place, given_file(chosen.place))};
}

int refused(const std::exception& problem, int code) {
  std::cerr << "guardrails cert: " << printable(problem.what()) << '\n';
  return code;
}

int run(const choices& chosen, outcome (*action)(const choices&)) {
  try {
    print(action(chosen), chosen.json);
    return 0;
  } catch (const std::invalid_argument& problem) {
    return refused(problem, 2);
  } catch (const std::exception& problem) {
    return refused(problem, 3);
  }
}

class subcommands {
public:
  subcommands(CLI::App& parent, int& exit_code)
    : parent_{parent}
    , exit_code_{exit_code} {}

  /// `place` names the argument that every one of them begins with.
  CLI::App* add(const char* name, const char* what, std::pair<const char*, const char*> place,
                outcome (*action)(const choices&)) {
    auto* command = parent_.add_subcommand(name, what);
    command->add_option(place.first, chosen_->place, place.second)->required();
    command->add_flag("--json", chosen_->json, "Print JSON");
    command->callback([chosen = chosen_, &code = exit_code_, action] { code = run(*chosen, action); });
    return command;
  }

  void add_force(CLI::App& to) { to.add_flag("--force", chosen_->force, "Replace files that are there"); }

  void add_days(CLI::App& to, int usual) {
    to.add_option("--days", chosen_->days, "How long it is valid (default " + std::to_string(usual) + ")")
      ->check(CLI::Range(1, 36'500));
    to.preparse_callback([chosen = chosen_, usual](std::size_t) { chosen->days = usual; });
  }

  choices& chosen() { return *chosen_; }

private:
  CLI::App& parent_;
  int& exit_code_;
  std::shared_ptr<choices> chosen_ = std::make_shared<choices>();
};

} // namespace

void add_cert_command(CLI::App& app, int& exit_code) {
  auto* cert = app.add_subcommand("cert", "Make certificates and join tokens for nodes, and show them");
  cert->require_subcommand(1);
  subcommands commands{*cert, exit_code};
  const std::pair folder{"DIR", "The authority's folder"};

  auto* authority = commands.add("init", "Make an authority: ca.pem, ca-key.pem", folder, init);
  commands.add_force(*authority);
  commands.add_days(*authority, authority_days);

  auto* of_node = commands.add("node", "Make a node's certificate: NAME.pem, NAME-key.pem", folder, node);
  of_node->add_option("NAME", commands.chosen().name, "The node's name, which is a host name of it too")
    ->required();
  of_node->add_option("--host", commands.chosen().hosts, "A further host name or address; may be repeated")
    ->type_name("H");
  commands.add_force(*of_node);
  commands.add_days(*of_node, node_days);

  auto* join = commands.add("token", "Make a join token", {"FILE", "Where to"}, token);
  commands.add_force(*join);

  commands.add("show", "Print subject, names, validity and fingerprint", {"FILE", "Certificates (PEM)"},
               show);
  cert->footer(
    "Keys and tokens are written for their owner only, and nothing that is there is replaced without "
    "--force.\n"
    "Exit codes: 0 ok, 2 arguments or files that cannot be used, 3 something could not be written.");
}

} // namespace guardrails::apps
