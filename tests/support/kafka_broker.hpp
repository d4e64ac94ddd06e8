#pragma once

/// A real Kafka for a test program, by deploy/kafka/broker: started before
/// its first test and destroyed after its last, or when the program is killed.
///
///     const auto* kafka = KafkaBroker::add({"--brokers", "3"});
///     TEST(...) { ... kafka->bootstrap() ... }
///
/// Link with `understudy_test(... WHOLE)`, or each case starts its own.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

namespace understudy {

class KafkaBroker final : public testing::Environment {
 public:
  /// GoogleTest owns what is returned.
  static KafkaBroker* add(std::vector<std::string> options = {}) {
    auto* broker = new KafkaBroker(std::move(options));
    testing::AddGlobalTestEnvironment(broker);
    return broker;
  }

  /// `HOST:PORT,...`
  [[nodiscard]] const std::string& bootstrap() const { return bootstrap_; }

  /// The file with the settings of the operator, or of a user.
  [[nodiscard]] std::string properties(const std::string& user = {}) const {
    const std::string name = user.empty() ? "client" : "user-" + user;
    return directory() + "/" + name + ".properties";
  }

  /// As if the machine of node 1, 2, ... were gone.
  void kill_node(int node) const { tell(node, SIGKILL); }
  void freeze(int node) const { tell(node, SIGSTOP); }
  void resume(int node) const { tell(node, SIGCONT); }

  /// Starts again what does not run; waits until all are ready.
  void restart() const { ASSERT_EQ(run("start", {}), 0); }

  void SetUp() override {
    std::string made =
        (std::filesystem::temp_directory_path() / "understudy-kafka-XXXXXX");
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    root_ = made;
    auto options = options_;
    options.insert(options.end(), {"--while", std::to_string(::getpid())});
    ASSERT_EQ(run("start", options), 0);
    std::ifstream(directory() + "/bootstrap") >> bootstrap_;
  }

  void TearDown() override {
    if (root_.empty()) return;
    EXPECT_EQ(run("destroy", {}), 0);
    std::filesystem::remove_all(root_);
  }

 private:
  explicit KafkaBroker(std::vector<std::string> options)
      : options_(std::move(options)) {}

  [[nodiscard]] std::string directory() const { return root_ + "/kafka"; }

  void tell(int node, int signal) const {
    pid_t pid = 0;
    std::ifstream(directory() + "/broker-" + std::to_string(node) + "/pid") >>
        pid;
    // Zero and below are whole groups of processes.
    ASSERT_GT(pid, 1) << "node " << node << " was never started";
    ::kill(pid, signal);
  }

  [[nodiscard]] int run(const std::string& verb,
                        const std::vector<std::string>& options) const {
    std::string line = UNDERSTUDY_SOURCE_DIR "/deploy/kafka/broker " + verb +
                       " '" + directory() + "'";
    for (const std::string& one : options)
      line += " '" + one + "'";
    return std::system((line + " >/dev/null").c_str());
  }

  const std::vector<std::string> options_;
  std::string root_;
  std::string bootstrap_;
};

}  // namespace understudy
