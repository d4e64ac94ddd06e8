#include "services/control/embedded_plane.hpp"

#include <utility>

#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// After a full disk: with less it would be full again at once.
constexpr std::uint64_t room_to_go_on = std::uint64_t{1} << 20U;

}  // namespace

EmbeddedPlane::EmbeddedPlane(ControlOptions options, Surroundings& surroundings,
                             ControlEvents events)
    : options_(std::move(options)),
      surroundings_(surroundings),
      events_(std::move(events)),
      codec_(make_record_codec()),
      rest_codec_(make_rest_codec()) {}

EmbeddedPlane::~EmbeddedPlane() { stop(); }

Result<std::unique_ptr<ControlPlane>> EmbeddedPlane::open(
    ControlOptions options, Surroundings& surroundings,
    std::vector<FleetFollower::Observer> observers, ControlEvents events) {
  std::unique_ptr<EmbeddedPlane> made(
      new EmbeddedPlane(std::move(options), surroundings, std::move(events)));
  auto log = made->open_log();
  if (!log) return log.error();
  auto reader = LmdbLog::open_reader(made->options_.log_directory);
  if (!reader) return reader.error();
  made->reader_ = std::move(reader).value();
  made->tail_ = std::make_unique<SingleTail>(*made->reader_);
  observers.insert(observers.begin(),
                   [&surroundings](const Record& record, const FleetView&) {
                     surroundings.see(record);
                   });
  observers.emplace_back(
      [plane = made.get()](const Record& record, const FleetView&) {
        plane->outcomes_.see(record);
      });
  made->runtime_ =
      std::make_unique<Runtime>(Runtime::Mode::threads, made->options_.threads);
  FollowerRetry retry;
  retry.changed = [plane = made.get()](const std::optional<Error>&) {
    // While it recovers, the host says what keeps it.
    if (plane->host_->status().phase == Phase::ready) plane->tell_phase();
  };
  made->follower_ = std::make_unique<FleetFollower>(
      *made->tail_, *made->codec_, bounded_view(), std::move(observers),
      std::move(retry));
  HostCalls calls;
  calls.open_log = [plane = made.get()] { return plane->open_log(); };
  calls.check_log = [](EventLog& opened) {
    return static_cast<LmdbLog&>(opened).check_place();
  };
  calls.changed = [plane = made.get()] { plane->tell_phase(); };
  calls.stream_stopped = made->events_.stream_stopped;
  made->host_ = std::make_unique<PartitionHost>(
      made->options_.host,
      HostParts{*made->runtime_, *made->codec_, *made->rest_codec_,
                surroundings, *made->follower_},
      std::move(calls));
  made->follower_->start();
  made->host_->start(std::move(log).value());
  return std::unique_ptr<ControlPlane>(std::move(made));
}

Result<std::unique_ptr<EventLog>> EmbeddedPlane::open_log() const {
  LmdbOptions options = options_.log;
  if (reader_) {
    // Never a new log in place of one that was taken away: what it lacks
    // would be given back to the provider.
    if (auto there = reader_->check_place(); !there) return there.error();
    options.room_bytes = room_to_go_on;
  }
  auto opened = LmdbLog::open_writer(options_.log_directory, options);
  if (!opened) return opened.error();
  return std::unique_ptr<EventLog>(std::move(opened).value());
}

Result<std::vector<std::unique_ptr<EventLog>>> EmbeddedPlane::open_readers()
    const {
  auto opened = LmdbLog::open_reader(options_.log_directory);
  if (!opened) return opened.error();
  std::vector<std::unique_ptr<EventLog>> all;
  all.push_back(std::move(opened).value());
  return all;
}

void EmbeddedPlane::stop() {
  if (!host_) return;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_all();
  if (events_.phase_changed) events_.phase_changed(readiness());
  follower_->stop();
  host_->stop();
}

void EmbeddedPlane::tell_phase() {
  // Whoever waits must not miss the change between looking and waiting.
  { const std::lock_guard lock(mutex_); }
  changed_.notify_all();
  if (events_.phase_changed) events_.phase_changed(readiness());
}

Readiness EmbeddedPlane::readiness() const {
  Readiness now;
  now.seen = follower_->seen();
  now.total = follower_->wanted();
  const auto status = host_->status();
  now.phase = status.phase;
  now.message = status.message;
  const auto unread = follower_->failure();
  if (unread && now.phase == Phase::ready) {
    now.phase = Phase::failed;
    now.message = "what is shown stands still: " + unread->message;
  }
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    now.phase = Phase::stopping;
    now.message = "stopping";
  }
  return now;
}

bool EmbeddedPlane::await_ready(milliseconds wait) const {
  const auto ready = [this] { return host_->status().phase == Phase::ready; };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return stopping_ || ready(); });
  return !stopping_ && ready();
}

Outcome EmbeddedPlane::execute(const Command& command, milliseconds wait) {
  const CommandPlace place(under_way_, options_.max_commands);
  if (!place.had()) return {Handling::overloaded, {}, {}};
  return host_->execute(command, wait);
}

Outcome EmbeddedPlane::preview(const Command& command, milliseconds wait) {
  const CommandPlace place(under_way_, options_.max_commands);
  if (!place.had()) return {Handling::overloaded, {}, {}};
  return host_->preview(command, wait);
}

Instant EmbeddedPlane::now() const { return surroundings_.world().clock.now(); }

}  // namespace understudy
