/// Commands per second over HTTP and without it, on a real log with fsync:
///   api_benchmark [COMMANDS]
/// The same commands are given to a ControlPlane by calls, and to another one
/// through its ApiServer on a loopback socket by clients that keep their
/// connections. Both in one run, so that the ratio says what HTTP costs.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/api/api_server.hpp"
#include "services/client/http_client.hpp"
#include "tests/benchmark/prompt_plane.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

/// Sends the `i`-th command to endpoint `n`.
using Send = std::function<void(int n, int i)>;

/// `senders` threads at once, each with an endpoint of its own; commands a
/// second.
double rate_of(ControlPlane& plane, int senders, int commands,
               const std::function<Send(int n)>& sender) {
  for (int n = 0; n < senders; ++n)
    (void)plane.execute(create(n, 1), long_enough);
  const int each = std::max(1, commands / senders);
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (int n = 0; n < senders; ++n) {
    threads.emplace_back([&, n] {
      const Send send = sender(n);
      for (int i = 0; i < each; ++i)
        send(n, i);
    });
  }
  for (auto& one : threads)
    one.join();
  return senders * each / seconds_since(begin);
}

std::uint32_t desired(int i) { return i % 2 == 0 ? 2 : 1; }

double by_calls(const std::string& directory, int senders, int commands) {
  PromptSurroundings surroundings;
  const auto plane = open(directory, surroundings);
  return rate_of(*plane, senders, commands, [&plane](int) {
    return [&plane](int n, int i) {
      const endpoint::ScaleVariant scale{
          "s" + std::to_string(i), "primary", desired(i), {}};
      const auto outcome =
          plane->execute({endpoint_name(n), scale}, long_enough);
      UNDERSTUDY_CHECK(outcome.handling == Handling::answered);
    };
  });
}

double by_http(const std::string& directory, int senders, int commands) {
  PromptSurroundings surroundings;
  const auto plane = open(directory, surroundings);
  ApiSettings settings;
  settings.listen = "127.0.0.1:0";
  const auto server = ApiServer::start(
      settings, {*plane, [] { return std::string(); }, nullptr, {}});
  UNDERSTUDY_CHECK(server.ok());
  ServerAccess access;
  access.address.port = server.value()->port();
  const double rate =
      rate_of(*plane, senders, commands, [&access](int) -> Send {
        const auto client = std::make_shared<HttpClient>(access);
        return [client](int n, int i) {
          const auto answer =
              client->post("/v1/commands",
                           R"({"command":"s)" + std::to_string(i) +
                               R"(","endpoint":")" + endpoint_name(n) +
                               R"(","scale":{"variant":"primary","desired":)" +
                               std::to_string(desired(i)) + "}}");
          UNDERSTUDY_CHECK(answer.status == 200);
        };
      });
  server.value()->stop();
  return rate;
}

/// The best of several rounds of each, in turns: what else the machine does
/// makes any of them slower and none faster.
int run(int commands) {
  const test::TemporaryDirectory folder;
  int logs = 0;
  const auto fresh = [&] {
    return (folder.path() / std::to_string(++logs)).string();
  };
  for (const int senders : {1, 64}) {
    double called = 0;
    double sent = 0;
    for (int round = 0; round < 3; ++round) {
      called = std::max(called, by_calls(fresh(), senders, commands));
      sent = std::max(sent, by_http(fresh(), senders, commands));
    }
    std::printf(
        "commands %3d at once: %.0f a second over HTTP, %.0f by calls, "
        "ratio %.2f\n",
        senders, sent, called, sent / called);
  }
  return 0;
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  const int commands = argc > 1 ? std::atoi(argv[1]) : 6'400;
  return understudy::run(commands);
}
