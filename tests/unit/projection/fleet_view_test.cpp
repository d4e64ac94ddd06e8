// What a reader of the log is shown.

#include "services/projection/fleet_view.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

FleetView view_until(const TinyRuntime& tiny, std::int64_t ms) {
  FleetView view;
  for (const Record& record : tiny.records()) {
    if (record.time > after_ms(story_start, ms)) break;
    view.see(record);
  }
  return view;
}

const EndpointHistory& chat(const FleetView& view) {
  const auto* found = view.find("chat");
  EXPECT_NE(found, nullptr);
  return *found;
}

const PoolView& pool(const FleetView& view, std::size_t place) {
  return chat(view).endpoint.variants.at(0).pools.at(place);
}

const Condition& condition(const FleetView& view, std::string_view type) {
  for (const Condition& one : chat(view).endpoint.conditions) {
    if (one.type == type) return one;
  }
  static const Condition none;
  ADD_FAILURE() << "no condition " << type;
  return none;
}

TEST(FleetView, an_endpoint_being_created_asks_its_first_pool) {
  const auto view = view_until(small_story(), 0);
  const auto& endpoint = chat(view).endpoint;
  EXPECT_EQ(endpoint.status, EndpointStatus::creating);
  EXPECT_EQ(endpoint.variants.at(0).desired, 3U);
  EXPECT_EQ(endpoint.variants.at(0).held, 0U);
  EXPECT_EQ(pool(view, 0).spec.name, "first");
  EXPECT_EQ(pool(view, 0).asked, 3U);
  EXPECT_EQ(pool(view, 1).asked, 0U);
  EXPECT_EQ(condition(view, "Placed").reason, "asking-pools");
  EXPECT_FALSE(condition(view, "AtWantedCapacity").status);
}

