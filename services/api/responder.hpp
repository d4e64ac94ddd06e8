#pragma once

/// Writes answers to the wire with cpp-httplib. The only place that includes
/// it, because that is slow to compile.
///
/// Requests are read elsewhere (request_reader.hpp): the library waits for a
/// slow client with a thread of its own, reads lines without a bound, and
/// enforces no length on bodies in chunks. So it is given a head that says
/// nothing but the method, and writes what follows from that.
///
/// Thread safety: all calls from any thread.

#include <chrono>
#include <functional>
#include <memory>

#include "services/api/connection.hpp"
#include "services/api/message.hpp"

namespace understudy {

class Responder {
 public:
  explicit Responder(std::chrono::milliseconds patience);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  /// Sends one answer. False when the client did not take all of it.
  bool respond(Connection& connection, const ApiAnswer& answer);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace understudy
