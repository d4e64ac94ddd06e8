/// Serves the API of a small fleet on a free port, for tests that speak HTTP
/// from other programs. Prints the port and ends when its input does.

#include <iostream>
#include <string>

#include "services/api/api_server.hpp"
#include "tests/support/served_fleet.hpp"

int main() {
  using namespace understudy;
  ServedFleet fleet;
  ApiSettings settings;
  settings.listen = "127.0.0.1:0";
  const auto server =
      ApiServer::start(settings, {fleet.plane(),
                                  [] { return std::string("figures 1\n"); },
                                  &fleet.capacity(),
                                  {}});
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 1;
  }
  std::cout << server.value()->port() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
  }
  server.value()->stop();
}
