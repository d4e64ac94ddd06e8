#include "services/cli/following.hpp"

#include <atomic>
#include <csignal>
#include <new>
#include <ostream>

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "services/rendering/output.hpp"

namespace understudy {
namespace {

using Flag = std::atomic<bool>;
static_assert(Flag::is_always_lock_free);

// In memory that a child shares: whoever asks a command to end names the
// process it knows, and the log is read in a child of that.
Flag* asked_to_end = nullptr;

extern "C" void ask_to_end(int) { asked_to_end->store(true); }

}  // namespace

void end_following_on_signals() {
  if (asked_to_end == nullptr) {
    void* shared = ::mmap(nullptr, sizeof(Flag), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    // Without it a signal ends the program as it ends any other.
    if (shared == MAP_FAILED) return;
    asked_to_end = new (shared) Flag(false);
  }
  std::signal(SIGINT, ask_to_end);
  std::signal(SIGTERM, ask_to_end);
}

bool pause_for_more() {
  constexpr int pause_ms = 200;
  const auto asked = [] {
    return asked_to_end != nullptr && asked_to_end->load();
  };
  if (asked()) return false;
  pollfd out{STDOUT_FILENO, 0, 0};
  if (::poll(&out, 1, pause_ms) > 0) return false;
  return !asked();
}

bool Outage::passes(const Error& error) {
  if (error.code != ErrorCode::unavailable) return false;
  if (!told_)
    err_ << "note: " << visible(error.message) << "; trying again" << std::endl;
  told_ = true;
  return true;
}

std::size_t terminal_rows() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) {
    return 24;
  }
  return size.ws_row;
}

}  // namespace understudy
