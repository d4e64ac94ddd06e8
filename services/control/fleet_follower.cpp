#include "services/control/fleet_follower.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "services/projection/position_number.hpp"
#include "services/rendering/event_line.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// Records taken in under one lock: readers get in between.
constexpr std::size_t chunk = 256;
constexpr milliseconds longest_wait{1'000};

}  // namespace

FleetView bounded_view() {
  FleetViewOptions options;
  options.ended_instances = 1'000;
  options.ended_operations = 1'000;
  options.deleted_endpoints = 1'000;
  return FleetView(options);
}

FleetFollower::FleetFollower(LogTail& tail, const RecordCodec& codec,
                             FleetView view, std::vector<Observer> observers,
                             FollowerRetry retry, std::uint32_t partitions)
    : tail_(tail),
      codec_(codec),
      observers_(std::move(observers)),
      retry_(std::move(retry)),
      partitions_(partitions),
      view_(std::move(view)) {}

FleetFollower::~FleetFollower() { stop(); }

void FleetFollower::start() {
  thread_ = std::thread([this] { run(); });
}

void FleetFollower::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  tail_.wake();
  feed_.close();
  if (thread_.joinable()) thread_.join();
}

void FleetFollower::reach(std::uint32_t partition, std::uint64_t sequence) {
  {
    const std::lock_guard lock(mutex_);
    auto& wanted = reached_[partition].wanted;
    wanted = std::max(wanted, sequence);
  }
  tail_.reach(partition, sequence);
}

bool FleetFollower::await(std::uint32_t partition, std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return stopping_ || failure_ || reached_[partition].seen >= sequence;
  });
  return reached_[partition].seen >= sequence;
}

bool FleetFollower::await_number(std::uint64_t number,
                                 milliseconds wait) const {
  const Position wanted = position_at(number);
  const auto there = [&] {
    const auto found = reached_.find(wanted.partition);
    return found != reached_.end() && found->second.seen >= wanted.offset;
  };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return stopping_ || there(); });
  return there();
}

std::uint64_t FleetFollower::seen() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [partition, one] : reached_)
    sum += one.seen;
  return sum;
}

std::uint64_t FleetFollower::wanted() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [partition, one] : reached_)
    sum += std::max(one.wanted, one.seen);
  return sum;
}

std::uint64_t FleetFollower::durable(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = reached_.find(partition);
  if (found == reached_.end()) return 0;
  return std::max(found->second.wanted, found->second.seen);
}

std::uint64_t FleetFollower::seen_of(std::uint32_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = reached_.find(partition);
  return found == reached_.end() ? 0 : found->second.seen;
}

std::optional<Error> FleetFollower::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void FleetFollower::run() {
  milliseconds pause = retry_.first;
  while (true) {
    wrong_.reset();
    auto read = tail_.next(chunk, longest_wait, [this](const LogRecord& entry) {
      return see(entry);
    });
    if (wrong_) read = *wrong_;
    // Not for each record: whoever waits for the end of a long log would be
    // woken a million times.
    changed_.notify_all();
    tell(read ? std::nullopt : std::optional<Error>(read.error()));
    std::unique_lock lock(mutex_);
    if (stopping_) return;
    if (read) {
      pause = retry_.first;
      continue;
    }
    if (changed_.wait_for(lock, pause, [this] { return stopping_; })) return;
    pause = std::min(2 * pause, retry_.longest);
  }
}

void FleetFollower::tell(const std::optional<Error>& failure) {
  {
    const std::lock_guard lock(mutex_);
    const std::string before = failure_ ? failure_->message : "";
    // Each further attempt that fails as the one before is no news.
    if (stopping_ || before == (failure ? failure->message : "")) return;
    failure_ = failure;
  }
  changed_.notify_all();
  if (retry_.changed) retry_.changed(failure);
}

bool FleetFollower::see(const LogRecord& entry) {
  const auto decoded = codec_.decode_into(entry.bytes, record_);
  if (decoded) {
    number_record(record_, entry.position.partition);
    show(entry, recent(entry));
  } else if (decoded.error().code != ErrorCode::too_new) {
    wrong_ = decoded.error();
    return false;
  }
  advance(entry);
  return true;
}

void FleetFollower::show(const LogRecord& entry, bool recent) {
  const std::unique_lock lock(view_mutex_);
  view_.see(record_);
  for (const auto& observer : observers_)
    observer(record_, view_);
  if (!recent) return;
  const std::uint64_t number =
      position_number(entry.position.partition, entry.sequence);
  // Positions of several partitions do not come in the order of their numbers.
  feed_.add({partitions_ == 1 ? number : ++arrivals_,
             std::string(record_.stream.endpoint_name()),
             std::string(event_name(record_.event)),
             json_text(cloud_event(record_)), number});
}

bool FleetFollower::recent(const LogRecord& entry) const {
  const std::lock_guard lock(mutex_);
  const auto found = reached_.find(entry.position.partition);
  return found == reached_.end() ||
         entry.sequence + EventFeed::kept > found->second.wanted;
}

void FleetFollower::advance(const LogRecord& entry) {
  const std::lock_guard lock(mutex_);
  reached_[entry.position.partition].seen = entry.sequence;
}

}  // namespace understudy
