// Duplicate keys, tags, several documents, deep nesting and alias bombs are refused here.
#include "config/tree_builder.hpp"

#include "config/printable.hpp"
#include "config/yaml_reader.hpp"

#include <guardrails/errors.hpp>

#include <algorithm>

namespace guardrails::config {

namespace {

mark place(const YAML::Mark& at) {
  return at.is_null() ? mark{} : mark{at.line + 1, at.column + 1};
}

bool stands_for_nothing(const std::string& plain) {
  return plain.empty() || plain == "~" || plain == "null" || plain == "Null" || plain == "NULL";
}

} // namespace

void tree_builder::refuse(mark at, std::string problem) const {
  throw config_error{{source_, at.line, at.column}, path(), std::move(problem)};
}

std::string tree_builder::path() const {
  std::string result;
  for (const auto& open : stack_) {
    if (open.tree.value.kind == shape::list) {
      result += '[';
      result += std::to_string(open.tree.value.items.size());
      result += ']';
    } else if (open.has_key) {
      if (!result.empty())
        result += '.';
      result += printable(open.key, 80);
    }
  }
  return printable(result, 400);
}

void tree_builder::OnDocumentStart(const YAML::Mark& at) {
  if (started_)
    refuse(place(at), "a second document starts here; expected one document");
  started_ = true;
}

void tree_builder::OnNull(const YAML::Mark& at, YAML::anchor_t anchor) {
  measured tree;
  tree.value.at = place(at);
  add(std::move(tree), anchor);
}

void tree_builder::OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                            const std::string& value) {
  measured tree;
  tree.value.at = place(at);
  tree.value.quoted = tag != "?" && !tag.empty();
  if (tag != "!" && tag != "tag:yaml.org,2002:str")
    check_tag(tree.value.at, tag);
  if (tree.value.quoted || !stands_for_nothing(value)) {
    tree.value.kind = shape::scalar;
    tree.value.text = value;
  }
  add(std::move(tree), anchor);
}

void tree_builder::OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end())
    refuse(place(at), "an alias refers to the list or map it stands in; expected a value");
  const auto& target = found->second;
  nodes_from_aliases_ += target.nodes;
  if (nodes_from_aliases_ > document_limits::nodes_from_aliases)
    refuse(place(at), "aliases expand to more than 10000 values; expected fewer aliases");
  if (stack_.size() + target.height > document_limits::depth)
    refuse(place(at), "is nested more than 64 levels deep once aliases are expanded");
  add(target, 0);
}

void tree_builder::OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value) {
  open(shape::list, at, tag, anchor);
}

void tree_builder::OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
  open(shape::map, at, tag, anchor);
}

void tree_builder::OnSequenceEnd() {
  close();
}

void tree_builder::OnMapEnd() {
  close();
}

void tree_builder::check_tag(mark at, const std::string& tag) const {
  if (!tag.empty() && tag != "?")
    refuse(at, "has a tag; expected a value without one");
}

void tree_builder::open(shape kind, const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor) {
  check_tag(place(at), tag);
  // Thrown before the parser recurses any further.
  if (stack_.size() >= document_limits::depth)
    refuse(place(at), "is nested more than 64 levels deep");
  open_node opened;
  opened.tree.value.kind = kind;
  opened.tree.value.at = place(at);
  opened.anchor = anchor;
  stack_.push_back(std::move(opened));
}

void tree_builder::close() {
  auto closed = std::move(stack_.back());
  stack_.pop_back();
  add(std::move(closed.tree), closed.anchor);
}

void tree_builder::add(measured tree, YAML::anchor_t anchor) {
  if (++nodes_ > document_limits::nodes)
    refuse(tree.value.at, "the document holds more than 250000 values; expected fewer");
  if (anchor != 0) {
    // A tree that no alias could afford need not be kept.
    const auto affordable = tree.nodes <= document_limits::nodes_from_aliases;
    anchors_[anchor] = affordable ? tree : measured{{}, tree.nodes, tree.height};
  }
  attach(std::move(tree));
}

void tree_builder::attach(measured tree) {
  if (stack_.empty()) {
    root_ = std::move(tree.value);
    return;
  }
  auto& parent = stack_.back();
  parent.tree.nodes += tree.nodes;
  parent.tree.height = std::max(parent.tree.height, tree.height + 1);
  auto& value = parent.tree.value;
  if (value.kind == shape::list) {
    value.items.push_back(std::move(tree.value));
  } else if (!parent.has_key) {
    set_key(parent, std::move(tree.value));
  } else {
    // The parser notices a missing value at the next token; people look for it beside the key.
    if (tree.value.kind == shape::nothing)
      tree.value.at = parent.key_at;
    value.members.push_back({std::move(parent.key), parent.key_at, std::move(tree.value)});
    parent.has_key = false;
  }
}

void tree_builder::set_key(open_node& map, node key) const {
  if (key.kind != shape::scalar)
    refuse(key.at, "a key is a list, a map or empty; expected a name");
  const auto [first, added] = map.keys.try_emplace(key.text, key.at);
  map.has_key = true;
  map.key = std::move(key.text);
  map.key_at = key.at;
  if (!added)
    refuse(key.at, "duplicate key; it was already set in line " + std::to_string(first->second.line));
}

} // namespace guardrails::config
