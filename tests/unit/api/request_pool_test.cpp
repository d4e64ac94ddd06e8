#include "services/api/request_pool.hpp"

#include <array>
#include <atomic>
#include <semaphore>

#include <gtest/gtest.h>

namespace understudy {
namespace {

/// A job says in `discarded` which one it is.
RequestPool::Job job(std::size_t number) {
  auto made = std::make_unique<Connection>(Descriptor(), 1);
  made->discarded = number;
  return made;
}

struct Gates {
  std::array<std::binary_semaphore, 4> begun{
      std::binary_semaphore{0}, std::binary_semaphore{0},
      std::binary_semaphore{0}, std::binary_semaphore{0}};
  std::array<std::binary_semaphore, 4> leave{
      std::binary_semaphore{0}, std::binary_semaphore{0},
      std::binary_semaphore{0}, std::binary_semaphore{0}};
};

TEST(RequestPool, RunsSoManyAtOnceAndFollowersBeside) {
  Gates gates;
  std::atomic<bool> follow = false;
  RequestPool pool(1, 2, [&](RequestPool::Job one, RequestPool::Place& place) {
    const std::size_t number = one->discarded;
    if (follow) place.give_back();
    gates.begun[number].release();
    gates.leave[number].acquire();
  });
  follow = true;
  auto first = job(0);
  ASSERT_TRUE(pool.add(first, false));
  gates.begun[0].acquire();
  follow = false;
  auto second = job(1);
  auto third = job(2);
  ASSERT_TRUE(pool.add(second, false));
  gates.begun[1].acquire();
  ASSERT_TRUE(pool.add(third, false));
  // The third waits for the second, whatever the follower does.
  gates.leave[0].release();
  EXPECT_FALSE(gates.begun[2].try_acquire());
  gates.leave[1].release();
  gates.begun[2].acquire();
  gates.leave[2].release();
  pool.stop();
}

TEST(RequestPool, UrgentOnesPassByThoseThatWait) {
  Gates gates;
  RequestPool pool(1, 1, [&](RequestPool::Job one, RequestPool::Place&) {
    gates.begun[one->discarded].release();
    gates.leave[one->discarded].acquire();
  });
  auto slow = job(0);
  auto waiting = job(1);
  auto urgent = job(2);
  ASSERT_TRUE(pool.add(slow, false));
  gates.begun[0].acquire();
  ASSERT_TRUE(pool.add(waiting, false));
  ASSERT_TRUE(pool.add(urgent, true));
  gates.begun[2].acquire();
  EXPECT_FALSE(gates.begun[1].try_acquire());
  for (const std::size_t one : {2U, 0U, 1U})
    gates.leave[one].release();
  pool.stop();
  EXPECT_TRUE(gates.begun[1].try_acquire());
}

TEST(RequestPool, RefusesWhatWouldWaitTooLong) {
  Gates gates;
  RequestPool pool(1, 1, [&](RequestPool::Job one, RequestPool::Place&) {
    if (one->discarded != 0) return;
    gates.begun[0].release();
    gates.leave[0].acquire();
  });
  auto slow = job(0);
  ASSERT_TRUE(pool.add(slow, false));
  gates.begun[0].acquire();
  std::size_t added = 0;
  auto next = job(1);
  while (pool.add(next, false)) {
    ASSERT_LT(++added, 1000U);
    next = job(1);
  }
  EXPECT_TRUE(next) << "what is refused stays with the caller";
  EXPECT_GT(added, 1U);
  gates.leave[0].release();
  pool.stop();
  EXPECT_FALSE(pool.add(next, false));
}

}  // namespace
}  // namespace understudy
