#pragma once

/// What commands that go on until they are told to end have in common.

#include <cstddef>

namespace understudy {

/// From now on SIGINT and SIGTERM end `pause_for_more` in this process and in
/// its later children, not the process. Call it before a log is opened.
void end_following_on_signals();

/// Waits 200 ms. False when a signal came or nobody reads standard output any
/// more: then the command is over, with success.
[[nodiscard]] bool pause_for_more();

/// Rows of the terminal behind standard output; 24 when it does not say.
[[nodiscard]] std::size_t terminal_rows();

}  // namespace understudy
