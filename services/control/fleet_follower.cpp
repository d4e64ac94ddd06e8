#include "services/control/fleet_follower.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "services/rendering/event_line.hpp"

namespace understudy {
namespace {

/// Records taken in under one lock: readers get in between.
constexpr std::size_t chunk = 256;

}  // namespace

FleetFollower::FleetFollower(const EventLog& log, const RecordCodec& codec,
                             FleetView view, std::vector<Observer> observers)
    : log_(log),
      codec_(codec),
      observers_(std::move(observers)),
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
  feed_.close();
  if (thread_.joinable()) thread_.join();
}

void FleetFollower::reach(std::uint64_t sequence) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::max(wanted_, sequence);
  }
  changed_.notify_all();
}

bool FleetFollower::await(std::uint64_t sequence) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock,
                [&] { return stopping_ || failure_ || seen_ >= sequence; });
  return seen_ >= sequence;
}

std::uint64_t FleetFollower::seen() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

std::uint64_t FleetFollower::wanted() const {
  const std::lock_guard lock(mutex_);
  return wanted_;
}

std::optional<Error> FleetFollower::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void FleetFollower::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || wanted_ > seen_; });
    if (stopping_) return;
    const std::uint64_t from = seen_ + 1;
    const std::uint64_t to = std::min(wanted_, seen_ + chunk);
    // Rendering a long history that the feed would not keep is wasted.
    const bool recent = to + EventFeed::kept > wanted_;
    lock.unlock();
    const bool good = read_on(from, to, recent);
    lock.lock();
    if (!good) return;
    seen_ = to;
    changed_.notify_all();
  }
}

bool FleetFollower::read_on(std::uint64_t from, std::uint64_t to, bool recent) {
  std::optional<Error> wrong;
  const std::unique_lock lock(view_mutex_);
  const auto read = log_.read(from, [&](const LogRecord& entry) {
    const auto decoded = codec_.decode_into(entry.bytes, record_);
    if (decoded) {
      see(entry, record_, recent);
    } else if (decoded.error().code != ErrorCode::too_new) {
      wrong = decoded.error();
      return Visit::stop;
    }
    return entry.sequence < to ? Visit::next : Visit::stop;
  });
  if (!wrong && !read) wrong = read.error();
  if (wrong) fail(*wrong);
  return !wrong;
}

void FleetFollower::see(const LogRecord& entry, const Record& record,
                        bool recent) {
  view_.see(record);
  for (const auto& observer : observers_)
    observer(record, view_);
  if (!recent) return;
  feed_.add({entry.sequence, std::string(record.stream.endpoint_name()),
             std::string(event_name(record.event)),
             json_text(cloud_event(record))});
}

void FleetFollower::fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  changed_.notify_all();
}

}  // namespace understudy
