// Tokens of chat, mail, telephony and social networks.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> messaging_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    {"SLACK_TOKEN", "xoxb-", "[0-9]{6,14}-[0-9A-Za-z-]{14,100}", 2.5},
    {"SLACK_TOKEN", "xoxp-", "(?:[0-9]{6,14}-){3}[0-9A-Za-z]{16,64}", 2.5},
    {"SLACK_TOKEN", "xoxe-", "(?:[0-9]-[0-9A-Za-z]{120,200}|(?:[0-9]{6,14}-){3}[0-9A-Za-z]{16,64})", 2.5},
    {"SLACK_TOKEN", "xoxs-", "(?:[0-9]{6,14}-){3}[0-9A-Za-z]{16,64}", 2.5},
    {"SLACK_TOKEN", "xoxo-", "(?:[0-9]{6,14}-){3}[0-9A-Za-z]{16,64}", 2.5},
    {"SLACK_TOKEN", "xoxc-", "(?:[0-9]{6,14}-){3}[0-9A-Za-z]{16,64}", 2.5},
    {"SLACK_TOKEN", "xoxa-", "(?:[0-9]-)?[0-9A-Za-z-]{10,120}", 0},
    {"SLACK_TOKEN", "xoxr-", "(?:[0-9]-)?[0-9A-Za-z-]{10,120}", 0},
    {"SLACK_TOKEN", "xoxd-", "[0-9A-Za-z%+/=]{40,300}"},
    {"SLACK_TOKEN", "xapp-", "[0-9]-[0-9A-Z]{8,12}-[0-9]{9,14}-[0-9a-z]{40,80}"},
    {"SLACK_TOKEN", "xoxe.xoxp-", "[0-9]-[0-9A-Za-z]{100,200}"},
    {"SLACK_TOKEN", "xoxe.xoxb-", "[0-9]-[0-9A-Za-z]{100,200}"},
    {"SLACK_WEBHOOK", "hooks.slack.com/", "(?:services|workflows|triggers)/[0-9A-Za-z+/]{20,70}"},
    {"TEAMS_WEBHOOK", "webhook.office.com/webhookb2/",
     "[0-9A-Za-z@-]{36,80}/IncomingWebhook/[0-9A-Za-z]{32}/[0-9A-Za-z-]{30,120}"},
    {"DISCORD_WEBHOOK", "discord.com/api/webhooks/", "[0-9]{17,20}/[0-9A-Za-z_-]{60,80}"},
    {"DISCORD_WEBHOOK", "discordapp.com/api/webhooks/", "[0-9]{17,20}/[0-9A-Za-z_-]{60,80}"},
    {"ZAPIER_WEBHOOK", "hooks.zapier.com/hooks/catch/", "[0-9]{4,12}/[0-9a-z]{5,12}", 2.5},
    {"TWILIO_API_KEY", "SK", "[0-9A-Fa-f]{32}"},
    {"SENDGRID_API_KEY", "SG.", "(?:[0-9A-Za-z_-]{20,24}\\.[0-9A-Za-z_-]{39,50}|[0-9A-Za-z_-]{66})"},
    {"BREVO_API_KEY", "xkeysib-", "[0-9a-f]{64}-[0-9A-Za-z]{16}"},
    {"BREVO_SMTP_KEY", "xsmtpsib-", "[0-9a-f]{64}-[0-9A-Za-z]{16}"},
    {"MAILGUN_API_KEY", "key-", "[0-9a-f]{32}"},
    {"MAILGUN_API_KEY", "pubkey-", "[0-9a-f]{32}"},
    {"RESEND_API_KEY", "re_", "[0-9A-Za-z]{8}_[0-9A-Za-z]{24}"},
    {"PUSHBULLET_TOKEN", "o.", "[0-9A-Za-z]{32}", 3.8},
    {"FACEBOOK_ACCESS_TOKEN", "EAAM", "[0-9A-Za-z]{80,500}"},
    {"FACEBOOK_ACCESS_TOKEN", "EAAC", "[0-9A-Za-z]{80,500}"},
    {"FACEBOOK_ACCESS_TOKEN", "EAAG", "[0-9A-Za-z]{80,500}"},
    {"FACEBOOK_ACCESS_TOKEN", "EAAB", "[0-9A-Za-z]{80,500}"},
    {"INSTAGRAM_ACCESS_TOKEN", "IGQV", "[0-9A-Za-z_-]{80,300}"},
    {"TWITTER_BEARER_TOKEN", "AAAAAAAAAAAAAAAAAAAAA", "[0-9A-Za-z%_-]{60,120}"},
    {"LICHESS_TOKEN", "lip_", "[0-9A-Za-z]{20}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
