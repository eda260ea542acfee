// Signatures against the published values of Amazon's test suite for Signature Version 4.
#define CAF_SUITE sigv4
#include "llm/sigv4.hpp"

#include "tests/caf_test.hpp"

#include <string>

using namespace guardrails::llm;

namespace {

constexpr sigv4_signer suite{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1",
                             "service"};
constexpr std::string_view timestamp = "20150830T123600Z";
constexpr std::string_view session_token =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD"
  "8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6"
  "q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+"
  "scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJab"
  "IQwj2ICCR/oLxBA==";

sigv4_request request(std::string_view method, std::vector<std::pair<std::string, std::string>> more = {}) {
  sigv4_request made{.method = method, .path = "/"};
  made.headers = {{"host", "example.amazonaws.com"}, {"x-amz-date", std::string{timestamp}}};
  made.headers.insert(made.headers.end(), more.begin(), more.end());
  return made;
}

std::string signature(const sigv4_request& made) {
  return sigv4_signature(suite, made, timestamp);
}

std::chrono::system_clock::time_point at(std::int64_t unix_seconds) {
  return std::chrono::system_clock::time_point{std::chrono::seconds{unix_seconds}};
}

} // namespace

TEST("the values of the suite come out") {
  CHECK_EQ(signature(request("GET")), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK_EQ(signature(request("POST")), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  CHECK_EQ(signature(request("POST", {{"my-header1", "VALUE1"}})),
           "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d");
  CHECK_EQ(signature(request("POST", {{"my-header1", "value1"}})),
           "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c");
  CHECK_EQ(signature(request("POST", {{"x-amz-security-token", std::string{session_token}}})),
           "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
}

TEST("bodies, queries and headers that come twice are signed as the suite does") {
  auto form = request("POST", {{"content-type", "application/x-www-form-urlencoded"}});
  form.body = "Param1=value1";
  CHECK_EQ(signature(form), "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
  auto query = request("GET");
  query.query = "Param2=value2&Param1=value1";
  CHECK_EQ(signature(query), "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
  auto post = request("POST");
  post.query = "Param1=value1";
  CHECK_EQ(signature(post), "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11");
  CHECK_EQ(
    signature(request("GET", {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}})),
    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
  CHECK_EQ(
    sigv4_canonical_request(request("GET", {{"my-header1", " value1 "}, {"my-header2", " \"a   b   c\""}})),
    "GET\n/\n\nhost:example.amazonaws.com\nmy-header1:value1\nmy-header2:\"a b c\"\n"
    "x-amz-date:20150830T123600Z\n\nhost;my-header1;my-header2;x-amz-date\n"
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST("the header names key, scope and what was signed") {
  CHECK_EQ(sigv4_authorization(suite, request("GET"), at(1'440'938'160)),
           "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
           "SignedHeaders=host;x-amz-date, "
           "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  CHECK_EQ(sigv4_timestamp(at(951'782'400)), "20000229T000000Z");
}

TEST("a path is encoded once more than it is sent") {
  auto made = request("POST");
  made.path = "/model/a.b-v1%3A0/converse";
  const auto text = sigv4_canonical_request(made);
  CHECK(text.starts_with("POST\n/model/a.b-v1%253A0/converse\n\n"));
}

TEST("hosts are signed as they are sent") {
  CHECK_EQ(std::string{host_header_of("https://a.example/x")}, "a.example");
  CHECK_EQ(std::string{host_header_of("https://a.example:443/x")}, "a.example");
  CHECK_EQ(std::string{host_header_of("http://a.example:443")}, "a.example:443");
  CHECK_EQ(std::string{host_header_of("http://[::1]:8080/x")}, "[::1]:8080");
  CHECK_EQ(std::string{path_of("http://h:1/a/b?c=/d")}, "/a/b");
  CHECK_EQ(std::string{path_of("http://h:1")}, "");
}
