#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include <unistd.h>

#include "services/cli/following.hpp"
#include "services/cli/program.hpp"

namespace {

bool plain() {
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return (no_color != nullptr && *no_color != '\0') ||
         (term != nullptr && std::string_view(term) == "dumb");
}

}  // namespace

int main(int argc, char** argv) {
  // A reader that closes the pipe early ends the output, not the program.
  std::signal(SIGPIPE, SIG_IGN);
  // A file that may grow no more is an error of the log, not an end.
  std::signal(SIGXFSZ, SIG_IGN);
  std::ios::sync_with_stdio(false);
  understudy::Context context{std::cout, std::cerr};
  context.color = isatty(STDOUT_FILENO) != 0 && !plain();
  const char* term = std::getenv("TERM");
  const bool moves = term != nullptr && std::string_view(term) != "dumb";
  if (isatty(STDOUT_FILENO) != 0 && moves) {
    context.terminal_rows = understudy::terminal_rows;
  }
  context.pause = understudy::pause_for_more;
  context.progress = isatty(STDERR_FILENO) != 0;
  return understudy::run_program(argc, argv, context);
}
