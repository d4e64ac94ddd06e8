#include "services/control/control_plane.hpp"

#include <algorithm>
#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{30'000};
/// After a full disk: with less it would be full again at once.
constexpr std::uint64_t room_to_go_on = std::uint64_t{1} << 20U;

/// What the daemon shows of what is over; the log keeps everything.
FleetView bounded_view() {
  FleetViewOptions options;
  options.ended_instances = 1'000;
  options.ended_operations = 1'000;
  options.deleted_endpoints = 1'000;
  return FleetView(options);
}

/// An answer that comes from another thread, or never.
class Awaited {
 public:
  void answer(const CommandAnswer& answer, std::vector<AnyEvent> events) {
    const std::lock_guard lock(mutex_);
    outcome_.handling = Handling::answered;
    outcome_.answer = answer;
    outcome_.events = std::move(events);
    over_ = true;
    changed_.notify_all();
  }

  /// Nobody is left who could answer.
  void drop() {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }

  Outcome wait(milliseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return over_; });
    return outcome_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  Outcome outcome_{Handling::unknown, {}, {}};
};

/// Held by a reply: tells when the last copy of the reply goes.
class Holder {
 public:
  explicit Holder(std::shared_ptr<Awaited> awaited)
      : awaited_(std::move(awaited)) {}
  ~Holder() { awaited_->drop(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  [[nodiscard]] Awaited& awaited() const { return *awaited_; }

 private:
  std::shared_ptr<Awaited> awaited_;
};

/// Counts a command as under way while it lives.
class Place {
 public:
  Place(std::atomic<std::size_t>& taken, std::size_t most)
      : taken_(taken), had_(taken.fetch_add(1) < most) {}
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool had() const { return had_; }

 private:
  std::atomic<std::size_t>& taken_;
  bool had_;
};

OutsideInput input_of(const Command& command) {
  return std::visit([](const auto& input) -> OutsideInput { return input; },
                    command.input);
}

}  // namespace

ControlPlane::ControlPlane(ControlOptions options, Surroundings& surroundings,
                           ControlEvents events)
    : options_(std::move(options)),
      surroundings_(surroundings),
      events_(std::move(events)),
      codec_(make_record_codec()),
      rest_codec_(make_rest_codec()) {}

ControlPlane::~ControlPlane() { stop(); }

Result<std::unique_ptr<ControlPlane>> ControlPlane::open(
    ControlOptions options, Surroundings& surroundings,
    std::vector<FleetFollower::Observer> observers, ControlEvents events) {
  std::unique_ptr<ControlPlane> made(
      new ControlPlane(std::move(options), surroundings, std::move(events)));
  if (auto opened = made->open_log(); !opened) return opened.error();
  auto reader = LmdbLog::open_reader(made->options_.log_directory);
  if (!reader) return reader.error();
  made->reader_ = std::move(reader).value();
  observers.insert(observers.begin(),
                   [&surroundings](const Record& record, const FleetView&) {
                     surroundings.see(record);
                   });
  made->runtime_ =
      std::make_unique<Runtime>(Runtime::Mode::threads, made->options_.threads);
  made->follower_ = std::make_unique<FleetFollower>(
      *made->reader_, *made->codec_, bounded_view(), std::move(observers));
  made->follower_->start();
  made->thread_ = std::thread([plane = made.get()] { plane->run(); });
  return made;
}

Result<void> ControlPlane::open_log() {
  LmdbOptions options = options_.log;
  if (reader_) {
    // Never a new log in place of one that was taken away: what it lacks
    // would be given back to the provider.
    if (auto there = reader_->check_place(); !there) return there;
    options.room_bytes = room_to_go_on;
  }
  auto opened = LmdbLog::open_writer(options_.log_directory, options);
  if (!opened) return opened.error();
  const std::unique_lock lock(partition_mutex_);
  log_ = std::move(opened).value();
  return {};
}

void ControlPlane::stop() {
  if (!thread_.joinable()) return;
  enter(Phase::stopping, "stopping");
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  follower_->stop();
  thread_.join();
}

void ControlPlane::run() {
  milliseconds pause = first_pause;
  while (true) {
    const auto recovered = recover();
    if (recovered) {
      pause = first_pause;
      serve();
    } else {
      enter(Phase::failed, recovered.error().message);
    }
    close_partition();
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, pause, [this] { return stopping_; })) return;
    pause = std::min(2 * pause, longest_pause);
  }
}

