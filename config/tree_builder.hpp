// Turns yaml-cpp's parse events into a tree, stopping the parser at the first thing a configuration may not
// hold.
#pragma once

#include "config/node.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/mark.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace guardrails::config {

/// Built on events rather than on YAML::Node: events tell keys apart that occur twice, give the place of
/// keys, and let the depth be bounded before the parser recurses.
class tree_builder : public YAML::EventHandler {
public:
  explicit tree_builder(std::string source)
    : source_{std::move(source)} {}

  node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& at) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& at, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

private:
  /// A node with what bounds its use by aliases.
  struct measured {
    node value;
    std::size_t nodes = 1;
    std::size_t height = 1;
  };

  /// A list or map whose end has not been reached.
  struct open_node {
    measured tree;
    YAML::anchor_t anchor = 0;
    bool has_key = false; ///< a map that waits for the value of `key`
    std::string key;
    mark key_at;
    std::map<std::string, mark> keys;
  };

  [[noreturn]] void refuse(mark at, std::string problem) const;
  std::string path() const;
  void open(shape kind, const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor);
  void close();
  void add(measured tree, YAML::anchor_t anchor);
  void attach(measured tree);
  void set_key(open_node& map, node key) const;
  void check_tag(mark at, const std::string& tag) const;

  std::string source_;
  bool started_ = false;
  node root_;
  std::vector<open_node> stack_;
  std::map<YAML::anchor_t, measured> anchors_;
  std::size_t nodes_ = 0;
  std::size_t nodes_from_aliases_ = 0;
};

} // namespace guardrails::config
