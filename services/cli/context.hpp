#pragma once

/// What every subcommand of the command line is given.

#include <cstddef>
#include <functional>
#include <iosfwd>

#include "actors/core/result.hpp"

namespace understudy {

/// The exit codes, an interface of the program.
enum ExitCode : int {
  exit_done = 0,
  exit_refused = 1,      ///< Refused, failed, or a difference was found.
  exit_usage = 2,        ///< The command line is wrong.
  exit_unreachable = 3,  ///< No log there, or no daemon that answers.
  exit_timed_out = 124,  ///< What was waited for did not come in time.
};

/// Ownership: the streams belong to the caller. Thread safety: one thread.
struct Context {
  std::ostream& out;  ///< Results alone.
  std::ostream& err;  ///< Errors, warnings, progress.
  bool color = false;
  /// A person watches `err`: show progress on one line.
  bool progress = false;
  /// Rows of the terminal that shows `out`; null when it is no terminal, or
  /// one that cannot move its cursor.
  std::function<std::size_t()> terminal_rows = {};
  /// Waits a moment before a follower looks again; false to end. Null: a
  /// follower ends with what is there.
  std::function<bool()> pause = {};
  /// Read logs in a child process, so that a damaged file is an error.
  bool guard = true;
  int exit_code = exit_done;

  /// One line on `err`; returns the exit code that fits the error.
  int fail(const Error& error);

  /// Flushes `out`. False, with one line on `err`, when what was written did
  /// not get there; a reader that closed its pipe early is no failure.
  bool finish_output();
};

}  // namespace understudy
