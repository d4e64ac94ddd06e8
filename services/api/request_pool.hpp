#pragma once

/// The threads that answer requests.
///
/// Requests and followers do not take each other's threads. A request begins
/// as an ordinary one, of which so many run at once and the rest wait in the
/// order they came. One that turns into a follower gives that place back and
/// goes on with a thread of its own; followers are bounded elsewhere. So
/// there are never more threads than both bounds together, requests run
/// whatever the followers do, and the other way round.
///
/// Thread safety: all calls from any thread, except `stop`.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "services/api/connection.hpp"

namespace understudy {

class RequestPool {
 public:
  /// A request under way: its place among the ordinary ones.
  class Place {
   public:
    explicit Place(RequestPool& pool) : pool_(&pool) {}
    ~Place() { give_back(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    void give_back();

   private:
    RequestPool* pool_;
  };
  using Job = std::unique_ptr<Connection>;
  using Work = std::function<void(Job, Place&)>;

  RequestPool(std::size_t requests, std::size_t threads, Work work);
  ~RequestPool() { stop(); }

  /// An urgent job is one that takes no time: it passes by those that wait,
  /// so that a busy daemon can say that it lives. False, and `job` stays, when
  /// so many wait that it would be old before it ran.
  bool add(Job& job, bool urgent);
  /// Runs what waits, and ends when all is done.
  void stop();

 private:
  void run();
  /// With the mutex held: where the job that may run now waits, or null.
  std::deque<Job>* next();
  /// With the mutex held: a thread for the first who waits, if he may run.
  void wake();

  const std::size_t requests_;
  const std::size_t most_threads_;
  const Work work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> urgent_;
  std::deque<Job> waiting_;
  std::size_t running_ = 0;  ///< Ordinary ones.
  std::size_t idle_ = 0;     ///< Threads.
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace understudy
