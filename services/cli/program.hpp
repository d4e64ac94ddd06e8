#pragma once

/// The program `understudy`: parses a command line and runs it.

#include "services/cli/context.hpp"

namespace understudy {

/// Returns the exit code. `arguments` as main gets them.
int run_program(int argc, const char* const* arguments, Context& context);

}  // namespace understudy
