// The URL check: lists, forms of a host, tricks, where addresses begin and end.
#include "tests/check_support.hpp"
#include "tests/cpu_time.hpp"

#include <guardrails/errors.hpp>

#include <iostream>

#define CAF_SUITE urls
#include "tests/caf_test.hpp"

using namespace guardrails;
using namespace guardrails::checks;
using namespace guardrails::checks::testing;

namespace {

rails_config urls_only(urls_config urls) {
  auto config = sensitive_only();
  config.guardrails.check_sensitive_data = false;
  config.guardrails.urls = std::move(urls);
  return config;
}

/// The findings as `why[text]`, joined by spaces.
std::string found(const urls_config& urls, std::string_view text) {
  std::string out;
  for (const auto& f : judge(urls_only(urls), text).findings)
    out += (out.empty() ? "" : " ") + f.why.pattern + '[' +
           std::string{text.substr(f.span.begin, f.span.end - f.span.begin)} + ']';
  return out;
}

std::string denied(std::string_view text) {
  urls_config urls;
  urls.deny = {"evil.com", "*.evil.com", "127.0.0.1", "[::1]", "bücher.example"};
  return found(urls, text);
}

std::string not_allowed(std::string_view text) {
  urls_config urls;
  urls.allow = {"good.com", "*.good.com", "10.0.0.1", "localhost:8080"};
  return found(urls, text);
}

} // namespace

TEST("punctuation ends a host, and what goes on behind it is no host of the list") {
  const auto denied = [](std::string_view text) {
    auto config = sensitive_only();
    config.guardrails.check_sensitive_data = false;
    config.guardrails.urls = urls_config{{}, {"evil.com"}, {}, finding_action::block};
    return !judge(config, text).passed;
  };
  for (const auto* text :
       {"“https://evil.com”", "«https://evil.com»", "请看https://evil.com，谢谢", "https://evil.com—now",
        "https://evil.com~", "~~https://evil.com~~", "https://evil.com+", "https://evil.com_"})
    CHECK_EQ(denied(text) ? "" : text, "");
  CHECK(!denied("see https://example.com… and https://example.com？"));
  const auto allowed = [](std::string_view text) {
    auto config = sensitive_only();
    config.guardrails.check_sensitive_data = false;
    config.guardrails.urls = urls_config{{"good.com"}, {}, {}, finding_action::block};
    return judge(config, text).passed;
  };
  for (const auto* text :
       {"https://good.com&.evil.com/", "https://good.com☃.evil.com/", "https://good.com，.evil.com/",
        "https://good.com,evil.com/x", "https://$.evil.com/", "https://good.com:443.evil.com/",
        "https://good.com:.evil.com/"})
    CHECK_EQ(allowed(text) ? text : "", "");
  for (const auto* text :
       {"“https://good.com”", "(https://good.com).", "https://good.com, and more", "https://good.com:443."})
    CHECK_EQ(allowed(text) ? "" : text, "");
}

TEST("a denied host is found wherever it is reached") {
  CHECK_EQ(denied("see https://evil.com/a?b#c now"), "deny[0][https://evil.com/a?b#c]");
  CHECK_EQ(denied("HTTPS://WWW.EVIL.COM."), "deny[1][HTTPS://WWW.EVIL.COM]");
  CHECK_EQ(denied("(http://evil.com:8080)"), "deny[0][http://evil.com:8080]");
  CHECK_EQ(denied("go to evil.com, please"), "deny[0][evil.com]");
  CHECK_EQ(denied("www.evil.com/x"), "deny[1][www.evil.com/x]");
  CHECK_EQ(denied("请访问evil.com谢谢"), "deny[0][evil.com]");
  CHECK_EQ(denied("https://good.com/?to=https://evil.com/x"), "deny[0][https://evil.com/x]");
  CHECK_EQ(denied("postgres://evil.com/db"), "deny[0][postgres://evil.com/db]");
  CHECK_EQ(denied("https://good.com https://notevil.com evil.community bob@evil.com"), "");
}

TEST("emphasis does not hide a bare name") {
  for (const auto* text : {"_evil.com_", "see __evil.com__ now", "_sub.evil.com", "evil.com_"})
    CHECK(!denied(text).empty());
  CHECK_EQ(denied("_evil.com_x"), "");
}

