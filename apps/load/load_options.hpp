// The options of `load` and their limits.
#pragma once

#include "apps/load/course.hpp"
#include "apps/load/destination.hpp"
#include "apps/load/profile.hpp"
#include "apps/load/request_text.hpp"

#include <guardrails/rails_config.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace guardrails::load {

struct load_options {
  destination where;
  std::vector<double> rates;
  std::string schedule;      ///< as it was given
  std::vector<phase> phases; ///< of it
  std::size_t closed = 0;    ///< lines of a closed loop
  bool by_chance = false;
  std::chrono::milliseconds warm_up{0};
  stop_rules stop;
  std::optional<pid_t> watched;
  std::string csv_file;
  std::string html_file;
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds timeout{10'000};
  std::size_t lines = 256;
  std::size_t threads = 1;
  std::string method = "POST";
  std::vector<header> headers;
  std::string message = "What is machine learning?";
  std::string model = "mock";
  std::string body_file;
  std::string prompts_file;
  std::string config;
  cluster_config files; ///< by which it says who it is to nodes
  bool message_given = false;
  bool stream = false;
  bool allow_remote = false;
  bool json = false;
};

/// Wrong values are usage errors of CLI11.
void add_options(CLI::App& command, load_options& how);

/// Why options that are each right do not go together; nothing: they do.
std::optional<std::string> contradiction(const load_options& how);

} // namespace guardrails::load
