#include <csignal>
#include <iostream>
#include <string>

#include "services/model_server/options.hpp"
#include "services/model_server/server.hpp"

int main(int argc, char** argv) {
  namespace server = understudy::model_server;
  int exit_code = 0;
  const auto options = server::parse_options(argc, argv, exit_code);
  if (!options) return exit_code;
  std::signal(SIGPIPE, SIG_IGN);
  if (!options->fail_start.empty()) {
    std::cerr << options->fail_start << std::endl;
    return static_cast<int>(options->exit_status);
  }
  constexpr std::size_t megabyte = 1U << 20U;
  // Written to, so that it is memory and no promise.
  const std::string memory(options->memory_mb * megabyte, 'm');
  server::Server running(*options);
  if (!running.listen()) return 1;
  const int code = running.run();
  return memory.size() == options->memory_mb * megabyte ? code : 1;
}
