// JSON Schema: keyword by keyword, what is refused as a schema, places, and growth.
#include "json/schema.hpp"

#include <algorithm>
#include <ctime>

#define CAF_SUITE json_schema
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::json;

namespace {

boost::json::value read(const std::string& text) {
  return std::get<boost::json::value>(parse(text));
}

/// The rules broken, joined by spaces.
std::string broken(const std::string& source, const std::string& document) {
  std::string out;
  for (const auto& v : schema{read(source)}.validate(read(document), 100))
    out.append(out.empty() ? "" : " ").append(to_pointer(v.where)).append(":").append(v.rule);
  return out;
}

bool valid(const std::string& source, const std::string& document) {
  return broken(source, document).empty();
}

std::string refused(const std::string& source) {
  try {
    schema{read(source)};
  } catch (const schema_error& error) {
    return to_pointer(error.where()) + ": " + error.what();
  }
  return {};
}

double seconds(const schema& s, const boost::json::value& document) {
  const auto begin = std::clock();
  s.validate(document, 10);
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

} // namespace

TEST("types") {
  CHECK_EQ(broken(R"({"type":"object"})", "[]"), ":/type");
  CHECK(valid(R"({"type":"integer"})", "3.0"));
  CHECK(!valid(R"({"type":"integer"})", "3.5"));
  CHECK(valid(R"({"type":"number"})", "3"));
  CHECK(valid(R"({"type":["string","null"]})", "null"));
  CHECK(!valid(R"({"type":["string","null"]})", "false"));
  CHECK(valid("{}", "1") && valid("true", "1") && !valid("false", "1"));
}

TEST("fixed values are compared as JSON sees them") {
  CHECK(valid(R"({"enum":[1,"a",{"b":[1,2],"c":null}]})", R"({"c":null,"b":[1.0,2]})"));
  CHECK(!valid(R"({"enum":[1,"1"]})", "true"));
  CHECK(!valid(R"({"enum":[1]})", "\"1\""));
  CHECK(valid(R"({"const":1.0})", "1") && !valid(R"({"const":0})", "false"));
  CHECK(!valid(R"({"const":9007199254740993})", "9007199254740992"));
}

TEST("numbers") {
  CHECK(valid(R"({"minimum":1,"maximum":2})", "2") && !valid(R"({"minimum":1})", "0.9"));
  CHECK(!valid(R"({"exclusiveMinimum":1})", "1") && !valid(R"({"exclusiveMaximum":1})", "1"));
  CHECK(valid(R"({"multipleOf":0.01})", "4.02") && !valid(R"({"multipleOf":0.01})", "4.025"));
  CHECK(!valid(R"({"multipleOf":1})", "1000000000.5") && !valid(R"({"multipleOf":0.01})", "5000000.005"));
  CHECK(!valid(R"({"multipleOf":2.0})", "9007199254740993") && valid(R"({"multipleOf":0.5})", "1e308"));
  CHECK(valid(R"({"multipleOf":0.1})", "0.3") && valid(R"({"multipleOf":0.01})", "19.99"));
  CHECK(valid(R"({"const":10000000000000000})", "1e16"));
  CHECK(!valid(R"({"uniqueItems":true})", "[10000000000000000,1e16]"));
  CHECK(valid(R"({"multipleOf":7})", "21") && !valid(R"({"multipleOf":7})", "22"));
  CHECK(valid(R"({"minimum":5})", "\"a\""));
}

TEST("integers of 64 bits are not rounded") {
  const std::string large = "9007199254740993"; // 2^53 + 1, which no double is
  CHECK(!valid(R"({"maximum":9007199254740992})", large) && valid(R"({"maximum":9007199254740993})", large));
  CHECK(!valid(R"({"minimum":9007199254740993})", "9007199254740992"));
  CHECK(valid(R"({"exclusiveMinimum":9007199254740992})", large));
  CHECK(!valid(R"({"exclusiveMaximum":9007199254740993})", large));
  CHECK(valid(R"({"exclusiveMaximum":9007199254740993})", "9007199254740992"));
  CHECK(!valid(R"({"multipleOf":2})", large) && valid(R"({"multipleOf":2})", "9007199254740992"));
  CHECK(valid(R"({"maximum":18446744073709551615})", "18446744073709551615"));
  CHECK(!valid(R"({"maximum":18446744073709551614})", "18446744073709551615"));
  CHECK(valid(R"({"minimum":-9223372036854775808})", "-9223372036854775808"));
  CHECK(!valid(R"({"minimum":-9223372036854775807})", "-9223372036854775808"));
  CHECK(!valid(R"({"minimum":0})", "-1") && valid(R"({"maximum":18446744073709551615})", "-1"));
  CHECK(!valid(R"({"maximum":9007199254740992.0})", large) && valid(R"({"minimum":-1.5})", "-1"));
  CHECK(!valid(R"({"maximum":-1.5})", "-1") && valid(R"({"maximum":1e300})", "18446744073709551615"));
  CHECK(!valid(R"({"minimum":1e300})", "18446744073709551615") && valid(R"({"minimum":-1e300})", "-1"));
}

TEST("a value that is not the constant is said to break const, one of no choice enum") {
  CHECK_EQ(broken(R"({"const":1})", "2"), ":/const");
  CHECK_EQ(broken(R"({"enum":[1,2]})", "3"), ":/enum");
  CHECK_EQ(broken(R"({"enum":[1,2],"const":2})", "1"), ":/const");
  CHECK_EQ(broken(R"({"enum":[1,2],"const":3})", "3"), ":/enum");
  CHECK_EQ(broken(R"({"enum":[1,2],"const":3})", "4"), ":/enum :/const");
}

TEST("texts count in characters and match RE2") {
  CHECK(valid(R"({"maxLength":2})", R"("äö")") && !valid(R"({"minLength":3})", R"("äö")"));
  CHECK(valid(R"({"pattern":"^[a-z]+$"})", "\"abc\"") && !valid(R"({"pattern":"^[a-z]+$"})", "\"a1\""));
  CHECK(valid(R"({"pattern":"b"})", "\"abc\""));
}

TEST("arrays") {
  CHECK_EQ(broken(R"({"items":{"type":"integer"}})", R"([1,"a",2,null])"), "/1:/items/type /3:/items/type");
  const std::string tuple = R"({"prefixItems":[{"type":"string"},{"type":"integer"}],"items":false})";
  CHECK(valid(tuple, R"(["a",1])") && valid(tuple, R"(["a"])"));
  CHECK_EQ(broken(tuple, R"(["a",1,2])"), "/2:/items");
  CHECK(!valid(R"({"minItems":2})", "[1]") && !valid(R"({"maxItems":0})", "[1]"));
  CHECK(valid(R"({"uniqueItems":true})", "[1,\"1\",true]") && !valid(R"({"uniqueItems":true})", "[1,1.0]"));
  CHECK(valid(R"({"contains":{"const":1}})", "[0,1]") && !valid(R"({"contains":{"const":1}})", "[0]"));
  CHECK(valid(R"({"contains":{"const":1},"minContains":0})", "[]"));
  CHECK(!valid(R"({"contains":{"const":1},"maxContains":1})", "[1,1]"));
}

TEST("objects") {
  const std::string person = R"({"type":"object","required":["name"],"additionalProperties":false,
    "properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0}}})";
  CHECK(valid(person, R"({"name":"x","age":3})"));
  CHECK_EQ(broken(person, R"({"age":-1})"), ":/required /age:/properties/age/minimum");
  CHECK_EQ(broken(person, R"({"name":"x","extra/one":1})"), "/extra~1one:/additionalProperties");
  CHECK(!valid(R"({"minProperties":1})", "{}") && !valid(R"({"maxProperties":0})", R"({"a":1})"));
  CHECK(
    valid(R"({"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false})", R"({"xa":1})"));
  CHECK(!valid(R"({"patternProperties":{"^x":{"type":"integer"}}})", R"({"xa":"b"})"));
  CHECK(!valid(R"({"propertyNames":{"maxLength":2}})", R"({"abc":1})"));
  CHECK(!valid(R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})"));
  CHECK(!valid(R"({"dependentSchemas":{"a":{"required":["b"]}}})", R"({"a":1})"));
  const std::string shared =
    R"({"$defs":{"x":{"required":["ok"]}},"items":{"dependentSchemas":{"a":{"$ref":"#/$defs/x"}}}})";
  CHECK(!valid(shared, R"([{"a":1,"ok":1},{"a":1}])") && valid(shared, R"([{"a":1,"ok":1},{"a":1,"ok":2}])"));
}

TEST("combinations") {
  CHECK_EQ(broken(R"({"allOf":[{"minimum":1},{"maximum":0}]})", "0.5"),
           ":/allOf/0/minimum :/allOf/1/maximum");
  CHECK(valid(R"({"anyOf":[{"type":"string"},{"minimum":2}]})", "3"));
  CHECK_EQ(broken(R"({"anyOf":[{"type":"string"},{"minimum":2}]})", "1"), ":/anyOf");
  CHECK(!valid(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "3"));
  CHECK(valid(R"({"oneOf":[{"type":"integer"},{"minimum":2}]})", "2.5"));
  CHECK(!valid(R"({"not":{"type":"null"}})", "null"));
  const std::string branch =
    R"({"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["x"]},"else":{"required":["y"]}})";
  CHECK(valid(branch, R"({"k":"a","x":1})") && !valid(branch, R"({"k":"a","y":1})"));
  CHECK(valid(branch, R"({"k":"b","y":1})") && !valid(branch, R"({"k":"b","x":1})"));
}

