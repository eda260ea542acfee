// The subcommand `cert`, as a shell would call it; `openssl` says what its files are worth.
#define CAF_SUITE cert.command
#include "tests/caf_test.hpp"

#include "apps/cert_command.hpp"
#include "apps/read_file.hpp"

#include "tests/child_process.hpp"
#include "tests/command_run.hpp"
#include "tests/scratch_folder.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <iostream>
#include <sys/stat.h>

namespace {

struct fixture {
  const guardrails::test::scratch_folder scratch;
  const std::string pki = scratch.path("pki");
  std::string out;
  std::string err;

  int run(const std::string& arguments) {
    auto run = guardrails::test::run_command(guardrails::apps::add_cert_command, "cert " + arguments);
    out = std::move(run.out);
    err = std::move(run.err);
    return run.code;
  }

  std::string file(const std::string& name) const { return pki + '/' + name; }
  std::string text(const std::string& name) const { return guardrails::apps::read_file(file(name)); }

  unsigned mode(const std::string& path) const {
    struct stat about {};
    return stat(path.c_str(), &about) == 0 ? about.st_mode & 07777u : 0u;
  }

  /// Its exit code; 127 where it is not installed.
  int openssl(const std::string& arguments) {
    guardrails::test::child_process shell{"/bin/sh", {"-c", "openssl " + arguments + " 2>&1"}};
    const auto code = shell.wait();
    out = shell.output();
    return code;
  }
};

} // namespace

