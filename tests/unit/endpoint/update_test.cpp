#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

TEST(EndpointDecider, update_adds_and_removes_unused_pools) {
  Story story = Story::in_service(1);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools.pop_back();
  spec.variants[0].pools.push_back(pool("d", 1));
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
  EXPECT_EQ(story.state.pools.size(), 3U);
  EXPECT_EQ(pool_number(story.state, "primary", "d"), 4U);
  EXPECT_EQ(ranked_pools(story.state, "primary"),
            (std::vector<std::uint32_t>{1, 4, 2}));
  EXPECT_EQ(names(story.update(spec)), "command-accepted");
}

TEST(EndpointDecider, update_keeps_a_pool_that_holds_instances) {
  Story story = Story::in_service(1);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools.erase(spec.variants[0].pools.begin());
  const auto refused = one<CommandRefused>(story.update(spec));
  EXPECT_EQ(refused.reason, reasons::cannot_change);
  EXPECT_EQ(refused.field, "variants[0].pools");
  EXPECT_EQ(refused.value, "without a");
}

TEST(EndpointDecider, update_keeps_a_pool_that_something_is_asked_of) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::capacity, 60'000);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools.erase(spec.variants[0].pools.begin() + 1);
  EXPECT_EQ(names(story.update(spec)), "command-refused");
  // Cancelled, but not closed: a launch may still come.
  story.scale_to(1);
  EXPECT_EQ(names(story.update(spec)), "command-refused");
  story.deny(3, RefusalKind::none);
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
}

TEST(EndpointDecider, update_does_not_change_what_instances_run) {
  Story story = Story::in_service(1);
  const EndpointSpec before = story.state.spec;
  const auto refused = [&](auto change) {
    EndpointSpec spec = before;
    change(spec.variants[0], spec.variants[0].pools[0]);
    const auto events = story.update(spec);
    return names(events) == "command-refused"
               ? one<CommandRefused>(events).field
               : names(events);
  };
  EXPECT_EQ(refused([](auto&, auto& p) { p.instance_type = "x"; }),
            "variants[0].pools[0].instance_type");
  EXPECT_EQ(refused([](auto&, auto& p) { p.zones = {"zone-b"}; }),
            "variants[0].pools[0].zones");
  EXPECT_EQ(refused([](auto&, auto& p) { p.market = Market::spot; }),
            "variants[0].pools[0].market");
  EXPECT_EQ(refused([](auto&, auto& p) { p.model_override = "x"; }),
            "variants[0].pools[0].model_override");
  EXPECT_EQ(refused([](auto& v, auto&) { v.model = "x"; }),
            "variants[0].model");
  EXPECT_EQ(refused([](auto& v, auto&) {
              v.environment = {{"A", "1"}};
            }),
            "variants[0].environment");
  EXPECT_EQ(refused([](auto& v, auto&) { v.invocations_path = "/x"; }),
            "variants[0].invocations_path");
  EXPECT_EQ(refused([](auto& v, auto&) { v.health.ping_path = "/x"; }),
            "variants[0].health.ping_path");
  EXPECT_EQ(refused([](auto&, auto& p) { p.priority = 9; }),
            "endpoint-updated");
  EXPECT_EQ(ranked_pools(story.state, "primary"),
            (std::vector<std::uint32_t>{2, 3, 1}));
}

TEST(EndpointDecider, update_may_change_how_requests_are_given_out) {
  Story story = Story::in_service(1);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].routing = RoutingStrategy::random;
  spec.variants[0].health.probe_timeout_ms = 500;
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
  EXPECT_EQ(story.state.spec, spec);
}

/// Specifications that were stored before there were paths have none.
TEST(EndpointDecider, update_takes_no_path_for_the_default) {
  EndpointSpec older = three_pools(1);
  older.variants[0].invocations_path = "";
  older.variants[0].health.ping_path = "";
  Story story;
  story.create(older);
  story.grant(1, 1);
  story.all_ready();
  ASSERT_EQ(story.state.status, Status::in_service);
  EXPECT_EQ(names(story.update(three_pools(1))), "endpoint-updated");
}

