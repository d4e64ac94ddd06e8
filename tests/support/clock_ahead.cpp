// Loaded before a program's other libraries, it has the program's clock run a
// minute ahead; what waits for a length of time does not notice.

#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {
constexpr time_t ahead_s = 60;
}  // namespace

extern "C" int clock_gettime(clockid_t id, timespec* now) noexcept {
  const long done = ::syscall(SYS_clock_gettime, id, now);
  if (done == 0 && id == CLOCK_REALTIME) now->tv_sec += ahead_s;
  return static_cast<int>(done);
}

extern "C" int gettimeofday(timeval* now, void* zone) noexcept {
  const long done = ::syscall(SYS_gettimeofday, now, zone);
  if (done == 0) now->tv_sec += ahead_s;
  return static_cast<int>(done);
}
