/// Two processes launch the same tokens in one directory at once and are
/// killed at any moment: no instance is ever started twice, and none is lost
/// from sight.

#include <chrono>
#include <future>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/capacity/process_capacity.hpp"
#include "services/clock/wall_clock.hpp"
#include "tests/support/process_world.hpp"

namespace understudy {
namespace {

constexpr std::uint32_t tokens = 4;
constexpr std::uint32_t each = 2;
constexpr int rounds = 40;

class ProcessKillTest : public testing::Test {
 protected:
  [[nodiscard]] ProcessCatalogue catalogue() const {
    ProcessCatalogue all;
    all.termination_grace_ms = 2000;
    ProcessOffering one = test::offering(
        "small", tokens * each,
        {"sh", "-c", "echo $UNDERSTUDY_INSTANCE >>$STARTS; exec sleep 600"});
    one.environment["STARTS"] = starts();
    all.offerings.push_back(one);
    return all;
  }
  [[nodiscard]] std::string starts() const {
    return (world_.root() / "starts").string();
  }

  static LaunchCall call(int round, std::uint32_t number) {
    return {"owner",
            "e/v/p/" + std::to_string(round) + '-' + std::to_string(number),
            {"small", "local"},
            each,
            "model",
            {}};
  }

  template <class T, class Call>
  static T answer(Call&& call) {
    auto promise = std::make_shared<std::promise<T>>();
    auto future = promise->get_future();
    call([promise](T value) { promise->set_value(std::move(value)); });
    return future.get();
  }

  static LaunchAnswer launch(ProcessCapacity& provider, const LaunchCall& one) {
    return answer<LaunchAnswer>([&](auto done) { provider.launch(one, done); });
  }

  /// In a process of its own, until it is killed.
  [[nodiscard]] pid_t begin_launcher(int round) const {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    WallClock clock;
    const auto provider =
        test::open_provider(clock, catalogue(), world_.directory());
    for (;;) {
      for (std::uint32_t i = 0; i < tokens; ++i)
        launch(*provider, call(round, i));
    }
  }

  /// What is granted, again and for good.
  static std::set<std::string> settle(ProcessCapacity& provider, int round) {
    std::set<std::string> granted;
    for (std::uint32_t i = 0; i < tokens; ++i) {
      for (const ProviderInstance& one :
           launch(provider, call(round, i)).granted) {
        EXPECT_TRUE(granted.insert(one.provider_ref).second);
      }
    }
    return granted;
  }

  static std::set<std::string> list(ProcessCapacity& provider) {
    using Listed = Result<std::vector<ProviderInstance>>;
    const auto listed =
        answer<Listed>([&](auto done) { provider.list("owner", done); });
    std::set<std::string> refs;
    for (const ProviderInstance& one : listed.value())
      EXPECT_TRUE(refs.insert(one.provider_ref).second);
    return refs;
  }

  static void end_all(ProcessCapacity& provider,
                      const std::set<std::string>& refs) {
    for (const std::string& ref : refs) {
      while (answer<TerminateAnswer>([&](auto done) {
               provider.terminate(ref, {}, done);
             }) != TerminateAnswer::gone) {
      }
    }
  }

  test::ProcessWorld world_;
};

TEST_F(ProcessKillTest, No_token_starts_a_process_twice) {
  std::mt19937 chance(1);
  std::uniform_int_distribution<int> life_us(0, 40'000);
  for (int round = 0; round < rounds; ++round) {
    const pid_t one = begin_launcher(round);
    const pid_t two = begin_launcher(round);
    std::this_thread::sleep_for(std::chrono::microseconds(life_us(chance)));
    for (const pid_t pid : {one, two}) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    WallClock clock;
    const auto provider =
        test::open_provider(clock, catalogue(), world_.directory());
    const auto granted = settle(*provider, round);
    EXPECT_EQ(granted.size(), tokens * each) << "in round " << round;
    EXPECT_EQ(list(*provider), granted) << "in round " << round;
    EXPECT_EQ(world_.alive(), granted.size()) << "in round " << round;
    EXPECT_TRUE(test::eventually([&] {
      const auto text = read_text_file(starts(), 1U << 20U);
      std::map<std::string, int> seen;
      std::istringstream lines(text ? text.value() : "");
      for (std::string line; std::getline(lines, line);)
        EXPECT_EQ(++seen[line], 1) << line;
      return seen.size() == tokens * each * static_cast<unsigned>(round + 1);
    }));
    end_all(*provider, granted);
    EXPECT_EQ(world_.alive(), 0U);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace understudy