TEST(EndpointDecider, update_may_change_the_contract_of_none) {
  Story story = Story::in_service(1);
  story.scale_to(0);
  story.change(story.in(Phase::leaving)[0], InstanceChange::terminated);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].environment = {{"A", "1"}};
  spec.variants[0].invocations_path = "/x";
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
}

TEST(EndpointDecider, update_may_change_an_unused_pool) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  story.deny(2, RefusalKind::infeasible);
  story.deny(3, RefusalKind::infeasible);
  story.grant(4, 1);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools[1].instance_type = "other";
  ASSERT_TRUE(story.state.pools.at(2).infeasible);
  EXPECT_EQ(names(story.update(spec)), "endpoint-updated");
  EXPECT_FALSE(story.state.pools.at(2).infeasible);
}

TEST(EndpointDecider, update_needs_the_same_name_and_variants) {
  Story story = Story::in_service(1);
  EndpointSpec spec = story.state.spec;
  spec.name = "other";
  EXPECT_EQ(one<CommandRefused>(story.update(spec)).field, "name");
  spec = story.state.spec;
  spec.variants[0].name = "other";
  EXPECT_EQ(one<CommandRefused>(story.update(spec)).field, "variants[0].name");
  spec = story.state.spec;
  spec.variants.push_back(spec.variants[0]);
  spec.variants[1].name = "second";
  EXPECT_EQ(one<CommandRefused>(story.update(spec)).field, "variants");
}

TEST(EndpointDecider, update_moves_the_wanted_number_into_its_limits) {
  Story story = Story::in_service(3);
  EndpointSpec spec = story.state.spec;
  ScalingPolicy& scaling = spec.variants[0].scaling;
  scaling.enabled = true;
  scaling.min_count = 1;
  scaling.max_count = 2;
  scaling.targets = {ScalingTarget{}};
  spec.variants[0].initial_count = 2;
  EXPECT_EQ(names(story.update(spec)),
            "endpoint-updated scale-in drain-requested");
  scaling.min_count = 4;
  scaling.max_count = 9;
  spec.variants[0].initial_count = 4;
  const auto events = story.update(spec);
  EXPECT_EQ(names(events),
            "endpoint-updated scale-out operation-opened instance-requested");
  EXPECT_EQ(one<ScaleOut>(events).to, 4U);
}

TEST(EndpointDecider, update_lets_waiting_operations_walk_again) {
  Story story = Story::in_service(1);
  story.scale_to(2);
  for (std::uint32_t request = 2; request <= 4; ++request)
    story.deny(request, RefusalKind::capacity, 60'000);
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools.push_back(pool("d", 9));
  const auto events = story.update(spec);
  EXPECT_EQ(names(events), "endpoint-updated instance-requested");
  EXPECT_EQ(one<InstanceRequested>(events).pool, "d");
}

TEST(EndpointDecider, update_gives_up_a_return_under_way) {
  EndpointSpec spec = three_pools(3);
  spec.variants[0].return_policy.mode = ReturnMode::active;
  Story asked = Story::one_in_each(spec);
  asked.wait();
  spec = asked.state.spec;
  spec.variants[0].pools[0].max_concurrency = 7;
  EXPECT_EQ(names(asked.update(spec)),
            "endpoint-updated launch-cancelled operation-completed");
  Story held = Story::one_in_each(asked.state.spec);
  held.wait();
  held.grant(4, 1);
  spec.variants[0].pools[0].max_concurrency = 9;
  const auto events = held.update(spec);
  EXPECT_EQ(names(events), "endpoint-updated drain-requested");
  EXPECT_EQ(one<DrainRequested>(events).reason, DrainReason::surplus);
}

TEST(EndpointDecider, update_is_accepted_in_service_only) {
  Story story;
  EXPECT_EQ(one<CommandRefused>(story.update(three_pools(1))).reason,
            reasons::endpoint_not_found);
  story.create(three_pools(1));
  EXPECT_EQ(one<CommandRefused>(story.update(three_pools(1))).reason,
            reasons::endpoint_not_in_service);
}

}  // namespace
}  // namespace understudy::endpoint
