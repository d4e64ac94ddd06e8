#pragma once

/// What commands that go on until they are told to end have in common.

#include <cstddef>
#include <iosfwd>

#include "actors/core/result.hpp"

namespace understudy {

/// From now on SIGINT and SIGTERM end `pause_for_more` in this process and in
/// its later children, not the process. Call it before a log is opened.
void end_following_on_signals();

/// Waits 200 ms. False when a signal came or nobody reads standard output any
/// more: then the command is over, with success.
[[nodiscard]] bool pause_for_more();

/// Bears with a log that cannot be read for a while: brokers come back.
class Outage {
 public:
  explicit Outage(std::ostream& err) : err_(err) {}

  /// False for an error that does not pass by itself. Tells of a new outage,
  /// in one line.
  [[nodiscard]] bool passes(const Error& error);
  /// The log was read.
  void over() { told_ = false; }

 private:
  std::ostream& err_;
  bool told_ = false;
};

/// Rows of the terminal behind standard output; 24 when it does not say.
[[nodiscard]] std::size_t terminal_rows();

}  // namespace understudy
