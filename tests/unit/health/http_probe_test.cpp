#include "services/health/http_probe.hpp"

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "services/clock/wall_clock.hpp"
#include "tests/unit/health/small_server.hpp"

namespace understudy {
namespace {

using testing::HasSubstr;

constexpr const char* good = "HTTP/1.1 200 OK\r\n\r\n";
constexpr const char* bad = "HTTP/1.1 500 No\r\n\r\n";

/// What a watch or a drain reported.
template <class T>
class Reports {
 public:
  std::function<void(T)> receiver() {
    return [this](T one) {
      const std::lock_guard lock(mutex_);
      all_.push_back(std::move(one));
    };
  }
  [[nodiscard]] std::vector<T> all() const {
    const std::lock_guard lock(mutex_);
    return all_;
  }
  [[nodiscard]] bool await(std::size_t count) const {
    return await_that([&] { return all().size() >= count; });
  }
  static bool await_that(const std::function<bool()>& done) {
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!done()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<T> all_;
};

class FixedLoad final : public InstanceLoad {
 public:
  [[nodiscard]] std::optional<std::uint32_t> in_flight(
      const std::string& stream) const override {
    ++asked;
    if (stream == "unknown") return std::nullopt;
    return left.load();
  }
  std::atomic<std::uint32_t> left = 2;
  mutable std::atomic<int> asked = 0;
};

class HttpProbeTest : public testing::Test {
 protected:
  static WatchCall call(const std::string& stream, const std::string& address) {
    WatchCall one;
    one.stream = stream;
    one.provider_ref = "ref-" + stream;
    one.address = address;
    one.probe_interval_ms = 1;
    one.healthy_threshold = 2;
    one.unhealthy_threshold = 3;
    return one;
  }

