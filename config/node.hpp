// A configuration document as a tree of plain values, each with its place in the text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace guardrails::config {

/// Counted from 1; 0 means unknown (values set in code).
struct mark {
  int line = 0;
  int column = 0;
};

enum class shape : std::uint8_t { nothing, scalar, list, map };

struct member;

struct node {
  shape kind = shape::nothing;
  mark at;
  std::string text;    ///< of a scalar, before `${NAME}` is replaced
  bool quoted = false; ///< a quoted scalar is text, never a number or a boolean
  std::vector<node> items;
  std::vector<member> members;
};

struct member {
  std::string key;
  mark at;
  node value;
};

} // namespace guardrails::config
