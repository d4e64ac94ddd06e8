/// The process provider with real processes, beyond the contract.

#include "services/capacity/process_capacity.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "services/clock/wall_clock.hpp"
#include "tests/support/process_world.hpp"

namespace understudy {
namespace {

using testing::HasSubstr;

class ProcessCapacityTest : public testing::Test {
 protected:
  using Listed = Result<std::vector<ProviderInstance>>;

  void offer(const std::string& type, std::vector<std::string> command,
             std::uint32_t capacity = 4) {
    catalogue_.offerings.push_back(
        test::offering(type, capacity, std::move(command)));
  }

  std::unique_ptr<ProcessCapacity> open() {
    auto provider = test::open_provider(clock_, catalogue_, world_.directory());
    provider->on_notice([this](ProviderNotice one) {
      const std::lock_guard lock(mutex_);
      notices_.push_back(std::move(one));
    });
    return provider;
  }

  [[nodiscard]] std::vector<ProviderNotice> notices() {
    const std::lock_guard lock(mutex_);
    return notices_;
  }

  static LaunchAnswer launch(ProcessCapacity& provider,
                             const std::string& token, const std::string& type,
                             std::uint32_t count = 1) {
    LaunchCall call;
    call.owner = "owner";
    call.token = token;
    call.offering = {type, "local"};
    call.count = count;
    std::promise<LaunchAnswer> answer;
    provider.launch(call, [&](LaunchAnswer one) { answer.set_value(one); });
    return answer.get_future().get();
  }

  static std::vector<ProviderInstance> list(ProcessCapacity& provider) {
    std::promise<Listed> answer;
    provider.list("owner", [&](Listed one) { answer.set_value(one); });
    return answer.get_future().get().value();
  }

  static void end(ProcessCapacity& provider, const std::string& ref) {
    for (TerminateAnswer last = TerminateAnswer::ending;
         last != TerminateAnswer::gone;) {
      std::promise<TerminateAnswer> answer;
      provider.terminate(ref, {},
                         [&](TerminateAnswer one) { answer.set_value(one); });
      last = answer.get_future().get();
    }
  }

