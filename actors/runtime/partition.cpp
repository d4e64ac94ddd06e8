#include "actors/runtime/partition.hpp"

#include <future>
#include <optional>
#include <utility>

#include "actors/runtime/actors.hpp"
#include "actors/runtime/journal.hpp"
#include "actors/runtime/routes.hpp"
#include "actors/runtime/system.hpp"

namespace understudy {
namespace {

using Redo = std::vector<std::pair<std::uint64_t, Delivery>>;

/// The deliveries of `waiting`, read again from the log.
Result<Redo> deliveries_of(
    const EventLog& log, const RecordCodec& codec,
    const std::vector<std::pair<std::uint64_t, StreamId>>& waiting) {
  Redo redo;
  for (const auto& [sequence, to] : waiting) {
    std::optional<Error> failure;
    const auto visit = [&, to = to](const LogRecord& entry) {
      auto record = codec.decode(entry.bytes);
      if (!record) {
        failure = record.error();
        return Visit::stop;
      }
      for (auto& one : route(record.value().stream, record.value().event)) {
        if (one.to == to) redo.emplace_back(entry.sequence, std::move(one));
      }
      return Visit::stop;
    };
    const auto read = log.read(sequence, visit);
    if (failure) return *failure;
    if (!read) return read.error();
  }
  return redo;
}

}  // namespace

struct Partition::Inside {
  Inside(Runtime& r, EventLog& l, const RecordCodec& c, World w,
         PartitionOptions o, PartitionEvents e)
      : runtime(r),
        log(l),
        codec(c),
        world(w),
        options(std::move(o)),
        events(std::move(e)) {}

  Runtime& runtime;
  EventLog& log;
  const RecordCodec& codec;
  World world;
  PartitionOptions options;
  PartitionEvents events;

  Fleet fleet;
  std::vector<StoppedStream> stopped;
  std::uint64_t replayed = 0;
  Redo redo;
  std::unique_ptr<ActorSide> actors;
};

Partition::Partition(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) {}

Partition::~Partition() { stop(); }

Result<std::unique_ptr<Partition>> Partition::open(
    Runtime& runtime, EventLog& log, const RecordCodec& codec, World world,
    PartitionOptions options, PartitionEvents events) {
  auto inside = std::make_unique<Inside>(runtime, log, codec, world,
                                         std::move(options), std::move(events));
  Undelivered undelivered;
  if (inside->options.snapshots != nullptr) {
    auto restored = restore_fleet(log, codec, *inside->options.snapshots,
                                  inside->fleet, undelivered);
    if (!restored) return restored.error();
  }
  auto replayed =
      replay(log, codec, inside->fleet, {},
             [&](const Record& record) { undelivered.see(record); });
  if (!replayed) return replayed.error();
  inside->replayed = replayed.value().records;
  inside->stopped = std::move(replayed.value().stopped);
  auto redo = deliveries_of(log, codec, undelivered.list());
  if (!redo) return redo.error();
  inside->redo = std::move(redo).value();
  return std::unique_ptr<Partition>(new Partition(std::move(inside)));
}

const Fleet& Partition::fleet() const { return inside_->fleet; }

const std::vector<StoppedStream>& Partition::stopped_streams() const {
  return inside_->stopped;
}

std::uint64_t Partition::replayed() const { return inside_->replayed; }

void Partition::start() {
  UNDERSTUDY_CHECK(!inside_->actors);
  inside_->actors = std::make_unique<ActorSide>(
      inside_->runtime.system_->actors, inside_->runtime.mode(), inside_->log,
      inside_->codec, inside_->world, inside_->options, inside_->events,
      inside_->fleet, std::exchange(inside_->redo, {}));
}

void Partition::submit(StreamId to, OutsideInput input, Reply reply) {
  UNDERSTUDY_CHECK(inside_->actors);
  inside_->actors->submit({std::move(to), std::move(input), std::move(reply)});
}

void Partition::try_out(StreamId to, OutsideInput input, Preview preview) {
  UNDERSTUDY_CHECK(inside_->actors);
  inside_->actors->submit(
      {std::move(to), std::move(input), {}, std::move(preview)});
}

void Partition::sweep() {
  UNDERSTUDY_CHECK(inside_->actors);
  inside_->actors->sweep();
}

PartitionLoad Partition::load() const {
  return inside_->actors ? inside_->actors->load() : PartitionLoad{};
}

void Partition::settle() {
  UNDERSTUDY_CHECK(inside_->actors);
  UNDERSTUDY_CHECK(inside_->runtime.mode() == Runtime::Mode::stepped);
  do {
    inside_->runtime.drain();
    if (!inside_->actors->needs_flush()) return;
    inside_->actors->flush();
  } while (true);
}

void Partition::stop() {
  if (!inside_ || !inside_->actors) return;
  inside_->actors->stop([this] { inside_->runtime.drain(); });
  const bool clean = !inside_->actors->failed();
  inside_->actors.reset();
  if (clean && inside_->options.snapshots != nullptr) {
    // A cache: failing to write it costs time at the next start, no more.
    static_cast<void>(snapshot_fleet(inside_->log, *inside_->options.snapshots,
                                     inside_->fleet));
  }
}

}  // namespace understudy
