#include "services/control/kafka_plane.hpp"

#include <algorithm>
#include <utility>

#include "actors/runtime/answers.hpp"
#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"
#include "services/control/kafka_command.hpp"
#include "services/control/kafka_form.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds watch_interval{2'000};

}  // namespace

KafkaPlane::KafkaPlane(KafkaPlaneOptions options, Surroundings& surroundings,
                       ControlEvents events)
    : options_(std::move(options)),
      surroundings_(surroundings),
      events_(std::move(events)),
      codec_(make_record_codec()),
      rest_codec_(make_rest_codec()),
      dry_runs_(options_.kafka, *codec_, *rest_codec_) {}

KafkaPlane::~KafkaPlane() { stop(); }

Result<std::unique_ptr<KafkaPlane>> KafkaPlane::open(
    KafkaPlaneOptions options, Surroundings& surroundings,
    std::vector<FleetFollower::Observer> observers, ControlEvents events) {
  std::unique_ptr<KafkaPlane> made(
      new KafkaPlane(std::move(options), surroundings, std::move(events)));
  KafkaPlane& plane = *made;
  const KafkaSettings& kafka = plane.options_.kafka;
  auto tail = KafkaTail::open(
      kafka, peek_kafka_record, [&plane](std::string_view text) {
        if (const auto one = read_put_aside(text)) {
          plane.outcomes_.put_aside(
              one->endpoint, one->command,
              stopped_answer(StreamId::endpoint(one->endpoint), one->why));
        }
      });
  if (!tail) return tail.error();
  plane.tail_ = std::move(tail).value();
  plane.counted_.partitions = plane.tail_->partitions();
  auto asker = kafka::OffsetAsker::make(kafka);
  if (!asker) return asker.error();
  plane.asker_ = std::move(asker).value();
  auto held_back = HeldBack::make(kafka, *plane.asker_);
  if (!held_back) return held_back.error();
  plane.held_back_ = std::move(held_back).value();
  auto publisher = CommandPublisher::open(kafka);
  if (!publisher) return publisher.error();
  plane.publisher_ = std::move(publisher).value();
  observers.insert(observers.begin(),
                   [&surroundings](const Record& record, const FleetView&) {
                     surroundings.see(record);
                   });
  observers.emplace_back([&plane](const Record& record, const FleetView&) {
    plane.outcomes_.see(record);
  });
  plane.runtime_ =
      std::make_unique<Runtime>(Runtime::Mode::threads, plane.options_.threads);
  plane.follower_ = std::make_unique<FleetFollower>(
      *plane.tail_, *plane.codec_, bounded_view(), std::move(observers),
      FollowerRetry{}, plane.tail_->partitions());
  plane.capacity_ =
      std::make_unique<SharedCapacity>(surroundings.world().capacity);
  plane.follower_->start();
  GroupCalls calls;
  calls.gained = [&plane](const std::vector<std::uint32_t>& partitions) {
    plane.gain(partitions);
  };
  calls.taken = [&plane](const std::vector<std::uint32_t>& partitions, bool) {
    plane.give_up(partitions);
  };
  auto group = PartitionGroup::join(kafka, std::move(calls));
  if (!group) return group.error();
  {
    const std::lock_guard lock(plane.mutex_);
    plane.group_ = std::move(group).value();
  }
  plane.watcher_ = std::thread([&plane] { plane.watch(); });
  return made;
}

void KafkaPlane::gain(const std::vector<std::uint32_t>& partitions) {
  for (const std::uint32_t one : partitions) {
    HostOptions options = options_.host;
    options.partition = one;
    options.owner = partition_owner(options_.host.owner, one);
    OwnedCalls calls;
    calls.on_commit = options_.on_commit;
    calls.changed = [this] { tell_phase(); };
    calls.stream_stopped = events_.stream_stopped;
    auto made = std::make_shared<OwnedPartition>(
        options_.kafka, options, tail_->partitions(),
        HostParts{*runtime_, *codec_, *rest_codec_, surroundings_, *follower_},
        *capacity_, std::move(calls));
    made->start();
    const std::lock_guard lock(mutex_);
    owned_[one] = std::move(made);
  }
  tell_phase();
}

