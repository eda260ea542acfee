// The URL check: addresses whose host or scheme the policy does not want, or that hide their host.
#include "checks/registry.hpp"
#include "checks/rule_finding.hpp"
#include "checks/urls/address_finder.hpp"
#include "checks/urls/host_list.hpp"

#include <algorithm>
#include <array>

namespace guardrails::checks {

namespace {

// Addresses looked at in one text; past them the rest of the text counts as one that is not allowed.
constexpr std::size_t most_addresses = 10'000;
constexpr std::size_t names_between_stops = 256;

// They carry code or a document of their own, which no list of hosts can judge.
constexpr auto refused_schemes = std::to_array<std::string_view>({"javascript", "vbscript", "data"});

class urls_check final : public text_check {
public:
  explicit urls_check(const urls_config& config)
    : allow_{config.allow, "guardrails.urls.allow", reader_}
    , deny_{config.deny, "guardrails.urls.deny", reader_}
    , schemes_{config.schemes}
    , action_{config.action} {}

  std::string_view name() const noexcept override { return "urls"; }
  std::string_view message_key() const noexcept override { return "urls"; }
  bool masks() const noexcept override { return action_ == finding_action::mask; }
  text_form reads() const noexcept override { return text_form::original; }
  bool masks_first() const noexcept override { return true; } // a mask would hide what it looks for

private:
  bool judge_text(std::string_view text, const stop_function& stop, check_report& report) const override {
    const auto before = report.findings.size();
    const auto addresses = urls::find_addresses(text, most_addresses, stop);
    for (const auto& address : addresses) {
      if (stop && stop())
        return true;
      if (auto why = objection(address); !why.empty())
        add(address.where, std::move(why), report);
    }
    if (addresses.size() == most_addresses)
      add({addresses.back().where.begin, text.size()}, "too many addresses", report);
    else if (!deny_.empty())
      add_bare_names(text, addresses, stop, report);
    const auto count = report.findings.size() - before;
    const auto passes = count == 0 || action_ != finding_action::block;
    report.urls = verdict_report{passes, count == 0 ? "" : std::to_string(count) + " not allowed"};
    return passes;
  }

  /// What speaks against an address; empty: nothing.
  std::string objection(const urls::address& address) const {
    urls::host host;
    if (!address.host.empty())
      host = reader_.read(address.host);
    if (const auto denied = deny_.find(host.name, address.port))
      return "deny[" + std::to_string(*denied) + "]";
    if (!address.trick.empty())
      return std::string{address.trick};
    if (address.web && !host.disguise.empty())
      return std::string{host.disguise};
    if (!scheme_is_allowed(address.scheme))
      return "scheme";
    return allow_.empty() || allow_.find(host.name, address.port) ? "" : "allow";
  }

  bool scheme_is_allowed(std::string_view scheme) const {
    if (scheme.empty())
      return true;
    if (schemes_.empty())
      return std::ranges::find(refused_schemes, scheme) == refused_schemes.end();
    return std::ranges::find(schemes_, scheme) != schemes_.end();
  }

  // A name alone is no address, but whoever denies a host wants to hear of it.
  void add_bare_names(std::string_view text, const std::vector<urls::address>& addresses,
                      const stop_function& stop, check_report& report) const {
    std::size_t names = 0;
    for (const auto& found : urls::find_bare_names(text, addresses)) {
      if (stop && names++ % names_between_stops == 0 && stop())
        break;
      const auto host = reader_.read(text.substr(found.name.begin, found.name.end - found.name.begin));
      if (const auto denied = deny_.find(host.name, found.port))
        add(found.where, "deny[" + std::to_string(*denied) + "]", report);
    }
  }

  void add(match_range where, std::string why, check_report& report) const {
    report.findings.push_back(rule_finding(name(), "URL", action_, where, std::move(why)));
  }

  urls::host_reader reader_;
  urls::host_list allow_;
  urls::host_list deny_;
  std::vector<std::string> schemes_;
  finding_action action_;
};

} // namespace

std::unique_ptr<const check> compile_urls(compile_context& context) {
  const auto& config = context.config.guardrails.urls;
  if (!config)
    return nullptr;
  return std::make_unique<const urls_check>(*config);
}

} // namespace guardrails::checks