TEST("only what is allowed passes") {
  CHECK_EQ(not_allowed("https://good.com https://a.b.good.com/x http://10.0.0.1 http://localhost:8080/"), "");
  CHECK_EQ(not_allowed("https://good.com.evil.org/"), "allow[https://good.com.evil.org/]");
  CHECK_EQ(not_allowed("https://notgood.com"), "allow[https://notgood.com]");
  CHECK_EQ(not_allowed("http://localhost:9090/ http://localhost"),
           "allow[http://localhost:9090/] allow[http://localhost]");
  CHECK_EQ(not_allowed("file:///etc/passwd"), "allow[file:///etc/passwd]");
  CHECK_EQ(not_allowed("a file.txt, e.g. this one, v1.2 of std::string at C:\\dir, 12:30, //comment"), "");
}

TEST("links and images of Markdown and HTML") {
  CHECK_EQ(not_allowed("![x](https://evil.com/p.png?d=secret \"t\")"),
           "allow[https://evil.com/p.png?d=secret]");
  CHECK_EQ(not_allowed("[https://good.com](https://evil.com)"), "allow[https://evil.com]");
  CHECK_EQ(not_allowed("[x](//evil.com/a)"), "allow[//evil.com/a]");
  CHECK_EQ(not_allowed("<img src=\"//evil.com/a\">"), "allow[//evil.com/a]");
  CHECK_EQ(not_allowed("<https://evil.com>"), "allow[https://evil.com]");
  CHECK_EQ(not_allowed("https://evil.com/a_(b)."), "allow[https://evil.com/a_(b)]");
}

TEST("links lead where a browser takes them, whatever stands in them") {
  CHECK_EQ(denied("![x]( //evil.com/a)"), "deny[0][//evil.com/a]");
  CHECK_EQ(denied("[x](\n//evil.com)"), "deny[0][//evil.com]");
  CHECK_EQ(denied("[1]: //evil.com"), "deny[0][//evil.com]");
  CHECK_EQ(denied("[1]:<//evil.com/a>"), "deny[0][//evil.com/a]");
  CHECK_EQ(denied("[x](/\\evil.com/a) next"), "deny[0][/\\evil.com/a]");
  CHECK_EQ(denied("[x](\\\\evil.com)"), "deny[0][\\\\evil.com]");
  CHECK_EQ(denied("<a href=\" //evil.com\">"), "deny[0][ //evil.com]");
  CHECK_EQ(denied("<a href = '\\/evil.com/b'>"), "deny[0][\\/evil.com/b]");
  CHECK_EQ(denied("<a href=/\\evil.com/b>"), "deny[0][/\\evil.com/b]");
  CHECK_EQ(denied("<img src=\"ht\ntps:\t//ev\til.com/a\" alt>"), "deny[0][ht\ntps:\t//ev\til.com/a]");
  CHECK_EQ(denied("<img src='\x01https://good.com\t@evil.com/'>"),
           "deny[0][\x01https://good.com\t@evil.com/]");
  CHECK_EQ(denied("<img src=\"///evil.com\">"), "deny[0][///evil.com]");
  const urls_config none;
  CHECK_EQ(found(none, "<img src=\"https://go\nod.com/a\">"), "white space[https://go\nod.com/a]");
  CHECK_EQ(found(none, "[x](/\\good.com)"), "slashes[/\\good.com]");
  CHECK_EQ(found(none, "[x]( https://good.com ) <a href=\" https://good.com\"> <a href=\"a b\">"), "");
  CHECK_EQ(not_allowed("f( // comment\n) a[i] = x; path=\"\\\\server\\share\" [a]: b, data=[1]"), "");
}