  WallClock clock_;
  Reports<ProbeOutcome> reports_;
  Reports<std::uint32_t> left_;
};

TEST_F(HttpProbeTest, A_threshold_is_reported_once_each_time) {
  test::SmallServer server(good);
  HttpProbe probe(clock_, {});
  probe.watch(call("a", server.address()), reports_.receiver());
  ASSERT_TRUE(reports_.await(1));
  const int asked = server.asked();
  ASSERT_TRUE(decltype(reports_)::await_that(
      [&] { return server.asked() > asked + 5; }));
  ASSERT_EQ(reports_.all().size(), 1U) << "steady health says nothing";
  EXPECT_TRUE(reports_.all()[0].healthy);
  EXPECT_EQ(reports_.all()[0].consecutive, 2U);
  server.say(bad);
  ASSERT_TRUE(reports_.await(2));
  EXPECT_FALSE(reports_.all()[1].healthy);
  EXPECT_FALSE(reports_.all()[1].failed_start);
  EXPECT_EQ(reports_.all()[1].consecutive, 3U);
  EXPECT_THAT(reports_.all()[1].detail, HasSubstr("500"));
  server.say(good);
  ASSERT_TRUE(reports_.await(3));
  EXPECT_TRUE(reports_.all()[2].healthy);
}

TEST_F(HttpProbeTest, Many_are_probed_a_few_at_a_time) {
  test::SmallServer server(good);
  HttpProbeOptions options;
  options.most_at_once = 2;
  HttpProbe probe(clock_, options);
  constexpr std::size_t many = 40;
  for (std::size_t i = 0; i < many; ++i)
    probe.watch(call(std::to_string(i), server.address()), reports_.receiver());
  EXPECT_TRUE(reports_.await(many));
}

TEST_F(HttpProbeTest, Whoever_is_forgotten_reports_no_more) {
  test::SmallServer server(good);
  HttpProbe probe(clock_, {});
  for (int i = 0; i < 50; ++i) {
    std::atomic<bool> forgotten = false;
    std::atomic<int> late = 0;
    std::atomic<int> told = 0;
    WatchCall one = call("a", server.address());
    one.healthy_threshold = 1;
    probe.watch(one, [&](const ProbeOutcome&) {
      ++told;
      if (forgotten) ++late;
    });
    if (i % 2 == 0) {
      ASSERT_TRUE(decltype(reports_)::await_that([&] { return told > 0; }));
    }
    probe.forget("a");
    forgotten = true;
    const int asked = server.asked();
    std::this_thread::yield();
    EXPECT_LE(server.asked() - asked, 1);
    EXPECT_EQ(late, 0);
  }
}

TEST_F(HttpProbeTest, An_end_before_ready_is_a_failed_start) {
  test::SmallServer server(bad);
  HttpProbe probe(clock_, {});
  probe.watch(call("a", server.address()), reports_.receiver());
  EXPECT_EQ(probe.ended("ref-b", "x"), HttpProbe::Seen::unknown);
  EXPECT_EQ(probe.ended("ref-a", "status 3"), HttpProbe::Seen::starting);
  const auto all = reports_.all();
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(all.back().failed_start);
  EXPECT_EQ(all.back().detail, "status 3");
}

TEST_F(HttpProbeTest, One_that_served_is_no_failed_start) {
  test::SmallServer server(good);
  HttpProbe probe(clock_, {});
  probe.watch(call("a", server.address()), reports_.receiver());
  ASSERT_TRUE(reports_.await(1));
  EXPECT_EQ(probe.ended("ref-a", "status 3"), HttpProbe::Seen::serving);
  EXPECT_FALSE(reports_.all().back().failed_start);
}

TEST_F(HttpProbeTest, One_that_ended_before_its_watch_is_found_out) {
  HttpProbeOptions options;
  options.how_it_ended = [](const std::string& ref) {
    return std::optional<std::string>(ref + " ended");
  };
  HttpProbe probe(clock_, options);
  probe.watch(call("a", "127.0.0.1:1"), reports_.receiver());
  ASSERT_TRUE(reports_.await(1));
  EXPECT_TRUE(reports_.all()[0].failed_start);
  EXPECT_EQ(reports_.all()[0].detail, "ref-a ended");
}

// A daemon that was killed may have seen the end without writing it down.
TEST_F(HttpProbeTest, One_that_was_ready_before_its_watch_is_told_at_once) {
  HttpProbeOptions options;
  options.how_it_ended = [](const std::string& ref) {
    return std::optional<std::string>(ref + " ended");
  };
  HttpProbe probe(clock_, options);
  WatchCall slow = call("a", "127.0.0.1:1");
  slow.probe_interval_ms = 3'600'000;
  slow.unhealthy_threshold = 3;
  probe.watch(slow, reports_.receiver());
  ASSERT_TRUE(reports_.await(2));
  EXPECT_FALSE(reports_.all()[1].failed_start);
  EXPECT_FALSE(reports_.all()[1].healthy);
  EXPECT_EQ(reports_.all()[1].consecutive, 3U);
  EXPECT_EQ(reports_.all()[1].detail, "ref-a ended");
}

TEST_F(HttpProbeTest, A_drain_waits_for_none_in_flight) {
  FixedLoad load;
  HttpProbeOptions options;
  options.load = &load;
  HttpProbe probe(clock_, options);
  probe.await_drained({"a", "", clock_.now(), Instant::never()},
                      left_.receiver());
  ASSERT_TRUE(decltype(left_)::await_that([&] { return load.asked > 1; }));
  EXPECT_TRUE(left_.all().empty());
  load.left = 0;
  ASSERT_TRUE(left_.await(1));
  EXPECT_EQ(left_.all()[0], 0U);
}

TEST_F(HttpProbeTest, A_drain_ends_at_its_deadline_with_what_is_left) {
  FixedLoad load;
  HttpProbeOptions options;
  options.load = &load;
  HttpProbe probe(clock_, options);
  probe.await_drained({"a", "", clock_.now(), after_ms(clock_.now(), 50)},
                      left_.receiver());
  ASSERT_TRUE(left_.await(1));
  EXPECT_EQ(left_.all()[0], 2U);
}

TEST_F(HttpProbeTest, What_is_not_known_is_not_none) {
  FixedLoad load;
  HttpProbeOptions options;
  options.load = &load;
  HttpProbe probe(clock_, options);
  probe.await_drained({"unknown", "", clock_.now(), Instant::never()},
                      left_.receiver());
  ASSERT_TRUE(decltype(left_)::await_that([&] { return load.asked > 2; }));
  EXPECT_TRUE(left_.all().empty());
  probe.forget("unknown");
}

TEST_F(HttpProbeTest, Without_a_gateway_there_is_nothing_to_wait_for) {
  HttpProbe probe(clock_, {});
  probe.await_drained({"a", "", clock_.now(), Instant::never()},
                      left_.receiver());
  ASSERT_TRUE(left_.await(1));
  EXPECT_EQ(left_.all()[0], 0U);
}

}  // namespace
}  // namespace understudy
