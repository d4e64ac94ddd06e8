#include <gtest/gtest.h>

#include "services/gateway/fleet_routes.hpp"
#include "tests/support/small_story.hpp"

namespace understudy::gateway {
namespace {

TEST(FleetRoutes, FollowATrueStory) {
  FleetRoutes fleet;
  std::size_t most = 0;
  bool was_creating = false;
  const TinyRuntime story = small_story();
  for (const Record& record : story.records()) {
    fleet.see(record);
    const RouteTable table = fleet.routes();
    if (!table.contains("chat")) continue;
    const Route& route = table.at("chat");
    was_creating = was_creating || route.reason == "creating";
    most = std::max(most, route.servers.size());
    EXPECT_EQ(route.serving(), route.reason.empty());
  }
  EXPECT_TRUE(was_creating);
  EXPECT_GE(most, 3U);
  const RouteTable last = fleet.routes();
  const Route& route = last.at("chat");
  EXPECT_EQ(route.servers.size(), 2U);
  for (const Server& one : route.servers) {
    EXPECT_EQ(one.name.substr(0, 5), "chat:");
    EXPECT_EQ(one.max_concurrency, 8U);
    EXPECT_EQ(one.instance_type, "gpu");
    EXPECT_EQ(one.variant, "primary");
    EXPECT_FALSE(one.draining);
    EXPECT_NE(one.address.find(":8080"), std::string::npos);
  }
}

class Fleet : public ::testing::Test {
 protected:
  void see(const StreamId& stream, AnyEvent event) {
    Record record;
    record.stream = stream;
    record.time = story_start;
    record.sequence = ++sequence;
    record.event = std::move(event);
    fleet.see(record);
  }
  void see_endpoint(AnyEvent event) {
    see(StreamId::endpoint("chat"), std::move(event));
  }
  Route route() { return fleet.routes().at("chat"); }
  void create() { see_endpoint(endpoint::EndpointCreated{"c", story_spec(1)}); }
  void ready() {
    instance::InstanceRegistered born;
    born.variant = "primary";
    born.pool = "first";
    born.address = "127.0.0.1:1";
    see(one, born);
    see(one, instance::InstanceReady{1, 1});
  }

  const StreamId one = StreamId::instance("chat", InstanceId::make({1}, 1, 0));
  std::uint64_t sequence = 0;
  FleetRoutes fleet;
};

TEST_F(Fleet, SaysWhyNothingServes) {
  create();
  EXPECT_EQ(route().reason, "creating");
  EXPECT_FALSE(route().may_wait);
  endpoint::OperationOpened opened;
  opened.operation = {1};
  opened.variant = "primary";
  opened.count = 1;
  see_endpoint(opened);
  endpoint::PoolsExhausted exhausted;
  exhausted.operation = {1};
  exhausted.variant = "primary";
  exhausted.retry_at = after_ms(story_start, 7'000);
  see_endpoint(exhausted);
  EXPECT_EQ(route().reason, "all-pools-refused");
  EXPECT_NE(route().message.find("second"), std::string::npos);
  EXPECT_EQ(route().retry_after_s, 7U);
  endpoint::EndpointFailed failed;
  failed.reason = "provisioning-timed-out";
  failed.message = "no luck";
  see_endpoint(failed);
  EXPECT_EQ(route().reason, "failed");
  EXPECT_EQ(route().message, "no luck");
  see_endpoint(endpoint::EndpointDeleting{});
  EXPECT_EQ(route().reason, "deleting");
  see_endpoint(endpoint::EndpointDeleted{});
  EXPECT_TRUE(fleet.routes().empty());
}

TEST_F(Fleet, WaitsWhereAnInstanceIsExpected) {
  create();
  see_endpoint(endpoint::EndpointInService{});
  EXPECT_EQ(route().reason, "scaling");
  EXPECT_TRUE(route().may_wait);
  endpoint::ScaleIn in;
  in.variant = "primary";
  see_endpoint(in);
  EXPECT_EQ(route().reason, "scaled-to-zero");
  EXPECT_TRUE(route().may_wait);
}

TEST_F(Fleet, KeepsADrainingInstanceUntilItIsDrained) {
  create();
  see_endpoint(endpoint::EndpointInService{});
  ready();
  EXPECT_TRUE(route().serving());
  see(one, instance::InstanceDraining{"scale-in", {}});
  ASSERT_EQ(route().servers.size(), 1U);
  EXPECT_TRUE(route().servers[0].draining);
  EXPECT_FALSE(route().serving());
  see(one, instance::InstanceDrained{});
  EXPECT_TRUE(route().servers.empty());
}

TEST_F(Fleet, TakesAnUnhealthyInstanceOut) {
  create();
  ready();
  see(one, instance::InstanceUnhealthy{3, "no answer"});
  EXPECT_TRUE(route().servers.empty());
}

TEST_F(Fleet, RoutesAsTheVariantSays) {
  EndpointSpec spec = story_spec(1);
  spec.variants[0].routing = RoutingStrategy::random;
  spec.variants[0].invocations_path = "/v1/chat |;completions";
  see_endpoint(endpoint::EndpointCreated{"c", spec});
  EXPECT_EQ(route().balance, Balance::random);
  EXPECT_EQ(route().path, "/v1/chat%20%7C%3Bcompletions");
}

}  // namespace
}  // namespace understudy::gateway