TEST("references lead to places in the schema, also in a circle through the document") {
  const std::string tree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object","required":["v"],
    "properties":{"v":{"type":"integer"},"next":{"$ref":"#/$defs/node"}}}}})";
  CHECK(valid(tree, R"({"v":1,"next":{"v":2,"next":{"v":3}}})"));
  CHECK_EQ(broken(tree, R"({"v":1,"next":{"v":2,"next":{}}})"), "/next/next:/$defs/node/required");
  CHECK(!valid(R"({"properties":{"a":{"$ref":"#"}},"required":["x"]})", R"({"x":1,"a":{}})"));
  CHECK(!valid(R"({"$ref":"#/$defs/a~1b%25","$defs":{"a/b%":false}})", "1"));
  CHECK(!valid(R"({"$ref":"#/definitions/a","definitions":{"a":{"type":"null"}}})", "1"));
}

TEST("what could not be honoured is refused at its place") {
  CHECK_EQ(refused(R"({"properties":{"a":{"type":"int"}}})"),
           "/properties/a/type: expected null, boolean, integer, number, string, array or object");
  CHECK(refused(R"({"propertes":{}})").starts_with("/propertes: is not a keyword"));
  CHECK(
    refused(R"({"unevaluatedProperties":false})").starts_with("/unevaluatedProperties: is not a keyword"));
  CHECK(refused(R"({"items":[{},{}]})").starts_with("/items: expected a schema; a list of schemas is"));
  CHECK(refused(R"j({"pattern":"(?=a)"})j").starts_with("/pattern: is not a regular expression of RE2"));
  CHECK(refused(R"j({"pattern":"(a"})j").starts_with("/pattern: "));
  CHECK(refused(R"({"$ref":"#/$defs/a"})").starts_with("/$ref: refers to no schema"));
  CHECK(refused(R"({"$ref":"https://example.com/s"})").starts_with("/$ref: refers to another document"));
  CHECK(refused(R"({"$ref":"#"})").find("refers to itself") != std::string::npos);
  CHECK(refused(R"({"$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"}]}}})").find("itself") != std::string::npos);
  CHECK(refused("1").starts_with(": expected a schema"));
  CHECK(refused(R"({"required":"a"})").starts_with("/required: expected an array"));
  CHECK(refused(R"({"minLength":-1})").starts_with("/minLength: expected an integer"));
  CHECK(refused(R"({"multipleOf":0})").starts_with("/multipleOf: "));
  CHECK(refused(R"({"anyOf":[]})").starts_with("/anyOf: "));
  CHECK(refused(R"({"enum":[]})").starts_with("/enum: "));
}

TEST("notes are read over") {
  const std::string notes = R"({"$schema":"https://json-schema.org/draft/2020-12/schema","title":"t",
    "description":"d","default":1,"examples":[1],"format":"email","x-own":{},"$comment":"c"})";
  CHECK(valid(notes, "1"));
}

TEST("text that is no JSON is refused where it stops being JSON") {
  const auto offset = [](std::string_view text) {
    const auto result = parse(text);
    const auto* error = std::get_if<syntax_error>(&result);
    return error != nullptr ? static_cast<int>(error->offset) : -1;
  };
  CHECK_EQ(offset(R"( {"a": [1, 2.5e3, null, true, "ä"]} )"), -1);
  CHECK_EQ(offset(R"({"a": 1,})"), 8);
  CHECK_EQ(offset("{'a': 1}"), 1);
  CHECK_EQ(offset("[1, 2"), 5);
  CHECK_EQ(offset(""), 0);
  CHECK_EQ(offset("{} x"), 3);
  CHECK_EQ(offset("NaN"), 0);
  CHECK(offset("\"\xff\"") >= 0);
  CHECK(offset(std::string(100, '[') + std::string(100, ']')) >= 0);
  CHECK_EQ(offset(std::string(64, '[') + std::string(64, ']')), -1);
  CHECK(offset(std::string(1'000'000, '[')) >= 0);
}

TEST("a value is found again by its path") {
  const std::string text = R"( {"a" : [1, {"b\"c":"x,]}", "d": -2.5 }, [ ]], "a\u0062": {} , "ab": true} )";
  const auto found = [&](const path& steps) {
    const auto range = find_value(text, steps);
    return text.substr(range.begin, range.end - range.begin);
  };
  CHECK_EQ(found({"a", std::size_t{0}}), "1");
  CHECK_EQ(found({"a", std::size_t{1}, "b\"c"}), "\"x,]}\"");
  CHECK_EQ(found({"a", std::size_t{1}, "d"}), "-2.5");
  CHECK_EQ(found({"a", std::size_t{2}}), "[ ]");
  CHECK_EQ(found({"ab"}), "true"); // the last of the same name
  CHECK_EQ(found({}), text.substr(1, text.size() - 2));
}

TEST("alternatives that ask the same again and again are answered once") {
  std::string document = "0";
  for (int i = 0; i < 60; ++i)
    document.insert(0, R"({"x":)").append("}");
  for (const std::string keyword : {"anyOf", "oneOf", "allOf"}) {
    const auto half = [&](const std::string& required) {
      return R"({"properties":{"x":{"$ref":"#"}})" + required + "}";
    };
    const auto doubling = R"({"type":["object","integer"],")" + keyword + "\":[" + half("") + "," +
                          half(keyword == "oneOf" ? R"(,"type":"object","required":["y"])" : "") + "]}";
    CHECK(valid(doubling, document));
    CHECK(!valid(doubling, document.substr(0, document.find('0')) + "null" + std::string(60, '}')));
  }
}

TEST("a recursive choice among operators is judged at any depth, and what breaks it is said once") {
  std::string choices;
  for (const std::string name : {"and", "or", "not", "xor", "nand", "nor"})
    choices.append(choices.empty() ? "" : ",")
      .append(R"({"type":"object","required":["args","op"],"properties":{)"
              R"("args":{"type":"array","items":{"$ref":"#/$defs/term"}},"op":{"const":")" +
              name + R"("}}})");
  const auto source =
    R"({"$ref":"#/$defs/term","$defs":{"term":{"oneOf":[{"type":"integer"},)" + choices + "]}}}";
  const auto nested = [](int levels, const std::string& leaf) {
    auto term = leaf;
    for (int i = 0; i < levels; ++i)
      term = R"({"args":[)" + term + "," + leaf + R"(],"op":"nor"})";
    return term;
  };
  for (const auto levels : {1, 5, 20}) {
    CHECK(valid(source, nested(levels, "1")));
    CHECK_EQ(broken(source, nested(levels, "null")), ":/$defs/term/oneOf");
  }
  const std::string twice =
    R"({"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"type":"null"}}})";
  CHECK_EQ(broken(twice, "1"), ":/$defs/a/type");
}

