#include "services/control/partition_host.hpp"

#include <algorithm>
#include <utility>

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{500};
constexpr milliseconds longest_pause{30'000};
/// Whoever was succeeded takes over again only if nobody tells it to stop.
constexpr milliseconds pause_when_succeeded{5'000};

OutsideInput input_of(const Command& command) {
  return std::visit([](const auto& input) -> OutsideInput { return input; },
                    command.input);
}

}  // namespace

PartitionHost::PartitionHost(HostOptions options, HostParts parts,
                             HostCalls calls)
    : options_(std::move(options)), parts_(parts), calls_(std::move(calls)) {}

PartitionHost::~PartitionHost() { stop(); }

void PartitionHost::start(std::unique_ptr<EventLog> log) {
  log_ = std::move(log);
  thread_ = std::thread([this] { run(); });
}

void PartitionHost::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void PartitionHost::run() {
  milliseconds pause = first_pause;
  while (true) {
    const auto recovered = recover();
    if (recovered) {
      pause = first_pause;
      serve();
    } else {
      enter(Phase::failed, recovered.error().message);
      const std::lock_guard lock(mutex_);
      ended_by_ = recovered.error().code;
    }
    close();
    std::unique_lock lock(mutex_);
    const bool succeeded =
        std::exchange(ended_by_, {}) == ErrorCode::already_held;
    const auto wait = succeeded ? std::max(pause, pause_when_succeeded) : pause;
    if (changed_.wait_for(lock, wait, [this] { return stopping_; })) return;
    pause = std::min(2 * pause, longest_pause);
  }
}

Result<void> PartitionHost::recover() {
  const auto began = std::chrono::steady_clock::now();
  if (!log_) {
    auto opened = calls_.open_log();
    if (!opened) return opened.error();
    const std::unique_lock lock(partition_mutex_);
    log_ = std::move(opened).value();
  }
  enter(Phase::recovering, "reading the log");
  const auto end = log_->end();
  if (!end) return end.error();
  const std::uint64_t last = end.value() - 1;
  const std::uint32_t number = options_.partition;
  parts_.follower.reach(number, last);
  PartitionEvents heard;
  heard.committed = [this, number](std::uint64_t sequence) {
    parts_.follower.reach(number, sequence);
    const std::lock_guard lock(mutex_);
    durable_ = sequence;
  };
  heard.failed = [this](const Error& error) {
    const std::lock_guard lock(mutex_);
    log_failure_ = error;
    changed_.notify_all();
  };
  heard.refused = calls_.stream_stopped;
  World world = parts_.surroundings.world();
  auto opened = Partition::open(
      parts_.runtime, *log_, parts_.codec,
      {world.clock, parts_.capacity ? *parts_.capacity : world.capacity,
       world.probe, world.load},
      {options_.owner, options_.max_live, &parts_.rest_codec}, heard);
  if (!opened) return opened.error();
  if (!parts_.follower.await(number, last)) {
    return parts_.follower.failure().value_or(
        Error{ErrorCode::unavailable, "stopped while reading the log"});
  }
  parts_.surroundings.recovered();
  for (const auto& one : opened.value()->stopped_streams()) {
    if (calls_.stream_stopped) calls_.stream_stopped(one.stream, one.reason);
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

bool PartitionHost::snapshots_due() const {
  return options_.snapshot_records != 0 &&
         durable_ - snapshots_at_ >= options_.snapshot_records;
}

/// Until the log fails or the host is stopped.
void PartitionHost::serve() {
  if (calls_.opened) calls_.opened(*log_);
  enter(Phase::ready, "ready");
  const milliseconds interval{options_.sweep_interval_s * 1000};
  while (true) {
    bool due = false;
    {
      std::unique_lock lock(mutex_);
      const bool over = changed_.wait_for(
          lock, interval, [this] { return stopping_ || log_failure_; });
      if (over) break;
      due = snapshots_due();
    }
    if (calls_.check_log) {
      if (auto there = calls_.check_log(*log_); !there) {
        enter(Phase::failed, there.error().message);
        return;
      }
    }
    partition_->sweep();
    if (!due) continue;
    // A cache: a failure costs time at the next start, no more.
    const auto written =
        refresh_snapshots(*log_, parts_.codec, parts_.rest_codec);
    const std::lock_guard lock(mutex_);
    snapshots_at_ = written ? written.value().sequence : durable_;
  }
  std::optional<Error> error;
  {
    const std::lock_guard lock(mutex_);
    error = std::exchange(log_failure_, std::nullopt);
    if (error) ended_by_ = error->code;
  }
  if (error) enter(Phase::failed, error->message);
}

void PartitionHost::close() {
  if (calls_.closing) calls_.closing();
  std::unique_ptr<Partition> partition;
  std::unique_ptr<EventLog> log;
  {
    const std::unique_lock lock(partition_mutex_);
    partition = std::move(partition_);
    log = std::move(log_);
  }
  partition.reset();
  // Nobody speaks of this log any more; the next one starts unblamed.
  const std::lock_guard lock(mutex_);
  log_failure_.reset();
}

void PartitionHost::enter(Phase phase, std::string message) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    // Each further attempt that fails as the one before is no news.
    if (phase == status_.phase && message == status_.message) return;
    status_ = {phase, std::move(message)};
  }
  if (calls_.changed) calls_.changed();
}

bool PartitionHost::submit(const StreamId& to, OutsideInput input,
                           Reply reply) {
  const std::shared_lock lock(partition_mutex_);
  if (!partition_) return false;
  partition_->submit(to, std::move(input), std::move(reply));
  return true;
}

bool PartitionHost::try_out(const StreamId& to, OutsideInput input,
                            Preview preview) {
  const std::shared_lock lock(partition_mutex_);
  if (!partition_) return false;
  partition_->try_out(to, std::move(input), std::move(preview));
  return true;
}

Outcome PartitionHost::execute(const Command& command, milliseconds wait) {
  auto awaited = std::make_shared<AwaitedAnswer>();
  auto holder = std::make_shared<AnswerHolder>(awaited);
  const bool taken =
      submit(StreamId::endpoint(command.endpoint), input_of(command),
             [holder](const CommandAnswer& answer) {
               holder->awaited().answer(answer, {});
             });
  holder.reset();
  if (!taken) return {Handling::not_ready, {}, {}};
  return awaited->wait(wait);
}

Outcome PartitionHost::preview(const Command& command, milliseconds wait) {
  auto awaited = std::make_shared<AwaitedAnswer>();
  auto holder = std::make_shared<AnswerHolder>(awaited);
  const bool taken =
      try_out(StreamId::endpoint(command.endpoint), input_of(command),
              [holder](const CommandAnswer& answer,
                       const std::vector<AnyEvent>& events) {
                holder->awaited().answer(answer, events);
              });
  holder.reset();
  if (!taken) return {Handling::not_ready, {}, {}};
  return awaited->wait(wait);
}

PartitionHost::Status PartitionHost::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

PartitionLoad PartitionHost::load() const {
  const std::shared_lock lock(partition_mutex_);
  return partition_ ? partition_->load() : PartitionLoad{};
}

milliseconds PartitionHost::recovery_time() const {
  const std::shared_lock lock(partition_mutex_);
  return recovery_time_;
}

}  // namespace understudy