TEST("tricks with the host are found without any list") {
  const urls_config none;
  CHECK_EQ(found(none, "https://good.com@evil.com/"), "user information[https://good.com@evil.com/]");
  CHECK_EQ(found(none, "https://good.com,x:y@evil.com"), "user information[https://good.com,x:y@evil.com]");
  CHECK_EQ(found(none, "https://good.com\\@evil.com"), "backslash[https://good.com\\@evil.com]");
  CHECK_EQ(found(none, "https:\\\\evil.com"), "slashes[https:\\\\evil.com]");
  CHECK_EQ(found(none, "https:/evil.com"), "slashes[https:/evil.com]");
  CHECK_EQ(found(none, "https://%65vil.com"), "percent-encoded host[https://%65vil.com]");
  CHECK_EQ(found(none, "http://2130706433/"), "number as host[http://2130706433/]");
  CHECK_EQ(found(none, "http://0x7f.1/ http://0177.0.0.1"),
           "number as host[http://0x7f.1/] number as host[http://0177.0.0.1]");
  CHECK_EQ(found(none, "http://[::ffff:127.0.0.1]/"), "IPv4 address as IPv6[http://[::ffff:127.0.0.1]/]");
  CHECK_EQ(found(none, "http://[::1"), "invalid host[http://[::1]");
  CHECK_EQ(found(none, "http://1.2.3.999/"), "invalid host[http://1.2.3.999/]");
  CHECK_EQ(found(none, "http://a.com:99999/"), "port out of range[http://a.com:99999/]");
  CHECK_EQ(found(none, "https://p\u0430ypal.com"), "mixed scripts[https://p\u0430ypal.com]");
  CHECK_EQ(found(none, "https://xn--pypal-4ve.com"), "mixed scripts[https://xn--pypal-4ve.com]");
  CHECK_EQ(found(none, "https://\u0441\u043E\u0441\u043E.com"),
           "look-alike letters[https://\u0441\u043E\u0441\u043E.com]");
  CHECK_EQ(found(none, "https://xn--a/"), "invalid host[https://xn--a/]");
  CHECK_EQ(found(none, "https://\u0441\u043E\u0441\u043E.de"),
           "look-alike letters[https://\u0441\u043E\u0441\u043E.de]");
  CHECK_EQ(found(none, "https://p\u0430ypal.ru"), "mixed scripts[https://p\u0430ypal.ru]");
}

TEST("honest addresses are left alone") {
  const urls_config none;
  for (const auto* text :
       {"https://example.com:8443/a?b=c#d", "http://192.168.0.1/", "http://[2001:db8::1]:80/",
        "ssh://git@github.com/a", "https://münchen.de", "https://例え.jp", "https://яндекс.рф",
        "https://\u0441\u043E\u0441\u043E.\u0440\u0444", "https://\u0441\u043E\u0441\u043E.ru",
        "ftp://ftp.example.com", "mailto:a@b.example", "data: what follows",
        "the ratio 3:1, https:// and http://", "https://r3---sn-abc.example.com", "javascript: the language",
        "https://a_b.example", "x://y"})
    CHECK_EQ(found(none, text), "");
}

TEST("a disguised host is the one it reaches") {
  CHECK_EQ(denied("http://2130706433/"), "deny[2][http://2130706433/]");
  CHECK_EQ(denied("http://0x7f000001"), "deny[2][http://0x7f000001]");
  CHECK_EQ(denied("http://127.1"), "deny[2][http://127.1]");
  CHECK_EQ(denied("http://[::ffff:7f00:1]/"), "deny[2][http://[::ffff:7f00:1]/]");
  CHECK_EQ(denied("http://[0:0:0:0:0:0:0:1]/"), "deny[3][http://[0:0:0:0:0:0:0:1]/]");
  CHECK_EQ(denied("https://good.com@evil.com"), "deny[0][https://good.com@evil.com]");
  CHECK_EQ(denied("https://%65vil.com"), "deny[0][https://%65vil.com]");
  CHECK_EQ(denied("https://ｅｖｉｌ。com"), "deny[0][https://ｅｖｉｌ。com]");
  CHECK_EQ(denied("https://ev\u200Bil.com"), "deny[0][https://ev\u200Bil.com]");
  CHECK_EQ(denied("ev\u00ADil.com"), "deny[0][ev\u00ADil.com]");
  CHECK_EQ(denied("evil。com and 访问evil｡com谢谢"), "deny[0][evil。com] deny[0][evil｡com]");
  CHECK_EQ(denied("他去了evil.com。good.org很好"), "deny[0][evil.com]");
  CHECK_EQ(denied("evil.com:8080, evil.com: 8080"), "deny[0][evil.com:8080] deny[0][evil.com]");
  CHECK_EQ(denied("https://xn--bcher-kva.example https://BÜCHER.example"),
           "deny[4][https://xn--bcher-kva.example] deny[4][https://BÜCHER.example]");
}

TEST("schemes") {
  CHECK_EQ(found({}, "javascript:alert(1) vbscript:x data:text/html,x"),
           "scheme[javascript:alert(1)] scheme[vbscript:x] scheme[data:text/html,x]");
  CHECK_EQ(found({}, "javascript: alert(1)"), "scheme[javascript:]");
  CHECK_EQ(found({}, "[x](javascript:\talert(1))"), "scheme[javascript:]");
  CHECK_EQ(found({}, "<a href=\"java\nscript:a=1\">"), "scheme[java\nscript:a=1]");
  CHECK_EQ(found({}, "<a href='JavaScript: a=1'>"), "scheme[JavaScript: a=1]");
  CHECK_EQ(found({}, "javascript:\n  version: 1"), "");
  urls_config urls;
  urls.schemes = {"https"};
  CHECK_EQ(found(urls, "https://a.com http://b.com ftp://c.com"), "scheme[http://b.com] scheme[ftp://c.com]");
}

