// One provider for several partitions: who hears of which instance.

#include "services/capacity/shared_capacity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

class ToldProvider final : public CapacityProvider {
 public:
  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)>) override {
    launched.push_back(call.token);
  }
  void terminate(const std::string&, Instant,
                 std::function<void(TerminateAnswer)>) override {}
  void list(
      const std::string&,
      std::function<void(Result<std::vector<ProviderInstance>>)>) override {}
  void on_notice(std::function<void(ProviderNotice)> notice) override {
    tell = std::move(notice);
  }

  std::vector<std::string> launched;
  std::function<void(ProviderNotice)> tell;
};

struct Heard {
  std::unique_ptr<CapacityProvider> share;
  std::vector<std::string> tokens;
};

std::unique_ptr<Heard> listen(SharedCapacity& shared, char mine) {
  auto heard = std::make_unique<Heard>();
  heard->share = shared.share(
      [mine](const std::string& token) { return token.front() == mine; });
  heard->share->on_notice([all = &heard->tokens](const ProviderNotice& one) {
    all->push_back(one.token);
  });
  return heard;
}

TEST(SharedCapacity, each_share_hears_of_its_own_instances_only) {
  ToldProvider provider;
  SharedCapacity shared(provider);
  const auto a = listen(shared, 'a');
  const auto b = listen(shared, 'b');
  provider.tell({"i-1", "a/v/p/1-1", 0, true, {}, {}});
  provider.tell({"i-2", "b/v/p/1-1", 0, true, {}, {}});
  provider.tell({"i-3", "a/v/p/2-1", 0, true, {}, {}});
  provider.tell({"i-4", "c/v/p/1-1", 0, true, {}, {}});
  EXPECT_THAT(a->tokens, testing::ElementsAre("a/v/p/1-1", "a/v/p/2-1"));
  EXPECT_THAT(b->tokens, testing::ElementsAre("b/v/p/1-1"));
}

TEST(SharedCapacity, a_share_that_is_gone_hears_nothing) {
  ToldProvider provider;
  SharedCapacity shared(provider);
  const auto a = listen(shared, 'a');
  auto again = listen(shared, 'a');
  again->share.reset();
  provider.tell({"i-1", "a/v/p/1-1", 0, true, {}, {}});
  EXPECT_EQ(a->tokens.size(), 1U);
  EXPECT_TRUE(again->tokens.empty());
}

TEST(SharedCapacity, calls_go_through) {
  ToldProvider provider;
  SharedCapacity shared(provider);
  const auto share = shared.share([](const std::string&) { return true; });
  LaunchCall call;
  call.token = "a/v/p/1-1";
  share->launch(call, [](const LaunchAnswer&) {});
  EXPECT_THAT(provider.launched, testing::ElementsAre("a/v/p/1-1"));
}

}  // namespace
}  // namespace understudy
