#pragma once

/// One partition at work: its log, its journal and its actors.
///
/// The same code runs in two ways. With threads, actors run when there is
/// work, and batches are written while the next is being filled. Stepped, one
/// message at a time runs on the caller's thread, batches are written when
/// nothing else is left to do, and the same inputs at the same instants give
/// the same log, byte for byte.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/effects.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/messages.hpp"
#include "actors/runtime/replay.hpp"
#include "actors/runtime/snapshots.hpp"

namespace understudy {

/// The threads that actors run on; several partitions may share one.
class Runtime {
 public:
  enum class Mode : std::uint8_t { threads, stepped };

  explicit Runtime(Mode mode, std::size_t threads = 2);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  [[nodiscard]] Mode mode() const { return mode_; }

  /// Stepped only: runs messages until none is left.
  void drain();

 private:
  friend class Partition;
  struct System;
  Mode mode_;
  std::unique_ptr<System> system_;
};

struct PartitionOptions {
  /// Marks this control plane's instances at the provider.
  std::string owner = "understudy";
  /// Actors that may exist beside those with work under way.
  std::size_t max_live = 10'000;
  /// Recovery starts from snapshots, and `stop` writes them; null: neither.
  const RestCodec* snapshots = nullptr;
};

/// Called from the runtime's threads (stepped: from the caller's), one call
/// at a time. Any may be empty. They must not call back into the partition.
struct PartitionEvents {
  /// All records up to this sequence are durable.
  std::function<void(std::uint64_t)> committed;
  /// The log failed: nothing more will happen here.
  std::function<void(const Error&)> failed;
  /// An input for a stream that was stopped, with the reason.
  std::function<void(const StreamId&, const std::string&)> refused;
};

/// How busy a partition is.
struct PartitionLoad {
  std::size_t waiting_inputs = 0;  ///< Submitted and not yet taken.
  std::size_t live_actors = 0;
};

/// Thread safety: `submit`, `try_out`, `sweep` and `load` from any thread;
/// everything else from the thread that made it. Runtime, log, codec and world
/// must outlive it.
class Partition {
 public:
  /// Folds the log. Nothing runs yet. Errors: as `replay`.
  static Result<std::unique_ptr<Partition>> open(
      Runtime& runtime, EventLog& log, const RecordCodec& codec, World world,
      PartitionOptions options, PartitionEvents events);
  ~Partition();
  Partition(const Partition&) = delete;
  Partition& operator=(const Partition&) = delete;

  /// What was recovered. Valid until `start` and after `stop`.
  [[nodiscard]] const Fleet& fleet() const;
  [[nodiscard]] const std::vector<StoppedStream>& stopped_streams() const;
  /// Records folded by `open`, beyond what a snapshot held.
  [[nodiscard]] std::uint64_t replayed() const;

  /// Starts what is owed; inputs are taken from now on.
  void start();

  /// `reply` is called once, when the answer is durable; it may be empty.
  /// When the partition fails first, it is dropped without a call: then
  /// nobody knows whether the input was recorded. An input for a stopped
  /// stream is refused with the reason `stream-stopped`.
  void submit(StreamId to, OutsideInput input, Reply reply = {});

  /// Tells what `submit` would be answered and which events its stream would
  /// record. Nothing is changed.
  void try_out(StreamId to, OutsideInput input, Preview preview);

  /// Compares the provider's list with the log, both ways.
  void sweep();

  [[nodiscard]] PartitionLoad load() const;

  /// Stepped only: runs until everything is decided and durable.
  void settle();

  /// Finishes what is under way, sends all actors to rest and ends. No input
  /// is taken any more and no outcome waited for.
  void stop();

 private:
  struct Inside;
  explicit Partition(std::unique_ptr<Inside> inside);
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
