#include <guardrails/actors.hpp>
