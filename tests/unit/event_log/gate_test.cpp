#include "services/event_log/gate.hpp"

#include <atomic>
#include <cerrno>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace understudy::lmdb {
namespace {

TEST(Gate, AChangeReturnsWhatItDid) {
  Gate gate;
  EXPECT_EQ(gate.alone([] { return 7; }), 7);
  EXPECT_EQ(gate.alone([] { return 0; }), 0);
}

TEST(Gate, AThreadThatIsInsideIsToldInsteadOfWaitingForItself) {
  Gate gate;
  gate.enter();
  gate.enter();
  gate.leave();
  EXPECT_EQ(gate.alone([] { return 0; }), EDEADLK);
  gate.leave();
  EXPECT_EQ(gate.alone([] { return 0; }), 0);
}

TEST(Gate, BeingInsideOneGateDoesNotConcernAnother) {
  Gate first;
  Gate second;
  first.enter();
  EXPECT_EQ(second.alone([] { return 0; }), 0);
  first.leave();
}

TEST(Gate, NobodyIsInsideDuringAChange) {
  Gate gate;
  std::atomic<int> inside = 0;
  std::atomic<bool> together = false;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 3; ++thread) {
    threads.emplace_back([&] {
      for (int time = 0; time < 2000; ++time) {
        gate.enter();
        gate.enter();
        ++inside;
        std::this_thread::yield();
        --inside;
        gate.leave();
        gate.leave();
      }
    });
  }
  threads.emplace_back([&] {
    for (int time = 0; time < 200; ++time) {
      gate.alone([&] {
        for (int look = 0; look < 5; ++look) {
          if (inside != 0) together = true;
          std::this_thread::yield();
        }
        return 0;
      });
    }
  });
  for (auto& thread : threads)
    thread.join();
  EXPECT_FALSE(together);
}

}  // namespace
}  // namespace understudy::lmdb
