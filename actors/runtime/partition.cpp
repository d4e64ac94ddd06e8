#include "actors/runtime/partition.hpp"

#include <future>
#include <optional>
#include <span>
#include <utility>

#include "actors/runtime/actors.hpp"
#include "actors/runtime/journal.hpp"
#include "actors/runtime/routes.hpp"
#include "actors/runtime/system.hpp"

namespace understudy {
namespace {

using Redo = std::vector<std::pair<std::uint64_t, Delivery>>;

/// So far it is quicker to read on than to look for a place.
constexpr std::uint64_t near_enough = 8192;

/// Reads the deliveries of `waiting` again, from one on and on as long as the
/// next is near. Returns how many it has read.
Result<std::size_t> read_deliveries(
    const EventLog& log, const RecordCodec& codec,
    std::span<const std::pair<std::uint64_t, StreamId>> waiting, Redo& redo) {
  std::size_t at = 0;
  std::optional<Error> failure;
  const auto visit = [&](const LogRecord& entry) {
    if (entry.sequence < waiting[at].first) return Visit::next;
    auto record = codec.decode(entry.bytes);
    if (!record) {
      failure = record.error();
      return Visit::stop;
    }
    for (; at < waiting.size() && waiting[at].first == entry.sequence; ++at) {
      for (auto& one : route(record.value().stream, record.value().event)) {
        if (one.to == waiting[at].second)
          redo.emplace_back(entry.sequence, std::move(one));
      }
    }
    const bool more = at < waiting.size() &&
                      waiting[at].first - entry.sequence <= near_enough;
    return more ? Visit::next : Visit::stop;
  };
  const auto read = log.read(waiting.front().first, visit);
  if (failure) return *failure;
  if (!read) return read.error();
  if (at == 0) {
    return Error{ErrorCode::corrupt, "there is no record " +
                                         std::to_string(waiting.front().first) +
                                         " any more"};
  }
  return at;
}

/// The deliveries of `waiting`, which is in the order of the log, read again
/// from it.
Result<Redo> deliveries_of(
    const EventLog& log, const RecordCodec& codec,
    const std::vector<std::pair<std::uint64_t, StreamId>>& waiting) {
  Redo redo;
  std::span<const std::pair<std::uint64_t, StreamId>> left(waiting);
  while (!left.empty()) {
    const auto done = read_deliveries(log, codec, left, redo);
    if (!done) return done.error();
    left = left.subspan(done.value());
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
  Undelivered undelivered(inside->fleet);
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
