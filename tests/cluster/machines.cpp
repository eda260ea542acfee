// Makes namespaces and links with iproute2, which `env` finds where administrators' programs are.
#include "tests/cluster/machines.hpp"

#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace guardrails::test {

namespace {

constexpr const char* middle_address = "10.77.0.1";

std::string path_for_administrators() {
  const auto* path = std::getenv("PATH");
  return "PATH=" + std::string{path ? path : "/usr/bin:/bin"} + ":/usr/sbin:/sbin";
}

bool works(const std::string& command) {
  const auto line = "export " + path_for_administrators() + "; { " + command + "; } >/dev/null 2>&1";
  return std::system(line.c_str()) == 0;
}

void run(const std::string& command) {
  if (!works(command))
    throw std::runtime_error{"cannot run " + command};
}

std::string name_of(int machine) {
  return std::string{"n"}.append(std::to_string(machine));
}

std::string link_of(int machine) {
  return std::string{"link"}.append(std::to_string(machine));
}

std::string network_of(int machine) {
  return "10.77." + std::to_string(machine);
}

std::string inside(int machine) {
  return "ip netns exec " + name_of(machine) + ' ';
}

/// The same user inside as outside, who is root in there.
void map_user(const char* file, unsigned id) {
  std::ofstream{file} << "0 " << id << " 1\n";
}

void become_root_of(unsigned user, unsigned group) {
  std::ofstream{"/proc/self/setgroups"} << "deny";
  map_user("/proc/self/uid_map", user);
  map_user("/proc/self/gid_map", group);
}

/// A network, and a place for namespaces' names, which nobody else sees and which end with the last process
/// in them.
void leave_this_network() {
  const auto user = geteuid();
  const auto group = getegid();
  if (unshare(CLONE_NEWNET | CLONE_NEWNS | (user == 0 ? 0 : CLONE_NEWUSER)) != 0)
    throw std::runtime_error{"network namespaces are not permitted"};
  if (user != 0)
    become_root_of(user, group);
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tmpfs", "/run", "tmpfs", 0, nullptr) != 0)
    throw std::runtime_error{"mounts are not permitted"};
  run("ip link set lo up");
  run(std::string{"ip address add "} + middle_address + "/32 dev lo");
}

} // namespace

machines machines::linked(int count) {
  leave_this_network();
  machines made{wiring::links, count};
  for (int machine = 1; machine <= count; ++machine)
    made.link(machine);
  made.losing_ = made.find_loss();
  return made;
}

machines machines::on_loopback() {
  return {wiring::loopback, 0};
}

bool machines::links_permitted() {
  const auto child = fork();
  if (child == 0) {
    try {
      linked(1);
      _exit(0);
    } catch (...) {
      _exit(1);
    }
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string machines::middle() const {
  return how_ == wiring::links ? middle_address : "127.0.0.1";
}

std::string machines::address(int machine) const {
  return how_ == wiring::links ? network_of(machine) + ".1" : "127.0.0.1";
}

std::vector<std::string> machines::command(int machine, std::vector<std::string> program) const {
  std::vector<std::string> all{path_for_administrators()};
  if (how_ == wiring::links)
    all.insert(all.end(), {"ip", "netns", "exec", name_of(machine)});
  all.insert(all.end(), std::make_move_iterator(program.begin()), std::make_move_iterator(program.end()));
  return all;
}

void machines::link(int machine) const {
  const auto there = name_of(machine);
  const auto here = link_of(machine);
  run("ip netns add " + there);
  run("ip link add " + here + " type veth peer name uplink netns " + there);
  run("ip address add " + network_of(machine) + ".254/24 dev " + here);
  run("ip link set " + here + " up");
  run(inside(machine) + "ip link set lo up");
  run(inside(machine) + "ip address add " + address(machine) + "/24 dev uplink");
  run(inside(machine) + "ip link set uplink up");
  run(inside(machine) + "ip route add default via " + network_of(machine) + ".254");
}

void machines::cut(int machine) const {
  run("ip link set " + link_of(machine) + " down");
}

void machines::heal(int machine) const {
  run("ip link set " + link_of(machine) + " up");
}

/// Not every kernel has netem.
loss_by machines::find_loss() const {
  if (works("tc qdisc add dev " + link_of(1) + " root netem loss 0% && tc qdisc del dev " + link_of(1) +
            " root"))
    return loss_by::netem;
  const auto* numgen =
    "nft 'add table inet loss; add chain inet loss in { type filter hook input priority 0; }; "
    "add rule inet loss in numgen random mod 100 < 0 drop; delete table inet loss'";
  return works(numgen) ? loss_by::nftables : loss_by::none;
}

void machines::lose(int percent) const {
  const auto share = std::to_string(percent);
  for (int machine = 1; machine <= count_; ++machine) {
    if (losing_ == loss_by::netem) {
      run("tc qdisc add dev " + link_of(machine) + " root netem loss " + share + '%');
      run(inside(machine) + "tc qdisc add dev uplink root netem loss " + share + '%');
    } else if (losing_ == loss_by::nftables) {
      const auto rule =
        "nft 'add table inet loss; add chain inet loss in { type filter hook input priority 0; }; "
        "add rule inet loss in iifname != lo numgen random mod 100 < " +
        share + " drop'";
      run(inside(machine) + rule);
      if (machine == 1)
        run(rule); // the middle's is one for all links
    }
  }
}

void machines::lose_nothing() const {
  const std::string nft = "nft 'delete table inet loss'";
  for (int machine = 1; machine <= count_; ++machine) {
    if (losing_ == loss_by::netem) {
      run("tc qdisc del dev " + link_of(machine) + " root");
      run(inside(machine) + "tc qdisc del dev uplink root");
    } else if (losing_ == loss_by::nftables)
      run(inside(machine) + nft);
  }
  if (losing_ == loss_by::nftables)
    run(nft);
}

} // namespace guardrails::test
