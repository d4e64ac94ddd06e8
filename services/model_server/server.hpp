#pragma once

/// The server: one thread, all connections, timers in place of work.
///
/// Thread safety: one thread.

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "services/event_log/descriptor.hpp"
#include "services/model_server/http_request.hpp"
#include "services/model_server/options.hpp"

namespace understudy::model_server {

class Server {
 public:
  explicit Server(const Options& options) : options_(options) {}

  /// False, with a line on standard error, when it cannot listen.
  bool listen();
  /// Serves until it is asked to end; returns the exit code.
  int run();

 private:
  using Clock = std::chrono::steady_clock;
  using Id = std::uint64_t;

  struct Connection {
    Descriptor socket;
    HttpRequestReader reader;
    std::string input;
    std::string output;
    bool busy = false;  ///< A request is answered; the next one waits.
    bool holds_slot = false;
    bool closing = false;  ///< Once what is to be sent is sent.
    bool reading = true;
    std::uint32_t tokens_left = 0;
    std::uint32_t token = 0;
    std::uint32_t token_interval_ms = 0;
  };
  using Timers = std::multimap<Clock::time_point, Id>;

  void accept();
  void read(Id id);
  void go_on(Id id);
  void answer(Id id, const HttpRequest& request);
  void answer_invocation(Id id, Connection& connection);
  void begin(Id id, Connection& connection);
  void fire(Id id);
  void finish(Id id, Connection& connection);
  void send(Connection& connection, int status, const std::string& type,
            const std::string& body);
  void flush(Id id);
  void drop(Id id);
  void watch(Id id, const Connection& connection);
  [[nodiscard]] std::string stats() const;
  [[nodiscard]] int wait_ms() const;
  void stop();

  const Options& options_;
  Descriptor listener_;
  Descriptor poll_;
  Descriptor signals_;
  std::map<Id, std::unique_ptr<Connection>> connections_;
  std::deque<Id> waiting_;  ///< For a slot.
  Timers timers_;
  Clock::time_point started_;
  Id last_ = 0;
  std::uint32_t in_flight_ = 0;
  std::uint64_t served_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t number_ = 0;
  bool stopping_ = false;
};

}  // namespace understudy::model_server