TEST("deny wins over allow, flag and mask let the text pass") {
  urls_config urls;
  urls.allow = {"*.good.com"};
  urls.deny = {"bad.good.com"};
  CHECK_EQ(found(urls, "https://bad.good.com https://fine.good.com"), "deny[0][https://bad.good.com]");
  const std::string text = "see https://evil.com.";
  const auto report = judge(urls_only(urls), text);
  CHECK(!report.passed);
  CHECK_EQ(report.message, "URL policy violation detected.");
  CHECK_EQ(report.urls.value().message, "1 not allowed");
  urls.action = finding_action::flag;
  CHECK(judge(urls_only(urls), text).passed);
  urls.action = finding_action::mask;
  const auto masked = judge(urls_only(urls), text);
  CHECK(masked.passed);
  CHECK_EQ(apply_replacements(text, 0, masked.findings), "see [REDACTED].");
}

TEST("an entry with a port means bare names with that port") {
  urls_config urls;
  urls.deny = {"evil.com:8080"};
  CHECK_EQ(found(urls, "evil.com:8080 evil.com:80 evil.com"), "deny[0][evil.com:8080]");
}

TEST("a long address is masked whole, brackets and all that it holds") {
  urls_config urls;
  urls.deny = {"evil.com"};
  urls.action = finding_action::mask;
  const auto masked = [&](const std::string& text) {
    return apply_replacements(text, 0, judge(urls_only(urls), text).findings);
  };
  const std::string path(10'000, 'a');
  CHECK_EQ(masked("see https://evil.com/" + path + ", please"), "see [REDACTED], please");
  CHECK_EQ(masked("(https://evil.com/(" + path + ")[" + path + "]...) x"), "([REDACTED]...) x");
  CHECK_EQ(masked("https://good.com/(" + path + "?https://evil.com/)" + path + "."),
           "https://good.com/(" + path + "?[REDACTED])" + path + ".");
  CHECK_EQ(masked("<a href=\" //evil.com/" + path + "\">"), "<a href=\"[REDACTED]\">");
}

TEST("time grows with the text, however addresses and brackets stand in each other") {
  urls_config urls;
  urls.deny = {"evil.com"};
  const auto r = compile_rail(urls_only(urls), direction::text);
  for (const std::string unit : {"http://a/", "http://a/(", "http://a/)", "http://a/(.)...", "](//a", "](",
                                 "href=//a", "href='//", "href=\"\n", "a。", "[a]: ", "http://a.", "src= "}) {
    const auto seconds = [&](std::size_t bytes) {
      std::string text;
      while (text.size() < bytes)
        text += unit;
      return test::least_cpu_seconds([&] { r.judge(text, no_time); });
    };
    const auto small = seconds(64 << 10);
    const auto large = seconds(256 << 10);
    if (large >= 12 * small)
      std::cerr << '`' << unit << "`: " << small << " s, then " << large << " s\n";
    CHECK(large < 12 * small);
  }
}

TEST("an entry that is no host is refused by its place") {
  const auto refused = [](urls_config urls) -> std::string {
    try {
      judge(urls_only(std::move(urls)), "");
    } catch (const config_error& error) {
      return error.key_path();
    }
    return "";
  };
  urls_config urls;
  urls.allow = {"a.com", "1.2.3.999"};
  CHECK_EQ(refused(urls), "guardrails.urls.allow[1]");
  urls.allow = {};
  urls.deny = {"[::g]"};
  CHECK_EQ(refused(urls), "guardrails.urls.deny[0]");
}

TEST("a report is bounded, invalid UTF-8 fails closed") {
  std::string text;
  for (int i = 0; i < 12'000; ++i)
    text += "http://a@b ";
  const auto report = judge(urls_only({}), text);
  CHECK_EQ(report.findings.size(), 10'001u);
  CHECK_EQ(report.findings.back().span.end, text.size());
  const auto invalid = judge(urls_only({}), "http://\xff");
  CHECK_EQ(invalid.errors.at(0).check, "urls");
}
