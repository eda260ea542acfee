// Keys of payment, shops and shipping.
#include "checks/secrets/token_format.hpp"

#include <array>

namespace guardrails::checks::secrets {

std::span<const token_format> payment_tokens() {
  static constexpr auto formats = std::to_array<token_format>({
    {"STRIPE_SECRET_KEY", "sk_live_", "[0-9A-Za-z]{24,128}"},
    {"STRIPE_SECRET_KEY", "sk_test_", "[0-9A-Za-z]{24,128}"},
    {"STRIPE_SECRET_KEY", "sk_prod_", "[0-9A-Za-z]{24,128}"},
    {"STRIPE_RESTRICTED_KEY", "rk_live_", "[0-9A-Za-z]{24,128}"},
    {"STRIPE_RESTRICTED_KEY", "rk_test_", "[0-9A-Za-z]{24,128}"},
    {"STRIPE_RESTRICTED_KEY", "rk_prod_", "[0-9A-Za-z]{24,128}"},
    {"WEBHOOK_SECRET", "whsec_", "[0-9A-Za-z+/=]{24,80}"},
    {"SQUARE_TOKEN", "sq0atp-", "[0-9A-Za-z_-]{22}"},
    {"SQUARE_SECRET", "sq0csp-", "[0-9A-Za-z_-]{43}"},
    {"SQUARE_TOKEN", "EAAA", "[0-9A-Za-z_-]{60}"},
    {"BRAINTREE_TOKEN", "access_token$production$", "[0-9a-z]{16}\\$[0-9a-f]{32}"},
    {"RAZORPAY_KEY", "rzp_live_", "[0-9A-Za-z]{14}"},
    {"FLUTTERWAVE_KEY", "FLWSECK", "(?:_TEST)?-(?:[0-9A-Fa-f]{32}-X|[0-9A-Fa-f]{12})", 2.5},
    {"FLUTTERWAVE_KEY", "FLWPUBK", "(?:_TEST)?-[0-9A-Fa-f]{32}-X", 2.5},
    {"PLAID_TOKEN", "access-",
     "(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"},
    {"PADDLE_API_KEY", "pdl_", "(?:live|sdbx)_apikey_[0-9a-z]{26}_[0-9A-Za-z]{22}_[0-9A-Za-z]{3}"},
    {"SHOPIFY_TOKEN", "shpat_", "[0-9A-Fa-f]{32}"},
    {"SHOPIFY_TOKEN", "shpca_", "[0-9A-Fa-f]{32}"},
    {"SHOPIFY_TOKEN", "shppa_", "[0-9A-Fa-f]{32}"},
    {"SHOPIFY_SECRET", "shpss_", "[0-9A-Fa-f]{32}"},
    {"SHIPPO_TOKEN", "shippo_", "(?:live|test)_[0-9a-f]{40}"},
    {"EASYPOST_KEY", "EZAK", "[0-9A-Za-z]{54}"},
    {"EASYPOST_KEY", "EZTK", "[0-9A-Za-z]{54}"},
    {"DUFFEL_TOKEN", "duffel_", "(?:live|test)_[0-9A-Za-z=_-]{43}"},
  });
  return formats;
}

} // namespace guardrails::checks::secrets
