#pragma once

/// Invariants that stay on in every build.
///
/// A failed check is a bug in this program, never bad input: it prints one
/// line and aborts, so that a wrong state is not written to the log.

namespace understudy {

[[noreturn]] void check_failed(const char* condition, const char* file,
                               int line);

}  // namespace understudy

#define UNDERSTUDY_CHECK(condition)   \
  ((condition) ? static_cast<void>(0) \
               : ::understudy::check_failed(#condition, __FILE__, __LINE__))
