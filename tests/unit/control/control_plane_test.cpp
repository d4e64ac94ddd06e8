// A control plane on a real log, real threads and simulated capacity.

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "services/control/embedded_plane.hpp"
#include "services/control/simulated_surroundings.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds long_enough{120'000};

class ControlPlaneTest : public ::testing::Test {
 protected:
  ControlPlaneTest() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("control-" + std::to_string(::getpid()) + test->name());
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "a.capacity")
        << "understudy-capacity 1\n"
           "start 2025-10-04T00:00:00Z\n"
           "offering 0 h100 zone-a on-demand\n"
           "offering 1 h100 zone-b on-demand\n"
           "0 0 0\n0 1 8\n"
           "end 2025-10-05T00:00:00Z\n";
  }
  ~ControlPlaneTest() override {
    plane_.reset();
    std::filesystem::remove_all(folder_);
  }

  void start(Instant last = {}) {
    auto world = SimulatedSurroundings::open(
        {folder_ / "a.capacity", "understudy", 10'000, last, {}, {}});
    ASSERT_TRUE(world.ok()) << world.error().message;
    world_ = std::move(world).value();
    ControlOptions options;
    options.log_directory = folder_ / "log";
    auto plane = EmbeddedPlane::open(options, *world_, {}, {});
    ASSERT_TRUE(plane.ok()) << plane.error().message;
    plane_ = std::move(plane).value();
    ASSERT_TRUE(plane_->await_ready(long_enough));
  }

  static Command create(const std::string& id) {
    EndpointSpec spec;
    spec.name = "chat";
    PoolSpec pool;
    pool.instance_type = "h100";
    pool.zones = {"zone-a", "zone-b"};
    spec.variants.emplace_back();
    spec.variants.front().pools.push_back(pool);
    return {"chat", endpoint::CreateEndpoint{id, spec}};
  }

  EndpointStatus status() {
    return plane_->follower().with_view([](const FleetView& view) {
      const auto* found = view.find("chat");
      return found == nullptr ? EndpointStatus::deleted
                              : found->endpoint.status;
    });
  }

  void await_in_service() {
    std::uint64_t seen = 0;
    while (status() != EndpointStatus::in_service) {
      const auto page = plane_->follower().feed().next(seen, 1, long_enough);
      ASSERT_FALSE(page.events.empty());
      seen = page.events.back()->sequence;
    }
  }

  std::filesystem::path folder_;
  std::unique_ptr<SimulatedSurroundings> world_;
  std::unique_ptr<ControlPlane> plane_;
};

TEST_F(ControlPlaneTest, a_command_is_answered_when_it_is_durable) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto outcome = plane_->execute(create("c1"), long_enough);
  ASSERT_EQ(outcome.handling, Handling::answered);
  EXPECT_TRUE(outcome.answer.accepted);
  EXPECT_GT(outcome.answer.sequence, 0U);
  const auto again = plane_->execute(create("c1"), long_enough);
  EXPECT_TRUE(again.answer.accepted);
  EXPECT_EQ(again.answer.sequence, 0U);
  const auto other = plane_->execute(create("c2"), long_enough);
  EXPECT_FALSE(other.answer.accepted);
  EXPECT_EQ(other.answer.reason, "endpoint-exists");
  await_in_service();
}

TEST_F(ControlPlaneTest, a_preview_changes_nothing) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto outcome = plane_->preview(create("c1"), long_enough);
  ASSERT_EQ(outcome.handling, Handling::answered);
  EXPECT_TRUE(outcome.answer.accepted);
  ASSERT_FALSE(outcome.events.empty());
  EXPECT_EQ(event_name(outcome.events.front()), "endpoint-created");
  EXPECT_EQ(plane_->follower().wanted(), 0U);
}

TEST_F(ControlPlaneTest, everything_is_there_after_a_restart) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_TRUE(plane_->execute(create("c1"), long_enough).answer.accepted);
  await_in_service();
  plane_.reset();
  const auto last = world_->clock().now();
  ASSERT_NO_FATAL_FAILURE(start(last));
  EXPECT_EQ(status(), EndpointStatus::in_service);
  EXPECT_EQ(world_->capacity().held({"h100", "zone-b", Market::on_demand}), 1U);
}

TEST_F(ControlPlaneTest, a_second_one_on_the_same_log_is_refused) {
  ASSERT_NO_FATAL_FAILURE(start());
  ControlOptions options;
  options.log_directory = folder_ / "log";
  const auto second = EmbeddedPlane::open(options, *world_, {}, {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::already_held);
}

TEST_F(ControlPlaneTest, too_many_commands_are_refused_at_once) {
  auto world = SimulatedSurroundings::open(
      {folder_ / "a.capacity", "understudy", 1, {}, {}, {}});
  world_ = std::move(world).value();
  ControlOptions options;
  options.log_directory = folder_ / "log";
  options.max_commands = 0;
  auto plane = EmbeddedPlane::open(options, *world_, {}, {});
  plane_ = std::move(plane).value();
  EXPECT_EQ(plane_->execute(create("c1"), long_enough).handling,
            Handling::overloaded);
}

}  // namespace
}  // namespace understudy
