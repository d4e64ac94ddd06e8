#include "services/control/held_back.hpp"

#include <algorithm>

#include "services/event_log/kafka_hanging.hpp"

namespace understudy {
namespace {

using std::chrono::steady_clock;

/// A transaction of ours ends sooner, or its time-out ends it.
constexpr std::chrono::seconds patience{20};

}  // namespace

Result<std::unique_ptr<HeldBack>> HeldBack::make(
    const KafkaSettings& settings, const kafka::OffsetAsker& settled) {
  std::unique_ptr<HeldBack> made(new HeldBack(settings, settled));
  auto all =
      kafka::OffsetAsker::make(settings, kafka::Isolation::read_uncommitted);
  if (!all) return all.error();
  made->all_ = std::move(all).value();
  return made;
}

HeldBack::Finding HeldBack::look(const std::vector<std::uint32_t>& partitions) {
  std::map<Place, Held> held;
  for (const std::uint32_t one : partitions) {
    for (const char* kind : {"journal", "commands"})
      look_at({settings_.topic(kind), one}, held);
  }
  // What is nobody's business here any more is forgotten.
  held_ = std::move(held);
  Finding finding;
  const auto now = steady_clock::now();
  for (const auto& [place, one] : held_) {
    if (finding.line.empty()) finding.line = one.line;
    finding.longest = std::max(
        finding.longest,
        std::chrono::duration_cast<std::chrono::seconds>(now - one.since));
  }
  return finding;
}

void HeldBack::look_at(const Place& place, std::map<Place, Held>& held) const {
  const auto& [topic, partition] = place;
  const auto stable = settled_.stable_end(topic, partition);
  const auto all = all_->stable_end(topic, partition);
  const auto known = held_.find(place);
  if (!stable || !all) {
    if (known != held_.end()) held.insert(*known);
    return;
  }
  const std::uint64_t offset = stable.value();
  if (offset >= all.value()) return;
  const auto now = steady_clock::now();
  Held one{offset, now, {}};
  if (known != held_.end() && known->second.offset == offset)
    one = known->second;
  if (one.line.empty() && now - one.since >= patience) {
    one.line = topic + ' ' + std::to_string(partition) +
               ": every reader is held back: " +
               kafka::describe_hanging(settings_, topic, partition, offset);
  }
  held.emplace(place, std::move(one));
}

}  // namespace understudy
