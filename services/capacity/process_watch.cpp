#include "services/capacity/process_watch.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/capacity/process_command.hpp"
#include "services/capacity/process_output.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

/// Whoever started it writes down how it ended; so long that is waited for.
constexpr std::int64_t exit_patience_ms = 500;
constexpr std::size_t shown_lines = 8;
constexpr std::size_t shown_bytes = 1024;

std::string exit_text(int status) {
  if (WIFEXITED(status))
    return "ended with exit status " + std::to_string(WEXITSTATUS(status));
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return "was ended by signal " + std::to_string(WTERMSIG(status)) +
           (name == nullptr ? "" : std::string(" (") + name + ')');
  }
  return "ended";
}

Descriptor descriptor_of(pid_t pid) {
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

}  // namespace

void ProcessWatch::adopt(const ProcessInstance& instance) {
  if (watched_.contains(instance.place)) return;
  const auto identity = directory_.identity(instance.place);
  if (!identity) return;
  Watched watched;
  watched.token = instance.token;
  watched.identity = *identity;
  watched.descriptor = descriptor_of(identity->pid);
  watched.child = instance.child;
  // Asked to end by a daemon that is gone: its word still holds.
  if (directory_.has(instance.place, "ending")) {
    const auto at = parse_number(directory_.text(instance.place, "ending"),
                                 ~std::uint64_t{0} >> 1U);
    watched.kill_at =
        after_ms({static_cast<std::int64_t>(at.value_or(0))}, grace_ms_);
  }
  watched_.emplace(instance.place, std::move(watched));
}

bool ProcessWatch::terminate(const ProcessPlace& place, Instant now) {
  const auto found = watched_.find(place);
  if (found == watched_.end()) return false;
  Watched& watched = found->second;
  if (watched.kill_at == Instant::never()) {
    watched.kill_at = after_ms(now, grace_ms_);
    // A daemon that takes over goes on from here; without the mark it would
    // only give the process its time again.
    [[maybe_unused]] const auto marked =
        directory_.put(place, "ending", std::to_string(now.us));
  }
  // Also one that was asked before: it may have come to listen since.
  if (is_alive(watched.identity)) ::kill(-watched.identity.pid, SIGTERM);
  return true;
}

void ProcessWatch::reap(const ProcessPlace& place, Watched& watched) const {
  int status = 0;
  if (!watched.child ||
      ::waitpid(watched.identity.pid, &status, WNOHANG) <= 0) {
    return;
  }
  watched.child = false;
  watched.exit = exit_text(status);
  [[maybe_unused]] const auto told =
      directory_.put(place, "exit", watched.exit);
}

void ProcessWatch::see_death(const ProcessPlace& place, Watched& watched,
                             Instant now) {
  if (watched.alive) {
    // Cheaper than to ask who it is, for hundreds that live.
    pollfd ended{watched.descriptor.get(), POLLIN, 0};
    if (watched.descriptor && ::poll(&ended, 1, 0) == 0) return;
    if (is_alive(watched.identity)) return;
    watched.alive = false;
    watched.dead_since = now;
    watched.descriptor.reset();
  }
  if (watched.exit.empty()) reap(place, watched);
  if (watched.exit.empty()) watched.exit = directory_.text(place, "exit");
  if (watched.exit.empty() &&
      ms_between(watched.dead_since, now) >= exit_patience_ms) {
    watched.exit =
        "ended, with what status is not known: nobody who started "
        "it was there any more";
  }
}

bool ProcessWatch::clear(const ProcessPlace& place, Watched& watched,
                         Instant now) {
  const pid_t group = watched.identity.pid;
  const bool ending = watched.kill_at != Instant::never();
  if (watched.alive) {
    if (ending && now >= watched.kill_at) ::kill(-group, SIGKILL);
    return false;
  }
  const auto left =
      marked_members(group, process_mark(process_ref(place.key, place.index)));
  if (left.empty()) return !watched.exit.empty();
  // What its leader left behind serves nobody any more.
  if (!ending || now >= watched.kill_at) ::kill(-group, SIGKILL);
  return false;
}

ProcessEnd ProcessWatch::close(const ProcessPlace& place,
                               const Watched& watched) {
  ProcessEnd end{place, watched.token, directory_.has(place, "ending"),
                 "the process " + watched.exit};
  const std::string lines =
      last_lines(output_tail(directory_.file(place, "output"), shown_bytes * 4),
                 shown_lines, shown_bytes);
  end.detail +=
      lines.empty() ? "; it wrote nothing" : "; its last lines: " + lines;
  const auto lock = directory_.lock();
  if (lock) directory_.mark_gone(place, end.detail);
  return end;
}

std::vector<ProcessEnd> ProcessWatch::look(Instant now) {
  std::vector<ProcessEnd> gone;
  for (auto one = watched_.begin(); one != watched_.end();) {
    auto& [place, watched] = *one;
    see_death(place, watched, now);
    if (!clear(place, watched, now)) {
      ++one;
      continue;
    }
    gone.push_back(close(place, watched));
    one = watched_.erase(one);
  }
  return gone;
}

void ProcessWatch::bound_outputs() const {
  for (const auto& [place, watched] : watched_) {
    const std::string file = directory_.file(place, "output");
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (failed || size <= kept_output_bytes / 2) continue;
    // Another daemon may look after the same process.
    const auto lock = directory_.lock();
    if (lock) bound_output(file, directory_.file(place, "output.old"));
  }
}

bool ProcessWatch::busy() const {
  for (const auto& [place, watched] : watched_) {
    if (!watched.alive || !watched.descriptor ||
        watched.kill_at != Instant::never())
      return true;
  }
  return false;
}

std::vector<pollfd> ProcessWatch::descriptors() const {
  std::vector<pollfd> all;
  for (const auto& [place, watched] : watched_) {
    if (watched.descriptor)
      all.push_back({watched.descriptor.get(), POLLIN, 0});
  }
  return all;
}

}  // namespace understudy
