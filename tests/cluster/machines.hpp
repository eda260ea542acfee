// The machines of a cluster under test: network namespaces with a link each, or all of them this one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace guardrails::test {

enum class wiring : std::uint8_t {
  links,    ///< namespaces; the calling process and what it starts are on the machine in their middle
  loopback, ///< no links to cut
};

/// How packets can be dropped here.
enum class loss_by : std::uint8_t { none, netem, nftables };

/// Machines are numbered from 1.
class machines {
public:
  /// Moves the calling thread, and the threads and processes it makes from now on, into a network of its own,
  /// with links to `count` others, all of which end with the process. Throws std::runtime_error where the
  /// system does not permit it; the process then is of no more use for tests of networks.
  static machines linked(int count);

  static machines on_loopback();

  /// Whether linked() would work, tried in a process of its own.
  static bool links_permitted();

  wiring how() const noexcept { return how_; }
  loss_by losing() const noexcept { return losing_; }

  /// Where those on other machines reach what listens on the middle one.
  std::string middle() const;
  std::string address(int machine) const;

  /// The program and its arguments as a command line for `env` that runs them on that machine.
  std::vector<std::string> command(int machine, std::vector<std::string> program) const;

  /// Of a machine with a link.
  void cut(int machine) const;
  void heal(int machine) const;

  /// From now on so many percent of packets between the middle and every other, each way, are lost.
  void lose(int percent) const;
  void lose_nothing() const;

private:
  machines(wiring how, int count)
    : how_{how}
    , count_{count} {}

  void link(int machine) const;
  loss_by find_loss() const;

  wiring how_;
  int count_;
  loss_by losing_ = loss_by::none;
};

} // namespace guardrails::test