void KafkaPlane::give_up(const std::vector<std::uint32_t>& partitions) {
  std::vector<std::shared_ptr<OwnedPartition>> going;
  {
    const std::lock_guard lock(mutex_);
    for (const std::uint32_t one : partitions) {
      const auto found = owned_.find(one);
      if (found == owned_.end()) continue;
      found->second->add_counts(counted_);
      going.push_back(std::move(found->second));
      owned_.erase(found);
    }
  }
  for (const auto& one : going)
    one->stop();
  tell_phase();
}

std::shared_ptr<OwnedPartition> KafkaPlane::owner_of(
    const Command& command) const {
  const std::uint32_t home = home_of(command);
  const std::lock_guard lock(mutex_);
  const auto found = owned_.find(home);
  return found == owned_.end() ? nullptr : found->second;
}

KafkaPlane::Owned KafkaPlane::owned() const {
  const std::lock_guard lock(mutex_);
  return owned_;
}

void KafkaPlane::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_all();
  outcomes_.close();
  if (events_.phase_changed) events_.phase_changed(readiness());
  if (watcher_.joinable()) watcher_.join();
  if (group_) group_->leave();
  if (follower_) follower_->stop();
}

void KafkaPlane::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    look();
    dry_runs_.forget_idle();
    lock.lock();
    changed_.wait_for(lock, watch_interval, [this] { return stopping_; });
  }
}

/// Whether the cluster answers, how far the commands are behind, and whether
/// a transaction that nobody ends holds readers back.
void KafkaPlane::look() {
  std::string trouble;
  std::uint64_t lag = 0;
  std::vector<std::uint32_t> looked_at;
  const std::string commands = options_.kafka.topic("commands");
  const Owned all = owned();
  const auto there = asker_->partitions(commands);
  if (!there) trouble = there.error().message;
  for (const auto& [partition, one] : all) {
    if (!trouble.empty()) break;
    const auto end = asker_->stable_end(commands, partition);
    if (!end) {
      trouble = end.error().message;
      break;
    }
    lag += end.value() - std::min(end.value(), one->window().next());
    looked_at.push_back(partition);
  }
  HeldBack::Finding held;
  if (trouble.empty()) held = held_back_->look(looked_at);
  {
    const std::lock_guard lock(mutex_);
    counted_.reachable = there.ok();
    if (trouble.empty()) {
      counted_.lag = lag;
      counted_.held_back_s = held.longest.count();
      held_ = std::move(held.line);
    }
    unreachable_ = std::move(trouble);
  }
  tell_phase();
}

void KafkaPlane::tell_phase() {
  const Readiness now = readiness();
  bool news = false;
  {
    const std::lock_guard lock(mutex_);
    const std::string text = std::string(name_of(now.phase)) + now.message;
    news = std::exchange(told_, text) != text;
  }
  changed_.notify_all();
  if (news && events_.phase_changed) events_.phase_changed(now);
}

Readiness KafkaPlane::readiness() const {
  Readiness now;
  now.seen = follower_ ? follower_->seen() : 0;
  now.total = follower_ ? follower_->wanted() : 0;
  const Owned all = owned();
  std::string names;
  for (const auto& [partition, one] : all) {
    const auto status = one->status();
    if (status.phase != Phase::ready && now.phase != Phase::failed) {
      now.phase = status.phase;
      now.message =
          "partition " + std::to_string(partition) + ": " + status.message;
    }
    names += (names.empty() ? "" : ", ") + std::to_string(partition);
  }
  const bool waiting = now.message.empty();
  const auto unread = follower_ ? follower_->failure() : std::nullopt;
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    now.phase = Phase::stopping;
    now.message = "stopping";
  } else if (!unreachable_.empty()) {
    now.phase = Phase::failed;
    now.message = unreachable_;
  } else if (!held_.empty()) {
    now.phase = Phase::failed;
    now.message = held_;
  } else if (unread) {
    now.phase = Phase::failed;
    now.message = unread->message;
  } else if (waiting && !(group_ && group_->joined())) {
    now.message = "joining the group of daemons";
  } else if (waiting) {
    now.phase = Phase::ready;
    now.message = all.empty() ? "ready, no partition is this daemon's"
                              : "ready, partitions " + names;
  }
  return now;
}

