/// When a batch of records goes out.

#include "actors/runtime/journal.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "services/capacity/simulated_capacity.hpp"
#include "services/clock/virtual_clock.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    JournalLinks links;
    links.waiting = [this] { return waiting_; };
    links.spawn = [](const StreamId&, const AnyState&) {};
    links.tell = [](const StreamId&, const Handle&) {};
    links.retire = [](const StreamId&) {};
    links.commit = [this](const Commit& one) {
      committed_.push_back(one.batch->ends.size());
    };
    links.set_timer = [](Instant) {};
    links.list = [](const Listed&) {};
    journal_ = std::make_unique<Journal>(JournalOptions{}, fleet_, *codec_,
                                         clock_, effects_, std::move(links));
  }

  void submit() {
    journal_->submit({stream_, endpoint::DeleteEndpoint{"d"}, {}, {}});
  }

  /// An actor has decided: one record.
  void decide() {
    Decided decided;
    decided.stream = stream_;
    decided.cause.input = endpoint::DeleteEndpoint{"d"};
    decided.events = {endpoint::CommandAccepted{"d", "delete-endpoint"}};
    journal_->decided(std::move(decided));
  }

  void decide(std::size_t times) {
    for (std::size_t at = 0; at < times; ++at) {
      submit();
      decide();
    }
  }

  void reach_the_log() { journal_->committed({sum(), std::nullopt}); }

  [[nodiscard]] std::uint64_t sum() const {
    std::uint64_t all = 0;
    for (const std::size_t one : committed_)
      all += one;
    return all;
  }

  const StreamId stream_ = StreamId::endpoint("chat");
  bool waiting_ = false;
  std::vector<std::size_t> committed_;  ///< Records of each batch.
  VirtualClock clock_{{1'000'000}};
  SimulatedCapacity capacity_{clock_, three_zones(), {}, 1};
  SimulatedProbe probe_{clock_, {}, 1};
  NoLoad load_;
  Effects effects_{{clock_, capacity_, probe_, load_},
                   "owner",
                   [](const StreamId&, const OutsideInput&) {},
                   [](const ProviderNotice&) {}};
  std::unique_ptr<RecordCodec> codec_ = make_record_codec();
  Fleet fleet_;
  std::unique_ptr<Journal> journal_;
};

using Sizes = std::vector<std::size_t>;

TEST_F(JournalTest, at_rest_a_record_goes_out_at_once) {
  decide(1);
  EXPECT_EQ(committed_, Sizes{1});
  reach_the_log();
  EXPECT_EQ(committed_, Sizes{1});
}

TEST_F(JournalTest, what_comes_while_a_batch_is_on_its_way_is_one_batch) {
  decide(4);
  EXPECT_EQ(committed_, Sizes{1});
  reach_the_log();
  EXPECT_EQ(committed_, (Sizes{1, 3}));
}

TEST_F(JournalTest, a_batch_waits_for_an_actor_that_decides) {
  submit();
  submit();
  decide();
  EXPECT_EQ(committed_, Sizes{});
  decide();
  EXPECT_EQ(committed_, Sizes{2});
}

TEST_F(JournalTest, a_batch_waits_for_inputs_that_are_there) {
  waiting_ = true;
  decide(3);
  EXPECT_EQ(committed_, Sizes{});
  // The last one goes to no actor: nothing is decided any more.
  waiting_ = false;
  journal_->flush_if_due();
  EXPECT_EQ(committed_, Sizes{3});
}

TEST_F(JournalTest, a_large_batch_waits_for_nothing) {
  waiting_ = true;
  decide(2'000);
  ASSERT_EQ(committed_.size(), 1U);
  const std::size_t large = committed_[0];
  EXPECT_LT(large, 2'000U);
  reach_the_log();
  EXPECT_EQ(committed_, Sizes{large});
  decide(large);
  EXPECT_EQ(committed_.size(), 2U);
}

}  // namespace
}  // namespace understudy