TEST(FleetView, a_fallback_moves_what_is_asked_and_shows_the_refusals) {
  const auto view = view_until(small_story(), 4'000);
  EXPECT_EQ(pool(view, 0).asked, 0U);
  EXPECT_EQ(pool(view, 0).held, 2U);
  EXPECT_EQ(pool(view, 0).granted, 2U);
  EXPECT_EQ(pool(view, 0).refused, 4U);
  EXPECT_EQ(pool(view, 1).asked, 1U);
  const auto& offerings = pool(view, 0).offerings;
  ASSERT_EQ(offerings.size(), 2U);
  EXPECT_EQ(offerings[0].offering, story_offering("zone-a"));
  EXPECT_GT(offerings[0].cooling_until, after_ms(story_start, 4'000));
  EXPECT_EQ(offerings[0].level, 1U);
  ASSERT_TRUE(offerings[1].last_refusal);
  EXPECT_EQ(offerings[1].last_refusal->code, "STOCKOUT");
  EXPECT_EQ(offerings[1].last_refusal->position, 12U);
  EXPECT_EQ(pool(view, 0).closed_until(), offerings[0].cooling_until);
  EXPECT_EQ(pool(view, 1).closed_until(), Instant{});
}

TEST(FleetView, an_offering_opens_again) {
  const auto view = view_until(small_story(), 60'000);
  EXPECT_EQ(pool(view, 0).offerings[0].cooling_until, Instant{});
  EXPECT_EQ(pool(view, 0).closed_until(), Instant{});
  EXPECT_TRUE(pool(view, 0).last_refusal);
}

TEST(FleetView, in_service_with_a_fallback_in_use) {
  const auto view = view_until(small_story(), 96'000);
  const auto& endpoint = chat(view).endpoint;
  EXPECT_EQ(endpoint.status, EndpointStatus::in_service);
  EXPECT_EQ(endpoint.in_service_at, after_ms(story_start, 96'000));
  EXPECT_EQ(endpoint.variants.at(0).held, 3U);
  EXPECT_EQ(endpoint.variants.at(0).ready, 3U);
  EXPECT_TRUE(condition(view, "InService").status);
  EXPECT_EQ(condition(view, "InService").since, endpoint.in_service_at);
  EXPECT_TRUE(condition(view, "AtWantedCapacity").status);
  EXPECT_FALSE(condition(view, "OnPreferredPools").status);
  EXPECT_EQ(condition(view, "OnPreferredPools").since,
            after_ms(story_start, 6'000));
  EXPECT_EQ(condition(view, "OnPreferredPools").message,
            "1 of 3 held in pools of lower preference");
}

TEST(FleetView, instances_keep_their_whole_life) {
  const auto view = view_until(small_story(), 3 * 3'600'000);
  const auto& instances = chat(view).instances;
  ASSERT_EQ(instances.size(), 4U);
  const InstanceView& lost = instances.at(InstanceId::make({1}, 2, 0));
  EXPECT_EQ(lost.status, InstanceStatus::lost);
  EXPECT_EQ(lost.reason, "lost: host failed");
  EXPECT_EQ(lost.launched_at, after_ms(story_start, 4'000));
  EXPECT_EQ(lost.ready_at, after_ms(story_start, 94'000));
  EXPECT_EQ(lost.ended_at, after_ms(story_start, 3'600'000));
  EXPECT_EQ(lost.price_micros_per_hour, 2'000'000U);
  EXPECT_EQ(lost.operation, OperationId{1});
  const InstanceView& drained = instances.at(InstanceId::make({4}, 1, 0));
  EXPECT_EQ(drained.status, InstanceStatus::terminated);
  EXPECT_EQ(drained.reason, "scale-in");
  EXPECT_EQ(drained.offering, story_offering("zone-c"));
  EXPECT_EQ(drained.draining_at, after_ms(story_start, 2 * 3'600'000));
  EXPECT_FALSE(drained.held);
}

TEST(FleetView, an_instance_keeps_the_model_that_it_was_given) {
  auto view = view_until(small_story(), 96'000);
  EndpointSpec spec = story_spec(3);
  spec.variants[0].model = "newer";
  Record updated;
  updated.stream = story_endpoint();
  updated.sequence = view.position() + 1;
  updated.time = view.time();
  updated.event = endpoint::EndpointUpdated{"update-1", spec};
  view.see(updated);
  EXPECT_EQ(chat(view).endpoint.variants.at(0).model, "newer");
  const auto& instances = chat(view).instances;
  ASSERT_EQ(instances.size(), 3U);
  for (const auto& [id, one] : instances)
    EXPECT_EQ(one.model, "model");
  Record launched;
  launched.stream = StreamId::pool("chat", "primary", "first");
  launched.sequence = view.position() + 1;
  launched.time = view.time();
  pool::InstanceLaunched event;
  event.instances = {{InstanceId::make({9}, 1, 0), "ref", "host:1"}};
  event.model = "newer";
  launched.event = std::move(event);
  view.see(launched);
  EXPECT_EQ(instances.at(InstanceId::make({9}, 1, 0)).model, "newer");
}

TEST(FleetView, operations_keep_their_requests) {
  const auto view = view_until(small_story(), 3 * 3'600'000);
  const auto& operations = chat(view).operations;
  ASSERT_EQ(operations.size(), 2U);
  const OperationView& first = operations.at({1});
  EXPECT_EQ(first.status, OperationStatus::completed);
  EXPECT_EQ(first.kind, endpoint::OperationKind::creation);
  EXPECT_EQ(first.granted, 3U);
  EXPECT_EQ(first.fallbacks, 1U);
  EXPECT_EQ(first.walks, 1U);
  EXPECT_EQ(first.ended_at, after_ms(story_start, 6'000));
  ASSERT_EQ(first.requests.size(), 2U);
  EXPECT_EQ(first.requests[0].granted, 2U);
  EXPECT_EQ(first.requests[0].denied, 1U);
  EXPECT_EQ(first.requests[0].cause, RefusalKind::capacity);
  EXPECT_EQ(first.requests[1].pool, "second");
  EXPECT_EQ(first.requests[1].open(), 0U);
  EXPECT_EQ(operations.at({2}).cause, "instance 1-2-0 of pool first: lost");
}

TEST(FleetView, keeps_the_latest_decisions_only) {
  FleetView view(3);
  const TinyRuntime tiny = small_story();
  for (const Record& record : tiny.records())
    view.see(record);
  const auto& decisions = chat(view).endpoint.decisions;
  ASSERT_EQ(decisions.size(), 3U);
  EXPECT_EQ(decisions.back().event, "scale-in");
  EXPECT_EQ(decisions.back().text, "scale in 3 -> 2 for command scale-1");
  EXPECT_EQ(decisions[1].event, "fallback-chosen");
}

Record record_of(const StreamId& stream, AnyEvent event, std::int64_t ms) {
  Record record;
  record.stream = stream;
  record.time = after_ms(story_start, ms);
  record.event = std::move(event);
  return record;
}

TEST(FleetView, a_reclaimed_instance_serves_until_it_is_drained) {
  FleetView view;
  view.see(record_of(story_endpoint(),
                     endpoint::EndpointCreated{"c", story_spec(1)}, 0));
  const auto id = InstanceId::make({1}, 1, 0);
  const auto stream = StreamId::instance("chat", id);
  view.see(record_of(
      story_endpoint(),
      endpoint::CapacityGranted{{1}, {1}, "primary", "first", {id}}, 1));
  instance::InstanceRegistered registered;
  registered.variant = "primary";
  registered.pool = "first";
  view.see(record_of(stream, registered, 1));
  view.see(record_of(stream, instance::InstanceReady{}, 2));
  view.see(record_of(stream, instance::ReclaimNoticed{}, 3));
  view.see(record_of(
      story_endpoint(),
      endpoint::InstanceLeft{
          id, "primary", "first", endpoint::LeaveReason::reclaimed, {}},
      3));
  const auto& variant = chat(view).endpoint.variants.at(0);
  EXPECT_EQ(variant.held, 0U);
  EXPECT_EQ(variant.ready, 1U);
  EXPECT_EQ(chat(view).instances.at(id).status, InstanceStatus::reclaiming);
  view.see(record_of(stream, instance::InstanceDraining{"reclaimed", {}}, 4));
  EXPECT_EQ(variant.ready, 0U);
  EXPECT_EQ(chat(view).instances.at(id).reason, "reclaimed");
}

TEST(FleetView, waiting_for_a_pool_is_a_condition) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(10'000);
  const auto view = view_until(tiny, 10'000);
  EXPECT_EQ(condition(view, "Placed").reason, "pools-exhausted");
  EXPECT_EQ(condition(view, "Placed").message,
            "operation 1: 3 of 3 wait for a pool to open");
  EXPECT_EQ(chat(view).operations.at({1}).status, OperationStatus::waiting);
}

TEST(FleetView, a_failed_creation_says_why) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(3'600'000);
  const auto view = view_until(tiny, 3'600'000);
  const auto& endpoint = chat(view).endpoint;
  EXPECT_EQ(endpoint.status, EndpointStatus::failed);
  EXPECT_EQ(endpoint.failure_reason, "provisioning-timed-out");
  EXPECT_EQ(condition(view, "InService").message, endpoint.failure_message);
  const auto& operation = chat(view).operations.at({1});
  EXPECT_EQ(operation.status, OperationStatus::timed_out);
  EXPECT_GT(operation.walks, 3U);
}

TEST(FleetView, a_name_may_live_twice) {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-b")] = 10;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(1)});
  tiny.run_for(600'000);
  tiny.submit(story_endpoint(), endpoint::DeleteEndpoint{"delete-1"});
  tiny.run_for(600'000);
  EXPECT_EQ(chat(view_until(tiny, 1'200'000)).endpoint.status,
            EndpointStatus::deleted);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-2", story_spec(2)});
  tiny.run_for(600'000);
  const auto view = view_until(tiny, 1'800'000);
  const auto& endpoint = chat(view).endpoint;
  EXPECT_EQ(endpoint.status, EndpointStatus::in_service);
  EXPECT_EQ(endpoint.ended_at, Instant{});
  EXPECT_EQ(endpoint.variants.at(0).held, 2U);
  EXPECT_EQ(chat(view).instances.size(), 3U);
}

TEST(FleetView, records_of_what_it_does_not_know_change_nothing) {
  FleetView view;
  const auto id = InstanceId::make({7}, 1, 0);
  endpoint::FallbackChosen fallback;
  fallback.operation = {9};
  view.see(record_of(story_endpoint(), fallback, 0));
  pool::LaunchRefused refused;
  refused.request = {9};
  view.see(record_of(StreamId::pool("chat", "v", "a"), refused, 0));
  view.see(record_of(StreamId::instance("chat", id),
                     instance::InstanceTerminated{}, 0));
  EXPECT_EQ(view.records(), 3U);
  EXPECT_EQ(chat(view).endpoint.created_at, Instant{});
  EXPECT_TRUE(chat(view).endpoint.variants.empty());
}

}  // namespace
}  // namespace understudy
