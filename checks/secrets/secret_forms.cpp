// The list of forms and of what they may report.
#include "checks/secrets/secret_form.hpp"

#include "checks/secrets/assigned_values.hpp"
#include "checks/secrets/token_tables.hpp"

#include <algorithm>

namespace guardrails::checks::secrets {

std::vector<token_format> all_token_formats() {
  std::vector<token_format> all;
  for (const auto family : {cloud_tokens(), code_hosting_tokens(), language_model_tokens(), payment_tokens(),
                            messaging_tokens(), monitoring_tokens(), application_tokens()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

std::vector<secret_form> all_secret_forms() {
  auto forms = anchored_token_forms();
  for (auto* form : {prefixed_token_form, json_web_token_form, wrapped_web_token_form, private_key_form,
                     connection_string_form, authorization_form, command_line_user_form,
                     kubernetes_secret_form, assignment_form})
    forms.push_back(form());
  return forms;
}

std::vector<std::string_view> all_secret_entities() {
  std::vector<std::string_view> names{"AUTHORIZATION",  "AZURE_CLIENT_SECRET", "CONNECTION_STRING",
                                      "CREDENTIAL",     "DISCORD_BOT_TOKEN",   "FACEBOOK_ACCESS_TOKEN",
                                      "JSON_WEB_TOKEN", "KUBERNETES_SECRET",   "MAILCHIMP_API_KEY",
                                      "PASSWORD",       "PRIVATE_KEY",         "TELEGRAM_BOT_TOKEN",
                                      "TERRAFORM_TOKEN"};
  for (const auto& format : all_token_formats())
    names.push_back(format.entity);
  for (const auto& format : assigned_values())
    names.push_back(format.entity);
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

} // namespace guardrails::checks::secrets
