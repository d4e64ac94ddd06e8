#pragma once

/// The CAF actors of one partition: the journal, the committer that writes
/// its batches, and one event-sourced shell for every stream at work. Bodies
/// are wiring; what they do stands in Journal and in the deciders.
///
/// All messages are in messages.hpp.

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "actors/runtime/journal.hpp"
#include "actors/runtime/partition.hpp"

namespace understudy {

/// How anything outside reaches the journal; shut when it ends, so that late
/// callbacks go nowhere.
class Gate {
 public:
  void open(caf::actor journal);
  void shut();
  void send(Submit message);
  void send(Listed message);
  void send(ProviderNotice message);
  void send(Tick message);
  void send(Flush message);

  /// The journal took an input that was sent; `live` actors exist now.
  void taken(std::size_t live);
  [[nodiscard]] PartitionLoad load() const { return {waiting_, live_}; }

 private:
  template <class Message>
  void deliver(Message message);

  std::mutex mutex_;
  caf::actor journal_;
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<std::size_t> live_ = 0;
};

class JournalActor;

class ActorSide {
 public:
  using Redo = std::vector<std::pair<std::uint64_t, Delivery>>;

  ActorSide(caf::actor_system& system, Runtime::Mode mode, EventLog& log,
            const RecordCodec& codec, World world,
            const PartitionOptions& options, const PartitionEvents& events,
            Fleet& fleet, Redo redo);
  ~ActorSide();
  ActorSide(const ActorSide&) = delete;
  ActorSide& operator=(const ActorSide&) = delete;

  void submit(Submit message) { gate_->send(std::move(message)); }
  void sweep();
  [[nodiscard]] PartitionLoad load() const { return gate_->load(); }

  /// Stepped only.
  [[nodiscard]] bool needs_flush() const { return !journal_->idle(); }
  void flush() { gate_->send(Flush{}); }
  /// After `stop`.
  [[nodiscard]] bool failed() const { return journal_->failed(); }

  /// Returns when every actor is at rest. `drain` runs messages when the
  /// runtime is stepped.
  void stop(const std::function<void()>& drain);

 private:
  JournalLinks links(JournalActor& wiring, const PartitionEvents& events);
  void set_timer(Instant at);

  Runtime::Mode mode_;
  Clock& clock_;
  std::shared_ptr<Gate> gate_;
  Effects effects_;
  std::unique_ptr<Journal> journal_;
  caf::actor journal_actor_;
  Clock::TimerId timer_ = 0;
};

}  // namespace understudy
