#include "services/gateway/proxy_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "services/gateway/child.hpp"
#include "services/gateway/proxy_names.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy::gateway {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds longest_start{10'000};
constexpr milliseconds poll_interval{20};
constexpr std::uint64_t least_major = 2;
constexpr std::uint64_t least_minor = 6;

/// HAProxy's complaints without its prefixes, the first of them.
std::string first_alert(const std::string& output) {
  const auto at = output.find("[ALERT]");
  if (at == std::string::npos) return output.substr(0, output.find('\n'));
  std::string line = output.substr(at);
  line = line.substr(0, line.find('\n'));
  const auto words = line.find(" : ");
  return words == std::string::npos ? line : line.substr(words + 3);
}

bool is_haproxy(int pid) {
  std::ifstream facts("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(facts, text);
  const auto name = text.find("(haproxy");
  const auto state = text.rfind(") ");
  if (name == std::string::npos || state == std::string::npos) return false;
  // One that ended and was not collected by its parent is no process.
  return text[state + 2] != 'Z' && text[state + 2] != 'X';
}

bool is_same_file(const std::string& one, const std::string& other) {
  struct stat first {};
  struct stat second {};
  return ::stat(one.c_str(), &first) == 0 &&
         ::stat(other.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/// `2.6.12-1` of `HAProxy version 2.6.12-1+deb12u4 2026/...`.
std::string version_of(const std::string& output) {
  const std::string_view before = "version ";
  const auto at = output.find(before);
  if (at == std::string::npos) return {};
  const std::string rest = output.substr(at + before.size());
  return rest.substr(0, rest.find_first_of(" \n"));
}

bool new_enough(const std::string& version) {
  const auto dot = version.find('.');
  if (dot == std::string::npos) return false;
  const auto second = version.find_first_not_of("0123456789", dot + 1);
  const auto major = parse_number(version.substr(0, dot), UINT32_MAX);
  const auto minor =
      parse_number(version.substr(dot + 1, second - dot - 1), UINT32_MAX);
  return major && minor &&
         (*major > least_major ||
          (*major == least_major && *minor >= least_minor));
}

}  // namespace

Result<void> replace_file(const std::string& path, const std::string& text) {
  const std::string next = path + ".next";
  std::ofstream file(next, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file || std::rename(next.c_str(), path.c_str()) != 0) {
    return Error{ErrorCode::unavailable,
                 "cannot write " + path + ": " + std::strerror(errno)};
  }
  return {};
}

ProxyProcess::ProxyProcess(std::string program, const ProxyOptions& options)
    : program_(std::move(program)),
      options_(options),
      socket_(options.file(runtime_socket_file)),
      second_(options.file(master_socket_file),
              RuntimeSocket::Peer::through_master),
      master_(options.file(master_socket_file), RuntimeSocket::Peer::master) {}

Result<std::string> ProxyProcess::check_program() const {
  const auto said = run_child({program_, "-vv"});
  if (!said) {
    return Error{ErrorCode::not_found,
                 "HAProxy: " + said.error().message +
                     "; accepted: HAProxy 2.6 or newer, as Debian's package "
                     "haproxy, or haproxy.program with its path"};
  }
  const std::string& output = said.value().output;
  const std::string version = version_of(output);
  if (said.value().exit_code != 0 || !new_enough(version)) {
    return Error{ErrorCode::invalid_input,
                 "HAProxy: " + program_ + " is version " + in_quotes(version) +
                     "; accepted: 2.6 or newer"};
  }
  if (output.find("+LUA") == std::string::npos &&
      output.find("USE_LUA=1") == std::string::npos) {
    return Error{ErrorCode::invalid_input,
                 "HAProxy: " + program_ +
                     " was built without Lua; accepted: a build with it"};
  }
  return version;
}

/// Beside what a HAProxy may be running with.
Result<void> ProxyProcess::check_settings(const SlotCounts& slots) const {
  ProxyOptions beside = options_;
  beside.directory = options_.file("check");
  if (::mkdir(beside.directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error{ErrorCode::unavailable,
                 "cannot make the directory " + beside.directory};
  }
  auto taken = ProxyProcess(program_, beside).take_files(slots, {});
  std::error_code ignored;
  std::filesystem::remove_all(beside.directory, ignored);
  return taken;
}

int ProxyProcess::pid() const {
  const auto text = read_text_file(options_.file(pid_file), 64);
  if (!text) return 0;
  const std::string line = text.value().substr(0, text.value().find('\n'));
  const auto number = parse_number(line, INT32_MAX);
  if (!number || *number == 0) return 0;
  const int found = static_cast<int>(*number);
  return ::kill(found, 0) == 0 && is_haproxy(found) ? found : 0;
}

Result<void> ProxyProcess::write_files(const SlotCounts& slots,
                                       const ProxyTable& table) const {
  for (const std::string_view name : map_names) {
    const auto map = table.maps.find(std::string(name));
    auto written = replace_file(
        options_.file(name),
        map == table.maps.end() ? std::string() : map_text(map->second));
    if (!written) return written;
  }
  if (auto written =
          replace_file(options_.file(lua_file), lua_program(options_));
      !written)
    return written;
  return replace_file(options_.file(config_file),
                      haproxy_config(options_, slots, table));
}

Result<void> ProxyProcess::await(const std::string& mark) const {
  const auto until = Clock::now() + longest_start;
  std::string trouble = "it says nothing";
  while (Clock::now() < until) {
    const auto info = socket_.ask("show info");
    if (info && info.value().find(mark) != std::string::npos) return {};
    if (!info) trouble = info.error().message;
    std::this_thread::sleep_for(poll_interval);
  }
  return Error{ErrorCode::unavailable,
               "HAProxy did not come up in time: " + trouble};
}

Result<void> ProxyProcess::start(const SlotCounts& slots,
                                 const ProxyTable& table) {
  if (auto written = write_files(slots, table); !written) return written;
  return spawn(slots, 0);
}

Result<void> ProxyProcess::spawn(const SlotCounts& slots, int instead_of) {
  ::unlink(options_.file(pid_file).c_str());
  std::vector<std::string> command{
      program_,
      "-W",
      "-D",
      "-S",
      options_.file(master_socket_file) + ",level,admin,mode,600",
      "-p",
      options_.file(pid_file),
      "-f",
      options_.file(config_file)};
  if (instead_of != 0) {
    command.emplace_back("-sf");
    command.push_back(std::to_string(instead_of));
  }
  const auto begun = run_child(command, options_.file(lines_pipe_file));
  if (!begun) return begun.error();
  if (begun.value().exit_code != 0) {
    return Error{
        ErrorCode::invalid_input,
        "HAProxy does not start: " + first_alert(begun.value().output)};
  }
  return await(config_mark(options_, slots));
}

bool ProxyProcess::has_pipe(int master) const {
  return is_same_file("/proc/" + std::to_string(master) + "/fd/3",
                      options_.file(lines_pipe_file));
}

Result<void> ProxyProcess::take_files(const SlotCounts& slots,
                                      const ProxyTable& table) const {
  if (auto written = write_files(slots, table); !written) return written;
  const auto checked =
      run_child({program_, "-c", "-f", options_.file(config_file)});
  if (!checked) return checked.error();
  if (checked.value().exit_code != 0) {
    return Error{ErrorCode::invalid_input,
                 "HAProxy does not take the configuration: " +
                     first_alert(checked.value().output)};
  }
  return {};
}

Result<void> ProxyProcess::reload(const SlotCounts& slots,
                                  const ProxyTable& table) {
  if (auto taken = take_files(slots, table); !taken) return taken;
  const int master = pid();
  if (master == 0) return Error{ErrorCode::unavailable, "HAProxy is gone"};
  // The new process asks the old one for its sockets over this one, and has
  // the pipe from its master.
  if (!socket_.ask("show version") || !has_pipe(master))
    return spawn(slots, master);
  if (::kill(master, SIGUSR2) != 0)
    return Error{ErrorCode::unavailable, "HAProxy is gone"};
  return await(config_mark(options_, slots));
}

void ProxyProcess::stop(milliseconds grace) {
  const int master = pid();
  if (master == 0) return;
  ::kill(master, SIGUSR1);
  const auto until = Clock::now() + grace;
  while (is_haproxy(master) && Clock::now() < until)
    std::this_thread::sleep_for(poll_interval);
  if (!is_haproxy(master)) return;
  ::kill(master, SIGTERM);
  while (is_haproxy(master) && Clock::now() < until + longest_start)
    std::this_thread::sleep_for(poll_interval);
}

std::vector<StatRow> ProxyProcess::leaving_figures() const {
  std::vector<StatRow> rows;
  const auto processes = master_.ask("show proc");
  if (!processes) return rows;
  const std::string& text = processes.value();
  auto at = text.find("# old workers");
  if (at == std::string::npos) return rows;
  const auto end = text.find("# programs", at);
  at = text.find('\n', at);
  while (at != std::string::npos && at + 1 < end) {
    const std::string line =
        text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    const std::string number = line.substr(0, line.find(' '));
    if (parse_number(number, INT32_MAX)) {
      const auto said = master_.ask("@!" + number + " show stat -1 6 -1");
      if (said) {
        for (StatRow& row : parse_stat(said.value()))
          rows.push_back(std::move(row));
      }
    }
    at = text.find('\n', at + 1);
  }
  return rows;
}

}  // namespace understudy::gateway