TEST("names of members that alternatives multiply over are given up, not followed") {
  std::string chain;
  for (int i = 0; i < 30; ++i) {
    const auto next = R"({"$ref":"#/$defs/a)" + std::to_string(i + 1) + R"("})";
    chain += "\"a" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]},";
  }
  const schema doubling{
    read(R"({"propertyNames":{"$ref":"#/$defs/a0"},"$defs":{)" + chain + R"("a30":false}})")};
  bool given_up = false;
  try {
    doubling.validate(read(R"({"x":1})"), 10);
  } catch (const std::runtime_error&) {
    given_up = true;
  }
  CHECK(given_up);
}

TEST("time grows with the document, not faster") {
  const schema s{read(R"({"type":"array","uniqueItems":true,"contains":{"const":-1},"items":{"anyOf":
    [{"pattern":"^(a+)+$"},{"type":"object","properties":{"k":{"enum":["x","y"]}}},{"minimum":0}]}})")};
  const auto timed = [&](int elements) {
    boost::json::array list;
    for (int i = 0; i < elements; ++i)
      list.emplace_back(std::string(40, 'a') + std::to_string(i));
    std::vector<double> times;
    for (int i = 0; i < 3; ++i)
      times.push_back(seconds(s, list));
    std::ranges::sort(times);
    return times[1];
  };
  const auto small = timed(4'000);
  const auto large = timed(16'000);
  CHECK(large < 12 * small + 1e-3);
}

TEST("stop ends a validation") {
  boost::json::array list(100'000, boost::json::value(1));
  int asked = 0;
  schema{read(R"({"items":{"type":"integer"}})")}.validate(list, 10, [&] { return ++asked > 3; });
  CHECK_EQ(asked, 4);
}
