#pragma once

/// Takes connections in and waits, on one thread, for what all of them send.
///
/// A connection costs a thread only while a whole request of it is being
/// answered: idle, slow and silent clients cost a file descriptor each, and
/// those are bounded. Each has its deadline.
///
/// Thread safety: `give_back` from any thread; the rest belongs to its owner.

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <poll.h>

#include "services/api/connection.hpp"

namespace understudy {

struct ReceptionLimits {
  std::size_t connections = 512;
  std::size_t body_bytes = 1'048'576;
  std::size_t buffered_bytes = 64 << 20;  ///< Of all together.
  std::chrono::milliseconds patience{10'000};
};

class Reception {
 public:
  using Ready = std::function<void(std::unique_ptr<Connection>)>;

  /// `ready` gets each connection that has a whole request, on the
  /// reception's thread.
  Reception(Descriptor listening, ReceptionLimits limits,
            RequestReader::Judge judge, Ready ready);
  ~Reception() { stop(); }

  void start();
  /// Takes nobody in any more and lets go of those who wait.
  void stop();

  /// A connection whose request was answered.
  void give_back(std::unique_ptr<Connection> connection);
  /// A connection that ended elsewhere.
  void forget() { --count_; }

 private:
  using Steady = Connection::Steady;
  using Waiting = std::vector<std::unique_ptr<Connection>>;

  void run();
  void take_back();
  void take_in();
  [[nodiscard]] int time_left() const;
  void serve(std::unique_ptr<Connection>& connection, short events);
  void read(std::unique_ptr<Connection>& connection);
  void advance(std::unique_ptr<Connection>& connection);
  void expire(std::unique_ptr<Connection>& connection);
  void let_go(std::unique_ptr<Connection>& connection);
  bool make_room();

  const Descriptor listening_;
  const ReceptionLimits limits_;
  const RequestReader::Judge judge_;
  const Ready ready_;
  Descriptor wake_;
  std::atomic<std::size_t> count_ = 0;
  std::atomic<bool> stopping_ = false;
  Waiting waiting_;
  std::mutex mutex_;
  Waiting returned_;  ///< Guarded by the mutex.
  std::thread thread_;
};

}  // namespace understudy
