#include "services/load/load_model.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

namespace understudy {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

InstanceId instance(std::uint32_t n) { return InstanceId::make({n}, 1, 0); }

/// 10 requests/s for ten minutes, then 40, then 0; again and again.
std::shared_ptr<const LoadTrace> trace() {
  auto read = LoadTrace::parse("t",
                               "understudy-load 1\n"
                               "start 2025-01-01T00:00:00Z\nstep 600\n"
                               "0 10000\n600 40000\n1200 0\nend 1800\n");
  return std::make_shared<const LoadTrace>(std::move(read).value());
}

/// Service takes 2 s, and 4 s in the pool "slow".
LoadProfile profile() { return {1000, 2000, {{"slow", 4000}}, 30'000}; }

class LoadModelTest : public testing::Test {
 protected:
  Instant second(std::int64_t s) const {
    return after_ms(trace_->start(), s * 1000);
  }
  const PoolLoadFact& pool(const LoadFacts& facts, const std::string& name) {
    for (const PoolLoadFact& fact : facts.pools) {
      if (fact.pool == name) return fact;
    }
    ADD_FAILURE() << "no pool " << name;
    static const PoolLoadFact none;
    return none;
  }

  std::shared_ptr<const LoadTrace> trace_ = trace();
  LoadModel model_{trace_, profile(), trace_->start()};
};

TEST_F(LoadModelTest, In_flight_is_rate_times_service_time) {
  model_.instance_ready("fast", instance(1), 40);
  model_.advance(second(60));
  const LoadFacts facts = model_.facts(second(0));
  ASSERT_THAT(facts.pools, SizeIs(1));
  EXPECT_EQ(facts.pools[0].in_flight_milli, 20'000U);
  EXPECT_EQ(facts.pools[0].ready, 1U);
  EXPECT_EQ(facts.pools[0].reporting, 1U);
  EXPECT_EQ(facts.pools[0].max_concurrency, 40U);
  EXPECT_EQ(facts.queued_milli, 0U);
  EXPECT_EQ(facts.instances[0].second, 20U);
  EXPECT_EQ(model_.totals().served_milli, 600'000U);
  EXPECT_EQ(model_.totals().delayed_milli, 0U);
}

TEST_F(LoadModelTest, All_places_are_equally_full) {
  model_.instance_ready("fast", instance(1), 40);
  model_.instance_ready("fast", instance(2), 40);
  model_.instance_ready("slow", instance(3), 80);
  model_.advance(second(60));
  // 80 places of 2 s and 80 of 4 s end 60 a second; 10 come: a sixth.
  const LoadFacts facts = model_.facts(second(0));
  EXPECT_EQ(pool(facts, "fast").in_flight_milli, 13'333U);
  EXPECT_EQ(pool(facts, "slow").in_flight_milli, 13'333U);
  EXPECT_EQ(facts.instances[0].second, 7U);
  EXPECT_EQ(facts.instances[2].second, 13U);
  const LoadTotals totals = model_.totals();
  // Shares are rounded to a thousandth of a request per second.
  EXPECT_EQ(totals.served_by_pool_milli.at("fast"), 399'960U);
  EXPECT_EQ(totals.served_by_pool_milli.at("slow"), 200'040U);
}

TEST_F(LoadModelTest, The_scale_is_of_the_rate) {
  LoadProfile half = profile();
  half.scale_milli = 500;
  LoadModel model(trace_, half, trace_->start());
  model.instance_ready("fast", instance(1), 40);
  model.advance(second(60));
  EXPECT_EQ(model.totals().arrived_milli, 300'000U);
}

TEST_F(LoadModelTest, What_exceeds_the_places_waits) {
  model_.instance_ready("fast", instance(1), 16);  // Ends 8 of 10 a second.
  model_.advance(second(10));
  const LoadFacts facts = model_.facts(second(0));
  EXPECT_EQ(facts.queued_milli, 20'000U);
  EXPECT_EQ(facts.pools[0].in_flight_milli, 16'000U);
  EXPECT_EQ(facts.instances[0].second, 16U);
  EXPECT_EQ(model_.totals().served_milli, 80'000U);
  EXPECT_EQ(model_.totals().delayed_milli, 80'000U);
}

TEST_F(LoadModelTest, The_line_is_drained_when_there_is_room_again) {
  model_.instance_ready("fast", instance(1), 16);
  model_.advance(second(10));
  model_.instance_ready("fast", instance(2), 8);  // Now 12 of 10.
  model_.advance(second(19));
  EXPECT_EQ(model_.totals().queued_milli, 2'000U);
  model_.advance(second(20));
  EXPECT_EQ(model_.totals().queued_milli, 0U);
  model_.advance(second(30));
  const LoadTotals totals = model_.totals();
  EXPECT_EQ(totals.served_milli, 300'000U);
  EXPECT_EQ(totals.delayed_milli, 200'000U);
  EXPECT_EQ(totals.lost_milli, 0U);
}

TEST_F(LoadModelTest, Patience_ends) {
  model_.instance_ready("fast", instance(1), 16);
  model_.instance_left(instance(1));
  model_.advance(second(30));
  EXPECT_EQ(model_.totals().lost_milli, 0U);
  EXPECT_EQ(model_.totals().queued_milli, 300'000U);
  model_.advance(second(31));
  EXPECT_EQ(model_.totals().lost_milli, 10'000U);
  model_.advance(second(100));
  EXPECT_EQ(model_.totals().queued_milli, 300'000U);
  EXPECT_EQ(model_.totals().lost_milli, 700'000U);
  EXPECT_THAT(model_.facts(second(0)).pools, IsEmpty());
}

TEST_F(LoadModelTest, Requests_come_from_the_first_ready_instance_on) {
  model_.advance(second(100));
  EXPECT_EQ(model_.totals().arrived_milli, 0U);
  model_.instance_ready("fast", instance(1), 40);
  model_.advance(second(110));
  EXPECT_EQ(model_.totals().arrived_milli, 100'000U);
  model_.close();
  model_.advance(second(120));
  EXPECT_EQ(model_.totals().arrived_milli, 100'000U);
  EXPECT_EQ(model_.facts(second(110)).pools[0].in_flight_milli, 0U);
}

TEST_F(LoadModelTest, A_window_is_a_mean_over_changes) {
  model_.instance_ready("fast", instance(1), 100);
  model_.advance(second(570));
  // 20 in flight for 30 s, then 80 for 30 s.
  model_.advance(second(630));
  const LoadFacts facts = model_.facts(second(570));
  EXPECT_EQ(facts.pools[0].in_flight_milli, 50'000U);
  EXPECT_EQ(facts.instances[0].second, 80U);
  EXPECT_EQ(facts.from, second(570));
  EXPECT_EQ(facts.to, second(630));
}

TEST_F(LoadModelTest, Unknown_load_is_missing_and_not_zero) {
  LoadModel model(nullptr, {}, second(0));
  model.instance_ready("fast", instance(1), 40);
  model.advance(second(60));
  EXPECT_EQ(model.facts(second(0)).pools[0].ready, 1U);
  EXPECT_EQ(model.facts(second(0)).pools[0].reporting, 0U);
}

TEST_F(LoadModelTest, The_same_news_again_changes_nothing) {
  model_.instance_ready("fast", instance(1), 40);
  model_.instance_ready("slow", instance(1), 99);
  EXPECT_TRUE(model_.instance_left(instance(1)));
  EXPECT_FALSE(model_.instance_left(instance(1)));
}

/// Something that happens at a second to one of a few instances.
struct News {
  std::int64_t ms = 0;
  std::uint32_t instance = 0;
  bool ready = false;
};

std::vector<News> any_news() {
  auto news = *rc::gen::container<std::vector<News>>(rc::gen::construct<News>(
      rc::gen::inRange<std::int64_t>(0, 3'600'000),
      rc::gen::inRange<std::uint32_t>(1, 6), rc::gen::arbitrary<bool>()));
  std::stable_sort(news.begin(), news.end(),
                   [](const News& a, const News& b) { return a.ms < b.ms; });
  return news;
}

void tell(LoadModel& model, Instant start, const News& news) {
  model.advance(after_ms(start, news.ms));
  if (news.ready) {
    model.instance_ready(news.instance % 2 == 0 ? "slow" : "fast",
                         instance(news.instance), 7 * news.instance);
  } else {
    model.instance_left(instance(news.instance));
  }
}

bool same(const LoadFacts& a, const LoadFacts& b) {
  if (a.queued_milli != b.queued_milli || a.instances != b.instances ||
      a.pools.size() != b.pools.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.pools.size(); ++i) {
    if (a.pools[i].in_flight_milli != b.pools[i].in_flight_milli ||
        a.pools[i].pool != b.pools[i].pool) {
      return false;
    }
  }
  return true;
}

RC_GTEST_PROP(LoadModelProperty, How_time_is_cut_does_not_matter, ()) {
  const auto recorded = trace();
  const Instant start = recorded->start();
  const auto news = any_news();
  LoadModel whole(recorded, profile(), start);
  LoadModel cut(recorded, profile(), start);
  std::int64_t us = 0;
  for (const News& one : news) {
    while (us < one.ms * 1000) {
      cut.advance({start.us + us});
      us += *rc::gen::inRange<std::int64_t>(1, 90'000'000);
    }
    tell(whole, start, one);
    tell(cut, start, one);
    us = one.ms * 1000;
  }
  const Instant end = after_ms(start, 4'000'000);
  whole.advance(end);
  cut.advance(end);
  const Instant from = after_ms(end, -3'000'000);
  RC_ASSERT(same(whole.facts(from), cut.facts(from)));
  RC_ASSERT(whole.totals().served_milli == cut.totals().served_milli);
  RC_ASSERT(whole.totals().lost_milli == cut.totals().lost_milli);
  RC_ASSERT(whole.totals().served_by_pool_milli ==
            cut.totals().served_by_pool_milli);
}

RC_GTEST_PROP(LoadModelProperty, No_request_is_forgotten, ()) {
  const auto recorded = trace();
  const Instant start = recorded->start();
  LoadModel model(recorded, profile(), start);
  for (const News& one : any_news()) {
    tell(model, start, one);
    const LoadTotals totals = model.totals();
    const std::uint64_t sum =
        totals.served_milli + totals.lost_milli + totals.queued_milli;
    // Each of the three is rounded down by less than one.
    RC_ASSERT(totals.arrived_milli - sum <= 3U);
    RC_ASSERT(totals.delayed_milli <= totals.served_milli);
    // Who waits came within the patience, and the second it is judged by.
    RC_ASSERT(totals.queued_milli <= 31U * 40'000U);
    std::uint64_t by_pool = 0;
    for (const auto& [name, served] : totals.served_by_pool_milli)
      by_pool += served;
    RC_ASSERT(totals.served_milli - by_pool <= 2U);
  }
}

}  // namespace
}  // namespace understudy