Result<void> ControlPlane::recover() {
  const auto began = std::chrono::steady_clock::now();
  if (!log_) {
    if (auto opened = open_log(); !opened) return opened.error();
  }
  enter(Phase::recovering, "reading the log");
  const auto end = log_->end();
  if (!end) return end.error();
  const std::uint64_t last = end.value() - 1;
  follower_->reach(last);
  PartitionEvents heard;
  heard.committed = [this](std::uint64_t sequence) {
    follower_->reach(sequence);
    const std::lock_guard lock(mutex_);
    durable_ = sequence;
  };
  heard.failed = [this](const Error& error) {
    const std::lock_guard lock(mutex_);
    log_failure_ = error;
    changed_.notify_all();
  };
  heard.refused = events_.stream_stopped;
  auto opened = Partition::open(
      *runtime_, *log_, *codec_, surroundings_.world(),
      {options_.owner, options_.max_live, rest_codec_.get()}, heard);
  if (!opened) return opened.error();
  if (!follower_->await(last)) {
    return follower_->failure().value_or(
        Error{ErrorCode::unavailable, "stopped while reading the log"});
  }
  surroundings_.recovered();
  for (const auto& one : opened.value()->stopped_streams()) {
    if (events_.stream_stopped) events_.stream_stopped(one.stream, one.reason);
  }
  {
    const std::lock_guard lock(mutex_);
    durable_ = last;
    snapshots_at_ = last - opened.value()->replayed();
  }
  opened.value()->start();
  opened.value()->sweep();
  const std::unique_lock lock(partition_mutex_);
  partition_ = std::move(opened).value();
  recovery_time_ =
      std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - began);
  return {};
}

/// Until the log fails or the daemon stops.
void ControlPlane::serve() {
  enter(Phase::ready, "ready");
  const milliseconds interval{options_.sweep_interval_s * 1000};
  while (true) {
    bool full = false;
    {
      std::unique_lock lock(mutex_);
      const bool over = changed_.wait_for(
          lock, interval, [this] { return stopping_ || log_failure_; });
      if (over) break;
      full = options_.snapshot_records != 0 &&
             durable_ - snapshots_at_ >= options_.snapshot_records;
    }
    if (auto there = log_->check_place(); !there) {
      enter(Phase::failed, there.error().message);
      return;
    }
    partition_->sweep();
    if (!full) continue;
    // A cache: a failure costs time at the next start, no more.
    const auto written = refresh_snapshots(*log_, *codec_, *rest_codec_);
    const std::lock_guard lock(mutex_);
    snapshots_at_ = written ? written.value().sequence : durable_;
  }
  std::optional<Error> error;
  {
    const std::lock_guard lock(mutex_);
    error = std::exchange(log_failure_, std::nullopt);
  }
  if (error) enter(Phase::failed, error->message);
}

void ControlPlane::close_partition() {
  std::unique_ptr<Partition> partition;
  std::unique_ptr<LmdbLog> log;
  {
    const std::unique_lock lock(partition_mutex_);
    partition = std::move(partition_);
    log = std::move(log_);
  }
  partition.reset();
}

void ControlPlane::enter(Phase phase, std::string message) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    // Each further attempt that fails as the one before is no news.
    if (phase == phase_ && message == message_) return;
    phase_ = phase;
    message_ = std::move(message);
  }
  changed_.notify_all();
  if (events_.phase_changed) events_.phase_changed(readiness());
}

Readiness ControlPlane::readiness() const {
  Readiness now;
  now.seen = follower_ ? follower_->seen() : 0;
  now.total = follower_ ? follower_->wanted() : 0;
  const std::lock_guard lock(mutex_);
  now.phase = phase_;
  now.message = message_;
  return now;
}

bool ControlPlane::await_ready(milliseconds wait) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait,
                    [this] { return stopping_ || phase_ == Phase::ready; });
  return phase_ == Phase::ready;
}

Outcome ControlPlane::execute(const Command& command, milliseconds wait) {
  return hand_in(command, wait, false);
}

Outcome ControlPlane::preview(const Command& command, milliseconds wait) {
  return hand_in(command, wait, true);
}

Outcome ControlPlane::hand_in(const Command& command, milliseconds wait,
                              bool preview) {
  const Place place(under_way_, options_.max_commands);
  if (!place.had()) return {Handling::overloaded, {}, {}};
  auto awaited = std::make_shared<Awaited>();
  auto holder = std::make_shared<Holder>(awaited);
  {
    const std::shared_lock lock(partition_mutex_);
    if (!partition_) return {Handling::not_ready, {}, {}};
    const auto to = StreamId::endpoint(command.endpoint);
    if (preview) {
      partition_->try_out(to, input_of(command),
                          [holder](const CommandAnswer& answer,
                                   const std::vector<AnyEvent>& events) {
                            holder->awaited().answer(answer, events);
                          });
    } else {
      partition_->submit(to, input_of(command),
                         [holder](const CommandAnswer& answer) {
                           holder->awaited().answer(answer, {});
                         });
    }
  }
  holder.reset();
  return awaited->wait(wait);
}

Instant ControlPlane::now() const { return surroundings_.world().clock.now(); }

PartitionLoad ControlPlane::load() const {
  const std::shared_lock lock(partition_mutex_);
  return partition_ ? partition_->load() : PartitionLoad{};
}

milliseconds ControlPlane::recovery_time() const {
  const std::shared_lock lock(partition_mutex_);
  return recovery_time_;
}

}  // namespace understudy
