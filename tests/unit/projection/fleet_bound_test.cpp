// What a view keeps of what is over, and what one can wait for.

#include <gtest/gtest.h>

#include "services/projection/condition_query.hpp"
#include "services/projection/fleet_view.hpp"
#include "services/projection/waiting.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

FleetView seen(const TinyRuntime& tiny, FleetViewOptions options) {
  FleetView view(options);
  for (const Record& record : tiny.records())
    view.see(record);
  return view;
}

/// Instances are lost one after the other, each replaced.
TinyRuntime restless(int losses) {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-b")] = 1'000;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(1)});
  tiny.run_for(600'000);
  for (int i = 0; i < losses; ++i) {
    const auto view = seen(tiny, {});
    for (const auto& [id, one] : view.find("chat")->instances) {
      if (one.ended_at.us != 0) continue;
      tiny.submit(StreamId::instance("chat", id), instance::Gone{"failed"});
    }
    tiny.run_for(600'000);
  }
  return tiny;
}

TEST(FleetBound, the_oldest_of_what_ended_goes_first) {
  const TinyRuntime tiny = restless(5);
  const FleetView all = seen(tiny, {});
  const FleetView some = seen(tiny, {20, 2, 3, 1});
  const EndpointHistory& whole = *all.find("chat");
  const EndpointHistory& kept = *some.find("chat");
  EXPECT_EQ(whole.instances.size(), 6U);
  EXPECT_EQ(whole.operations.size(), 6U);
  ASSERT_EQ(kept.instances.size(), 3U);
  ASSERT_EQ(kept.operations.size(), 3U);
  EXPECT_EQ(kept.instances.begin()->first,
            std::next(whole.instances.begin(), 3)->first);
  EXPECT_EQ(kept.operations.begin()->first,
            std::next(whole.operations.begin(), 3)->first);
  // What lives is as it would be with all of it.
  EXPECT_EQ(kept.endpoint, whole.endpoint);
  EXPECT_EQ(some.position(), all.position());
}

TEST(FleetBound, deleted_endpoints_go_and_names_never_made_are_not_kept) {
  FleetView view({20, 1, 1, 2});
  std::uint64_t sequence = 0;
  const auto tell = [&](const std::string& name, AnyEvent event) {
    Record record;
    record.sequence = ++sequence;
    record.stream = StreamId::endpoint(name);
    record.time = after_ms(story_start, static_cast<std::int64_t>(sequence));
    record.event = std::move(event);
    view.see(record);
  };
  tell("never", endpoint::CommandRefused{});
  EXPECT_EQ(view.find("never"), nullptr);
  for (const std::string name : {"a", "b", "c"}) {
    tell(name, endpoint::EndpointCreated{"c", story_spec(1)});
    tell(name, endpoint::EndpointDeleted{});
  }
  EXPECT_EQ(view.find("a"), nullptr);
  ASSERT_NE(view.find("b"), nullptr);
  // One that lives again is not among the deleted.
  tell("b", endpoint::EndpointCreated{"c", story_spec(1)});
  tell("d", endpoint::EndpointCreated{"c", story_spec(1)});
  tell("d", endpoint::EndpointDeleted{});
  EXPECT_NE(view.find("b"), nullptr);
  EXPECT_EQ(view.endpoints().size(), 3U);
}

TEST(FleetBound, walks_in_vain_are_one_decision) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(1'200'000);
  const FleetView view = seen(tiny, {});
  const auto& decisions = view.find("chat")->endpoint.decisions;
  std::size_t exhausted = 0;
  std::uint32_t walks = 0;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    if (decisions[i].event != "pools-exhausted") continue;
    ++exhausted;
    walks += decisions[i].count;
    EXPECT_LE(decisions[i].first_at, decisions[i].at);
    if (i > 0) {
      EXPECT_NE(decisions[i - 1].event, "pools-exhausted");
    }
  }
  EXPECT_LT(exhausted, walks);
}

TEST(Waiting, for_a_pool_to_open) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(10'000);
  const FleetView view = seen(tiny, {});
  const Instant now = view.time();
  const auto waits = waits_of(*view.find("chat"), now);
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].operation, OperationId{1});
  EXPECT_EQ(waits[0].instances, 3U);
  EXPECT_GT(waits[0].next_attempt, now);
  EXPECT_GT(waits[0].deadline, waits[0].next_attempt);
  EXPECT_EQ(waits[0].left_ms, ms_between(now, waits[0].deadline));
  EXPECT_TRUE(waits[0].text.starts_with(
      "3 instances of operation 1 (creation) wait for a pool to open; "))
      << waits[0].text;
}

TEST(Waiting, for_answers_and_for_instances_to_become_ready) {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-a")] = 10;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(2)});
  FleetView view = seen(tiny, {});
  auto waits = waits_of(*view.find("chat"), view.time());
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].text,
            "2 instances of operation 1 (creation) asked of first: no answer "
            "yet");
  EXPECT_EQ(waits[0].next_attempt, Instant{});
  tiny.run_for(10'000);
  view = seen(tiny, {});
  waits = waits_of(*view.find("chat"), view.time());
  ASSERT_EQ(waits.size(), 1U);
  EXPECT_EQ(waits[0].text,
            "2 instances of variant primary launched and not ready yet");
  tiny.run_for(600'000);
  view = seen(tiny, {});
  EXPECT_TRUE(waits_of(*view.find("chat"), view.time()).empty());
}

TEST(ConditionQuery, answers_for_every_name_and_refuses_others) {
  const TinyRuntime tiny = small_story();
  const FleetView view = seen(tiny, {});
  const EndpointView& chat = view.find("chat")->endpoint;
  const auto is = [&](std::string_view name) {
    const auto answer = condition_or_status(chat, name);
    EXPECT_TRUE(answer.ok()) << name;
    return answer.ok() && answer.value();
  };
  EXPECT_TRUE(is("in-service"));
  EXPECT_FALSE(is("failed"));
  EXPECT_FALSE(is("deleted"));
  EXPECT_TRUE(is("at-wanted-capacity"));
  EXPECT_FALSE(is("on-preferred"));
  EXPECT_FALSE(is_final(chat));
  EXPECT_EQ(condition_names().size(), 5U);
  const auto wrong = condition_or_status(chat, "ready");
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(wrong.error().message,
            "'ready' is nothing that an endpoint can be; accepted: "
            "in-service, failed, deleted, at-wanted-capacity, on-preferred");
}

}  // namespace
}  // namespace understudy
