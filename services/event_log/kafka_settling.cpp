#include "services/event_log/kafka_settling.hpp"

#include <algorithm>
#include <string>
#include <thread>

#include "services/event_log/kafka_hanging.hpp"

namespace understudy::kafka {
namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

/// Markers are written some milliseconds after the commit; a coordinator in
/// trouble may need longer, and then nothing is wrong with the commit.
constexpr std::chrono::seconds longest_wait{10};
constexpr microseconds shortest_look{500};
constexpr microseconds longest_usual{50'000};

}  // namespace

Result<void> Settling::await(
    const KafkaSettings& settings, const std::string& topic,
    std::uint32_t partition, std::int64_t offset,
    const std::function<Result<std::uint64_t>()>& stable_end) {
  if (offset < 0) return {};
  const auto began = steady_clock::now();
  std::this_thread::sleep_for(usual_ / 2);
  while (true) {
    const auto stable = stable_end();
    if (!stable) return stable.error();
    const auto waited =
        std::chrono::duration_cast<microseconds>(steady_clock::now() - began);
    if (stable.value() > static_cast<std::uint64_t>(offset)) {
      usual_ = std::min((3 * usual_ + waited) / 4, longest_usual);
      return {};
    }
    if (waited > longest_wait) {
      return Error{
          ErrorCode::unavailable,
          topic + ' ' + std::to_string(partition) +
              ": what was committed cannot be read after 10 s: " +
              describe_hanging(settings, topic, partition, stable.value())};
    }
    std::this_thread::sleep_for(std::max(usual_ / 8, shortest_look));
  }
}

}  // namespace understudy::kafka