bool KafkaPlane::await_ready(milliseconds wait) const {
  const auto late = std::chrono::steady_clock::now() + wait;
  constexpr milliseconds slice{100};
  while (readiness().phase != Phase::ready) {
    std::unique_lock lock(mutex_);
    if (stopping_ || std::chrono::steady_clock::now() > late) return false;
    changed_.wait_for(lock, slice);
  }
  return true;
}

std::uint32_t KafkaPlane::home_of(const Command& command) const {
  return home_partition(command.endpoint, tail_->partitions());
}

Outcome KafkaPlane::execute(const Command& command, milliseconds wait) {
  const CommandPlace place(under_way_, options_.max_commands);
  if (!place.had()) return {Handling::overloaded, {}, {}};
  const std::string id = std::visit(
      [](const auto& input) { return input.command; }, command.input);
  // The same id again: nobody would record anything, and nothing would come.
  auto known = outcomes_.find(command.endpoint, id);
  if (known) {
    known->answer.sequence = 0;
    return {Handling::answered, known->answer, {}};
  }
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || !unreachable_.empty()) return {};
  }
  if (const auto home = owner_of(command)) {
    const std::string why = home->stopped(command.endpoint);
    if (!why.empty()) {
      return {Handling::answered,
              stopped_answer(StreamId::endpoint(command.endpoint), why),
              {}};
    }
  }
  const CommandOutcomes::Wait waiting(outcomes_, command.endpoint, id);
  const auto sent = publisher_->publish(home_of(command), command.endpoint,
                                        kafka_command_text(command),
                                        kafka_command_headers(command));
  if (!sent) return {Handling::unknown, {}, {}};
  const auto answer = waiting.await(wait);
  if (!answer) return {Handling::unknown, {}, {}};
  return {Handling::answered, *answer, {}};
}

Outcome KafkaPlane::preview(const Command& command, milliseconds wait) {
  const CommandPlace place(under_way_, options_.max_commands);
  if (!place.had()) return {Handling::overloaded, {}, {}};
  if (const auto home = owner_of(command))
    return home->host().preview(command, wait);
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || !unreachable_.empty()) return {};
  }
  return dry_runs_.preview(home_of(command), command, now(), wait);
}

Instant KafkaPlane::now() const { return surroundings_.world().clock.now(); }

PartitionLoad KafkaPlane::load() const {
  PartitionLoad sum;
  for (const auto& [partition, one] : owned()) {
    const auto load = one->host().load();
    sum.waiting_inputs += load.waiting_inputs;
    sum.live_actors += load.live_actors;
  }
  return sum;
}

milliseconds KafkaPlane::recovery_time() const {
  milliseconds longest{0};
  for (const auto& [partition, one] : owned())
    longest = std::max(longest, one->host().recovery_time());
  return longest;
}

std::optional<KafkaFigures> KafkaPlane::kafka() const {
  const Owned all = owned();
  const std::lock_guard lock(mutex_);
  KafkaFigures now = counted_;
  now.owned = static_cast<std::uint32_t>(all.size());
  for (const auto& [partition, one] : all)
    one->add_counts(now);
  now.voided = tail_->voided();
  if (options_.more_figures) options_.more_figures(now);
  return now;
}

}  // namespace understudy
