// Numbers masks across messages.
#include "checks/conversation_masks.hpp"

#include "checks/masking.hpp"

#include <utility>

namespace guardrails::checks {

conversation_masks::conversation_masks(const pii_config& config)
  : writer_{mask_in_one_text(config)} {
  if (config.reversible)
    vault_.emplace();
}

std::string conversation_masks::mask(std::string_view text, std::uint64_t offset,
                                     std::span<finding> findings) {
  if (vault_)
    return vault_->mask(text, offset, findings);
  if (writer_.counts())
    for (const auto& stretch : masked_stretches(text.size(), offset, findings)) {
      if (!is_personal_data(stretch, findings))
        continue;
      const auto& first = findings[stretch.findings.front()];
      const auto value = text.substr(stretch.begin, stretch.end - stretch.begin);
      set_replacement(stretch, findings,
                      writer_.replacement(first.entity.value_or(first.label), value, numbers_));
    }
  return apply_replacements(text, offset, findings);
}

std::vector<finding> conversation_masks::find_known(std::string_view text) {
  return vault_ && !vault_->found().empty() ? known_.find(text, vault_->found()) : std::vector<finding>{};
}

masked_values conversation_masks::release() && {
  return vault_ ? std::move(*vault_).release() : masked_values{};
}

} // namespace guardrails::checks
