// The key `guardrails.ban_list`, whose members have names of the user's choice.
#pragma once

#include "config/keys.hpp"

namespace guardrails::config {

key ban_list_key();

} // namespace guardrails::config