WITH_FIXTURE(fixture) {

  TEST("init and node make a chain that openssl takes for both sides of a connection") {
    CHECK_EQ(run("init " + pki), 0);
    CHECK_EQ(run("node " + pki + " worker-1 --host 10.0.0.1 --host worker.example.com"), 0);
    const auto verify = "verify -x509_strict -CAfile " + file("ca.pem") + " -purpose ";
    if (const auto code = openssl(verify + "sslserver " + file("worker-1.pem")); code != 127) {
      CHECK_EQ(code, 0);
      CHECK_EQ(openssl(verify + "sslclient " + file("worker-1.pem")), 0);
      CHECK_EQ(openssl(verify + "sslserver -verify_ip 10.0.0.1 " + file("worker-1.pem")), 0);
      CHECK(openssl(verify + "sslserver -verify_ip 10.0.0.2 " + file("worker-1.pem")) != 0);
      CHECK_EQ(openssl("pkey -check -noout -in " + file("worker-1-key.pem")), 0);
    } else
      std::cout << "SKIPPED there is no openssl command\n";
  }

  TEST("keys and tokens are their owner's only") {
    CHECK_EQ(run("init " + pki), 0);
    CHECK_EQ(run("node " + pki + " a"), 0);
    CHECK_EQ(run("token " + file("token")), 0);
    for (const auto* name : {"ca-key.pem", "a-key.pem", "token"})
      CHECK_EQ(mode(file(name)), 0600u);
    for (const auto* name : {"ca.pem", "a.pem"})
      CHECK_EQ(mode(file(name)), 0644u);
    const std::filesystem::directory_iterator files{pki};
    CHECK_EQ(std::distance(begin(files), end(files)), 5); // no drafts are left
  }

  TEST("nothing that is there is replaced, unless it is asked for") {
    CHECK_EQ(run("init " + pki), 0);
    CHECK_EQ(run("node " + pki + " a"), 0);
    CHECK_EQ(run("token " + file("token")), 0);
    const auto before = text("ca-key.pem") + text("a-key.pem") + text("token");
    for (const auto& again : {"init " + pki, "node " + pki + " a", "token " + file("token")}) {
      CHECK_EQ(run(again), 2);
      CHECK(err.find("is there already; --force replaces it") != std::string::npos);
    }
    CHECK_EQ(text("ca-key.pem") + text("a-key.pem") + text("token"), before);
    CHECK_EQ(run("node --force " + pki + " a"), 0);
    CHECK_EQ(run("token --force " + file("token")), 0);
    CHECK_EQ(run("init --force " + pki), 0);
    CHECK_EQ(mode(file("a-key.pem")), 0600u);
    CHECK(text("ca-key.pem") + text("a-key.pem") + text("token") != before);
  }

  TEST("half of a pair is not overwritten, nor made whole") {
    std::filesystem::create_directory(pki);
    const auto key = scratch.file("pki/ca-key.pem", "precious");
    CHECK_EQ(run("init " + pki), 2);
    CHECK_EQ(guardrails::apps::read_file(key), "precious");
    CHECK(!std::filesystem::exists(file("ca.pem")));
  }

  TEST("a token is 64 hexadecimal digits, another each time") {
    CHECK_EQ(run("token " + scratch.path("one")), 0);
    CHECK_EQ(run("token " + scratch.path("two")), 0);
    const auto one = guardrails::apps::read_file(scratch.path("one"));
    CHECK_EQ(one.size(), 65u);
    CHECK_EQ(one.find_first_not_of("0123456789ABCDEF"), 64u);
    CHECK(one != guardrails::apps::read_file(scratch.path("two")));
    CHECK(out.find(one.substr(0, 64)) == std::string::npos);
  }

  TEST("show prints what is in a certificate") {
    CHECK_EQ(run("init " + pki + " --days 30"), 0);
    CHECK_EQ(run("node " + pki + " a --host 127.0.0.1 --days 3650"), 0);
    CHECK_EQ(run("show " + file("a.pem")), 0);
    CHECK(
      out.starts_with("subject      CN=a,O=guardrails\nissuer       CN=guardrails authority,O=guardrails\n"
                      "names        DNS:a, IP:127.0.0.1\nvalid        2"));
    CHECK(out.find("\nfingerprint  sha256 ") != std::string::npos);
    CHECK_EQ(out.find("expired"), std::string::npos);
    CHECK_EQ(run("show --json " + file("a.pem")), 0);
    const auto shown = boost::json::parse(out).at("certificates").at(0);
    CHECK_EQ(shown.at("subject").as_string(), "CN=a,O=guardrails");
    CHECK(!shown.at("expired").as_bool());
    CHECK_EQ(run("show --json " + file("ca.pem")), 0);
    const auto authority = boost::json::parse(out).at("certificates").at(0);
    CHECK(authority.at("authority").as_bool());
    CHECK_EQ(authority.at("not_after"), shown.at("not_after")); // a node's ends with its authority's
    CHECK_EQ(run("node --json " + pki + " b"), 0);
    CHECK_EQ(boost::json::parse(out).at("files").as_array().size(), 2u);
  }

  TEST("wrong arguments and wrong files exit with 2") {
    CHECK_EQ(run("init " + pki), 0);
    for (const auto& wrong : {std::string{}, std::string{"init"}, "init " + pki + " --days 0", "node " + pki,
                              "node " + pki + " ca", "node " + pki + " a-key", "node " + pki + " a/b",
                              "node " + pki + " a --days -1", "node " + pki + " a --host a:80",
                              "node " + scratch.path("nowhere") + " a", "show " + file("none.pem"),
                              "show " + file("ca-key.pem"), "show " + pki, std::string{"other"}})
      CHECK_EQ(run(wrong), 2);
    CHECK(!std::filesystem::exists(file("a.pem")));
  }

  TEST("an authority that cannot sign makes no certificate") {
    CHECK_EQ(run("init " + pki), 0);
    CHECK_EQ(run("init " + scratch.path("other")), 0);
    std::filesystem::copy_file(scratch.path("other/ca-key.pem"), file("ca-key.pem"),
                               std::filesystem::copy_options::overwrite_existing);
    CHECK_EQ(run("node " + pki + " a"), 2);
    CHECK(err.find("private key") != std::string::npos);
  }

  TEST("what cannot be written exits with 3") {
    CHECK_EQ(run("token " + scratch.path("nowhere/token")), 3);
    const auto no_folder = scratch.file("file", "");
    CHECK_EQ(run("init " + no_folder + "/pki"), 3);
  }

} // WITH_FIXTURE(fixture)