  test::ProcessWorld world_;
  WallClock clock_;
  ProcessCatalogue catalogue_;
  std::mutex mutex_;
  std::vector<ProviderNotice> notices_;
};

TEST_F(ProcessCapacityTest, An_end_by_itself_is_told_with_its_last_lines) {
  offer("brief", {"sh", "-c", "echo one; echo two >&2; exit 7"});
  const auto provider = open();
  const auto answer = launch(*provider, "e/v/p/1-1", "brief");
  ASSERT_EQ(answer.granted.size(), 1U);
  ASSERT_TRUE(test::eventually([&] { return notices().size() == 1; }));
  const ProviderNotice notice = notices()[0];
  EXPECT_TRUE(notice.gone);
  EXPECT_EQ(notice.provider_ref, answer.granted[0].provider_ref);
  EXPECT_EQ(notice.token, "e/v/p/1-1");
  EXPECT_THAT(notice.detail, HasSubstr("exit status 7"));
  EXPECT_THAT(notice.detail, HasSubstr("one | two"));
  EXPECT_EQ(provider->how_it_ended(notice.provider_ref), notice.detail);
  EXPECT_TRUE(list(*provider).empty());
}

TEST_F(ProcessCapacityTest, A_failed_start_is_asked_about_before_its_notice) {
  offer("brief", {"sh", "-c", "exit 7"});
  const auto provider = open();
  std::promise<bool> noticed;
  provider->on_end([&](const std::string&, const std::string&) {
    noticed.set_value(!notices().empty());
    return EndSeen::starting;
  });
  launch(*provider, "e/v/p/1-1", "brief");
  EXPECT_FALSE(noticed.get_future().get());
  EXPECT_TRUE(test::eventually([&] { return notices().size() == 1; }));
  provider->on_end({});
}

TEST_F(ProcessCapacityTest, What_its_leader_leaves_behind_is_ended) {
  offer("leader", {"sh", "-c", "sleep 600 & echo $! >child; exit 0"});
  const auto provider = open();
  launch(*provider, "e/v/p/1-1", "leader");
  ASSERT_TRUE(test::eventually([&] { return notices().size() == 1; }));
  const auto all = world_.processes();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(test::eventually([&] {
    for (const auto& one : marked_members(
             all[0].pid, "UNDERSTUDY_INSTANCE=" + notices()[0].provider_ref)) {
      (void)one;
      return false;
    }
    return true;
  }));
}

TEST_F(ProcessCapacityTest, One_that_ignores_TERM_is_killed_after_the_grace) {
  catalogue_.termination_grace_ms = 50;
  offer("stubborn",
        {"sh", "-c", "trap '' TERM; echo up; while :; do sleep 1; done"});
  const auto provider = open();
  const auto answer = launch(*provider, "e/v/p/1-1", "stubborn");
  ASSERT_TRUE(test::eventually([&] {
    const auto text =
        provider->output(answer.granted[0].provider_ref, {0, false}, 100);
    return text && text.value().bytes == "up\n";
  }));
  end(*provider, answer.granted[0].provider_ref);
  EXPECT_EQ(world_.alive(), 0U);
  EXPECT_TRUE(notices().empty()) << "whoever asked for it knows";
}

TEST_F(ProcessCapacityTest, A_later_provider_adopts_what_runs) {
  offer("small", {"sleep", "600"});
  auto first = open();
  const auto answer = launch(*first, "e/v/p/1-1", "small", 2);
  first.reset();
  EXPECT_EQ(world_.alive(), 2U);
  const auto second = open();
  EXPECT_EQ(list(*second).size(), 2U);
  EXPECT_EQ(launch(*second, "e/v/p/1-1", "small", 2).granted.size(), 2U);
  EXPECT_EQ(world_.alive(), 2U);
  ::kill(world_.processes()[0].pid, SIGKILL);
  ASSERT_TRUE(test::eventually([&] { return notices().size() == 1; }));
  EXPECT_EQ(list(*second).size(), 1U);
  for (const auto& one : answer.granted)
    end(*second, one.provider_ref);
  EXPECT_EQ(world_.alive(), 0U);
}

TEST_F(ProcessCapacityTest, Two_providers_share_what_there_is) {
  offer("small", {"sleep", "600"}, 3);
  const auto one = open();
  const auto two = open();
  const auto first = launch(*one, "e/v/p/1-1", "small", 2);
  const auto second = launch(*two, "e/v/p/2-1", "small", 2);
  EXPECT_EQ(first.granted.size(), 2U);
  EXPECT_EQ(second.granted.size(), 1U);
  EXPECT_EQ(second.kind, RefusalKind::capacity);
  std::set<std::string> addresses;
  for (const auto& instance : list(*one))
    EXPECT_TRUE(addresses.insert(instance.address).second);
  EXPECT_EQ(addresses.size(), 3U);
  ASSERT_TRUE(
      two->change_offering({{"small", "local"}, CapacityAction::close, 1, 0}));
  end(*two, first.granted[0].provider_ref);
  const auto refused = launch(*one, "e/v/p/3-1", "small");
  EXPECT_EQ(refused.code, "OFFERING_CLOSED");
  EXPECT_TRUE(one->offering_states().value()[0].closed);
  EXPECT_EQ(one->offering_states().value()[0].held, 2U);
  ASSERT_TRUE(
      one->change_offering({{"small", "local"}, CapacityAction::open, 1, 0}));
  EXPECT_EQ(launch(*two, "e/v/p/4-1", "small").granted.size(), 1U);
  for (const auto& instance : list(*one))
    end(*one, instance.provider_ref);
  EXPECT_TRUE(notices().empty());
}

TEST_F(ProcessCapacityTest, What_is_closed_is_not_open_when_it_cannot_be_read) {
  offer("small", {"sleep", "600"});
  const auto provider = open();
  ASSERT_TRUE(provider->change_offering(
      {{"small", "local"}, CapacityAction::close, 1, 0}));
  const std::filesystem::path file = world_.directory() + "/closed";
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_FALSE(provider->offering_states());
  const auto answer = launch(*provider, "e/v/p/1-1", "small");
  EXPECT_EQ(answer.granted.size(), 0U);
  EXPECT_EQ(answer.kind, RefusalKind::throttled);
  EXPECT_THAT(answer.message, HasSubstr("/closed"));
  EXPECT_FALSE(provider->change_offering(
      {{"small", "local"}, CapacityAction::open, 1, 0}));
}

TEST_F(ProcessCapacityTest, Ports_that_are_taken_are_not_given_out) {
  offer("small", {"sleep", "600"});
  catalogue_.ports = {65001, 65002};
  const auto provider = open();
  const auto answer = launch(*provider, "e/v/p/1-1", "small", 3);
  EXPECT_LE(answer.granted.size(), 2U);
  EXPECT_EQ(answer.code, "NO_FREE_PORT");
  EXPECT_EQ(answer.kind, RefusalKind::capacity);
  for (const auto& one : answer.granted)
    end(*provider, one.provider_ref);
}

TEST_F(ProcessCapacityTest, What_cannot_be_operated_says_so) {
  offer("small", {"sleep", "600"});
  const auto provider = open();
  EXPECT_EQ(
      provider
          ->change_offering({{"none", "local"}, CapacityAction::close, 1, 0})
          .error()
          .code,
      ErrorCode::not_found);
  EXPECT_EQ(
      provider
          ->change_offering({{"small", "local"}, CapacityAction::quota, 1, 0})
          .error()
          .code,
      ErrorCode::invalid_input);
}

TEST_F(ProcessCapacityTest, A_program_that_is_none_is_infeasible) {
  offer("folder", {"sleep", "600"});
  catalogue_.offerings[0].working_directory = "/no/such/folder";
  offer("wrong", {(world_.root() / "wrong").string()});
  std::ofstream(world_.root() / "wrong") << "\x7f"
                                         << "ELF but no more";
  std::filesystem::permissions(world_.root() / "wrong",
                               std::filesystem::perms::owner_all);
  const auto provider = open();
  for (const char* type : {"folder", "wrong"}) {
    const auto answer = launch(*provider, "e/v/p/1-1", type, 2);
    EXPECT_EQ(answer.kind, RefusalKind::infeasible) << type;
    EXPECT_EQ(answer.refused, 2U) << type;
  }
  EXPECT_TRUE(list(*provider).empty());
}

TEST_F(ProcessCapacityTest, Output_is_read_on_and_from_its_end) {
  offer("writer", {"sh", "-c", "printf 'a\\nb\\nc\\n'; exec sleep 600"});
  const auto provider = open();
  const auto answer = launch(*provider, "e/v/p/1-1", "writer");
  const std::string ref = answer.granted.at(0).provider_ref;
  ASSERT_TRUE(test::eventually([&] {
    const auto all = provider->output(ref, {0, false}, 100);
    return all && all.value().bytes == "a\nb\nc\n";
  }));
  const auto tail = provider->output(ref, {2, true}, 100).value();
  EXPECT_EQ(tail.bytes, "b\nc\n");
  EXPECT_FALSE(tail.gone);
  EXPECT_EQ(provider->output(ref, {tail.next, false}, 100).value().bytes, "");
  EXPECT_EQ(provider->output(ref, {1000, false}, 100).value().bytes,
            "a\nb\nc\n");
  EXPECT_FALSE(provider->output("process:0", {0, false}, 100));
  end(*provider, ref);
  EXPECT_TRUE(provider->output(ref, {0, false}, 100).value().gone);
}

}  // namespace
}  // namespace understudy
