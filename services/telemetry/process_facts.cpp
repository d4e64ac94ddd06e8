#include "services/telemetry/process_facts.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace understudy::telemetry {
namespace {

/// The numbers of /proc/self/stat from its third field on: the name before
/// them may hold spaces.
std::vector<double> read_stat() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  if (!std::getline(file, line)) return {};
  const auto end = line.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream rest(line.substr(end + 1));
  std::string state;
  rest >> state;
  std::vector<double> numbers{0};
  for (double number = 0; rest >> number;)
    numbers.push_back(number);
  return numbers;
}

double now_seconds(clockid_t clock) {
  timespec at{};
  clock_gettime(clock, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) / 1e9;
}

}  // namespace

ProcessFacts read_process_facts() {
  // Places of fields in proc(5), counted from the third.
  constexpr std::size_t utime = 11;
  constexpr std::size_t stime = 12;
  constexpr std::size_t start = 19;
  constexpr std::size_t vsize = 20;
  constexpr std::size_t rss = 21;
  ProcessFacts facts;
  const auto stat = read_stat();
  if (stat.size() > rss) {
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    facts.cpu_seconds = (stat[utime] + stat[stime]) / ticks;
    facts.virtual_bytes = stat[vsize];
    facts.resident_bytes =
        stat[rss] * static_cast<double>(sysconf(_SC_PAGESIZE));
    // The time of the boot stands in /proc/stat, which a hardened unit hides.
    facts.start_time_seconds = now_seconds(CLOCK_REALTIME) -
                               now_seconds(CLOCK_BOOTTIME) +
                               stat[start] / ticks;
  }
  std::error_code wrong;
  double open = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", wrong), end;
       !wrong && it != end; it.increment(wrong))
    ++open;
  if (!wrong && open > 0) facts.open_files = open - 1;  // not the listing's
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    facts.max_files = static_cast<double>(limit.rlim_cur);
  }
  return facts;
}

}  // namespace understudy::telemetry
