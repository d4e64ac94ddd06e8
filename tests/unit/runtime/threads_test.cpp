// The same runtime on threads and real time (sped up): many endpoints at
// once, stopped in the middle, recovered, finished.

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "services/clock/wall_clock.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

constexpr int endpoints = 20;
constexpr std::uint32_t speed = 5000;

StreamId endpoint_stream(int n) {
  return StreamId::endpoint("chat-" + std::to_string(n));
}

/// Follows a log as it grows and lets a test wait for what it holds.
class Tail {
 public:
  Tail(const MemoryLog& log, const RecordCodec& codec)
      : log_(log), codec_(codec) {}

  void committed() {
    const std::lock_guard lock(mutex_);
    const auto read = log_.read(next_, [this](const LogRecord& entry) {
      auto record = codec_.decode(entry.bytes);
      EXPECT_TRUE(record.ok());
      count_[std::string(event_name(record.value().event))].insert(
          std::string(record.value().stream.endpoint_name()));
      next_ = entry.sequence + 1;
      return Visit::next;
    });
    EXPECT_TRUE(read.ok());
    changed_.notify_all();
  }

  /// Until `endpoints` many have emitted such an event.
  void await(const std::string& event, std::size_t many) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_[event].size() >= many; });
  }

 private:
  const MemoryLog& log_;
  const RecordCodec& codec_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ = 1;
  std::map<std::string, std::set<std::string>> count_;
};

/// One life of a daemon: everything on threads.
class ThreadedLife {
 public:
  ThreadedLife(MemoryLog& log, Instant start)
      : codec(make_record_codec()),
        clock({start, speed}),
        capacity(clock, three_zones(), {}, 1),
        probe(clock, {}, 1),
        tail(log, *codec),
        runtime(Runtime::Mode::threads) {
    auto opened = Partition::open(
        runtime, log, *codec, {clock, capacity, probe, load}, {"understudy", 4},
        {[this](std::uint64_t) { tail.committed(); }, {}, {}});
    UNDERSTUDY_CHECK(opened.ok());
    partition = std::move(opened).value();
    capacity.restore(held_after(records_of(log, *codec)));
    tail.committed();
    partition->start();
    partition->sweep();
  }

  ~ThreadedLife() { partition->stop(); }

  std::unique_ptr<RecordCodec> codec;
  WallClock clock;
  SimulatedCapacity capacity;
  SimulatedProbe probe;
  NoLoad load;
  Tail tail;
  Runtime runtime;
  std::unique_ptr<Partition> partition;
};

TEST(Threads, many_endpoints_live_through_a_restart) {
  MemoryLog first_log;
  Instant reached;
  {
    ThreadedLife life(first_log, three_zones().start());
    for (int n = 0; n < endpoints; ++n) {
      auto spec = three_pools("chat-" + std::to_string(n), 3);
      life.partition->submit(endpoint_stream(n),
                             endpoint::CreateEndpoint{"create", spec});
    }
    life.tail.await("endpoint-in-service", 3);  // The others are under way.
    reached = life.clock.now();
  }
  const auto log = first_log.prefix(first_log.all().size());
  {
    ThreadedLife life(*log, reached);
    for (int n = 0; n < endpoints; ++n) {  // The same commands again.
      auto spec = three_pools("chat-" + std::to_string(n), 3);
      life.partition->submit(endpoint_stream(n),
                             endpoint::CreateEndpoint{"create", spec});
    }
    life.tail.await("endpoint-in-service", endpoints);
    for (int n = 0; n < endpoints; ++n) {
      life.partition->submit(endpoint_stream(n),
                             endpoint::DeleteEndpoint{"delete"});
    }
    life.tail.await("endpoint-deleted", endpoints);
    EXPECT_EQ(life.capacity.held({"gpu", "zone-c", Market::spot}), 0U);
    EXPECT_EQ(life.capacity.held({"gpu", "zone-b", Market::spot}), 0U);
  }
  const auto codec = make_record_codec();
  const auto verified = verify(*log, *codec);
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_TRUE(verified.value().ok());
  EXPECT_GT(verified.value().decisions, 20U * endpoints);

  std::size_t created = 0;
  for (const auto& record : records_of(*log, *codec)) {
    if (std::holds_alternative<endpoint::EndpointCreated>(record.event)) {
      ++created;
    }
  }
  EXPECT_EQ(created, std::size_t{endpoints});
}

TEST(Threads, commands_from_many_threads_are_each_answered_once) {
  MemoryLog log;
  ThreadedLife life(log, three_zones().start());
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, int> answers;
  std::vector<std::thread> senders;
  constexpr int per_sender = 25;
  for (int sender = 0; sender < 4; ++sender) {
    senders.emplace_back([&, sender] {
      for (int n = 0; n < per_sender; ++n) {
        const std::string id = std::to_string(sender) + "-" + std::to_string(n);
        life.partition->submit(
            endpoint_stream(n),
            endpoint::CreateEndpoint{
                id, three_pools("chat-" + std::to_string(n), 1)},
            [&, id](const CommandAnswer&) {
              const std::lock_guard lock(mutex);
              ++answers[id];
              changed.notify_all();
            });
      }
    });
  }
  for (auto& one : senders)
    one.join();
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return answers.size() == 4 * per_sender; });
  for (const auto& [id, times] : answers)
    EXPECT_EQ(times, 1) << id;
}

}  // namespace
}  // namespace understudy
