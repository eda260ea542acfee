// to_json: every member, in order, with null, names and spans as documented.
#include <guardrails/json.hpp>

#include <boost/json/serialize.hpp>

#define CAF_SUITE json
#include "tests/caf_test.hpp"

using namespace guardrails;

TEST("a finding keeps its members in order") {
  finding f;
  f.check = "sensitive_data";
  f.label = "Email";
  f.entity = "EMAIL_ADDRESS";
  f.score = 0.5;
  f.action = finding_action::block;
  f.span = {3, 9};
  f.why.context = {"mail"};
  CHECK_EQ(
    boost::json::serialize(to_json(f)),
    R"({"check":"sensitive_data","label":"Email","entity":"EMAIL_ADDRESS","score":5E-1,"threshold":0E0,)"
    R"("action":"block","span":[3,9],"replacement":null,"why":{"pattern":"","checksum":"",)"
    R"("context":["mail"],"ngrams":[]},"model_version":null,"message":null})");
}

TEST("a report that says nothing has nulls and empty lists") {
  const auto json = to_json(check_report{}).as_object();
  CHECK_EQ(json.begin()->key(), "passed");
  CHECK(json.at("toxicity").is_null());
  CHECK(json.at("findings").as_array().empty());
  CHECK(json.at("latency_us").as_object().empty());
}

TEST("malformed bytes of a text become replacement characters") {
  generation g;
  g.messages.push_back({"user", "a\xff(\xc3"});
  CHECK_EQ(boost::json::serialize(to_json(g).at("messages").at(0).at("content")), "\"a\uFFFD(\uFFFD\"");
}

TEST("a generation with every kind of member becomes JSON") {
  generation g;
  g.block_reason = block_reason::rate_limited;
  g.input_check.emplace().latency_us["a"] = 1.5;
  g.messages.push_back({"user", "h\"i"});
  const auto json = to_json(g).as_object();
  CHECK_EQ(json.at("block_reason").as_string(), "rate_limited");
  CHECK_EQ(json.at("input_check").at("latency_us").at("a").as_double(), 1.5);
  CHECK_EQ(boost::json::serialize(json.at("messages")), R"([{"role":"user","content":"h\"i","extra":""}])");
  CHECK(json.at("usage").at("estimated").is_bool());
}
