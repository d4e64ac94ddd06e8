#pragma once

/// Runs work that may crash on damaged files in a process of its own.
///
/// A mapped file with bad pages ends whoever reads it with SIGBUS, SIGSEGV or
/// an abort inside LMDB. In a child that is only an error.
/// Thread safety: call it before other threads start, or from a process that
/// has only one: the child has the calling thread alone. The work must open
/// its logs itself; what it changes in memory stays in the child.

#include <functional>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"

namespace understudy {

/// Runs `work` in a child and returns its answer; `what` names its subject
/// in errors ("log DIR"). Output of the child goes where this process's goes
/// and is flushed. Errors: those of `work`; `corrupt` when the child crashed;
/// `unavailable` when there can be no child or it was killed.
[[nodiscard]] Result<std::string> run_guarded(
    std::string_view what, const std::function<Result<std::string>()>& work);

/// The same for work that only succeeds or fails.
[[nodiscard]] Result<void> check_guarded(
    std::string_view what, const std::function<Result<void>()>& work);

/// True in such a child, where a crash is an answer and need not be reported.
[[nodiscard]] bool is_guarded();

}  // namespace understudy
