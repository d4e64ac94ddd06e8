#pragma once

/// What every capacity provider keeps to. A provider's own test instantiates
/// the suite with a way to make one:
///
///     INSTANTIATE_TEST_SUITE_P(Simulated, CapacityProviderContract,
///                              testing::Values(&make_simulated_harness));

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "actors/ports/capacity_provider.hpp"

namespace understudy {

/// A provider in a world that the suite can rely on.
class CapacityProviderHarness {
 public:
  virtual ~CapacityProviderHarness() = default;

  virtual CapacityProvider& provider() = 0;
  [[nodiscard]] virtual Instant now() const = 0;
  /// Lets time go on until `done` holds; false when it never will.
  virtual bool run_until(const std::function<bool()>& done) = 0;

  /// Has room for exactly four instances, none of them taken.
  [[nodiscard]] virtual Offering roomy() const = 0;
  /// Refuses for capacity.
  [[nodiscard]] virtual Offering exhausted() const = 0;
  /// Can never be had.
  [[nodiscard]] virtual Offering impossible() const = 0;
};

/// One answer, that may come from any thread, but once, and not from inside
/// the call. Shared, since a late second answer must still find it.
template <class T>
class Awaited : public std::enable_shared_from_this<Awaited<T>> {
 public:
  template <class Call>
  void call(Call&& call) {
    calling_ = std::this_thread::get_id();
    call([self = this->shared_from_this()](T answer) {
      const std::lock_guard lock(self->mutex_);
      EXPECT_NE(self->calling_, std::this_thread::get_id())
          << "answered from inside the call";
      EXPECT_FALSE(self->answer_.has_value()) << "answered twice";
      self->answer_ = std::move(answer);
    });
    const std::lock_guard lock(mutex_);
    calling_ = std::thread::id();
  }

  [[nodiscard]] bool came() const { return answer().has_value(); }
  [[nodiscard]] std::optional<T> answer() const {
    const std::lock_guard lock(mutex_);
    return answer_;
  }

 private:
  mutable std::mutex mutex_;
  std::thread::id calling_;
  std::optional<T> answer_;
};

using MakeCapacityProviderHarness =
    std::unique_ptr<CapacityProviderHarness> (*)();

class CapacityProviderContract
    : public testing::TestWithParam<MakeCapacityProviderHarness> {
 protected:
  CapacityProviderContract() : harness_(GetParam()()) {}

  LaunchCall call(const std::string& token, const Offering& offering,
                  std::uint32_t count) {
    return {"owner", token, offering, count, "model", harness_->now()};
  }

  std::shared_ptr<Awaited<LaunchAnswer>> begin_launch(const LaunchCall& call) {
    auto awaited = std::make_shared<Awaited<LaunchAnswer>>();
    awaited->call([&](auto done) { harness_->provider().launch(call, done); });
    return awaited;
  }

  template <class T>
  T answer_of(Awaited<T>& awaited, T otherwise) {
    EXPECT_TRUE(harness_->run_until([&] { return awaited.came(); }))
        << "no answer";
    return awaited.answer().value_or(std::move(otherwise));
  }

  LaunchAnswer launch(const LaunchCall& call) {
    return answer_of(*begin_launch(call), {});
  }

  TerminateAnswer terminate_once(const std::string& provider_ref,
                                 Instant requested_at) {
    auto awaited = std::make_shared<Awaited<TerminateAnswer>>();
    awaited->call([&](auto done) {
      harness_->provider().terminate(provider_ref, requested_at, done);
    });
    return answer_of(*awaited, TerminateAnswer::failed);
  }

  /// As the runtime does: again and again until it is gone.
  void terminate(const std::string& provider_ref) {
    const Instant requested_at = harness_->now();
    constexpr int enough = 1000;
    for (int i = 0; i < enough; ++i) {
      if (terminate_once(provider_ref, requested_at) == TerminateAnswer::gone)
        return;
    }
    ADD_FAILURE() << provider_ref << " is never gone";
  }

  std::vector<ProviderInstance> list(const std::string& owner = "owner") {
    using Listed = Result<std::vector<ProviderInstance>>;
    auto awaited = std::make_shared<Awaited<Listed>>();
    awaited->call([&](auto done) { harness_->provider().list(owner, done); });
    const Listed listed = answer_of<Listed>(*awaited, Error{});
    EXPECT_TRUE(listed.ok());
    return listed.ok() ? listed.value() : std::vector<ProviderInstance>{};
  }

  static std::set<std::string> refs(
      const std::vector<ProviderInstance>& instances) {
    std::set<std::string> found;
    for (const ProviderInstance& instance : instances)
      found.insert(instance.provider_ref);
    return found;
  }

  std::unique_ptr<CapacityProviderHarness> harness_;
};

TEST_P(CapacityProviderContract, Grants_name_their_call) {
  const auto answer = launch(call("e/v/p/1-1", harness_->roomy(), 3));
  ASSERT_EQ(answer.granted.size(), 3U);
  EXPECT_EQ(answer.refused, 0U);
  EXPECT_EQ(answer.kind, RefusalKind::none);
  EXPECT_EQ(refs(answer.granted).size(), 3U) << "each has a name of its own";
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_FALSE(answer.granted[i].provider_ref.empty());
    EXPECT_EQ(answer.granted[i].token, "e/v/p/1-1");
    EXPECT_EQ(answer.granted[i].index, i);
  }
}

TEST_P(CapacityProviderContract, What_was_granted_is_listed) {
  const auto answer = launch(call("e/v/p/1-1", harness_->roomy(), 3));
  const auto listed = list();
  EXPECT_EQ(refs(listed), refs(answer.granted));
  for (const ProviderInstance& instance : listed)
    EXPECT_EQ(instance.token, "e/v/p/1-1");
}

TEST_P(CapacityProviderContract, A_list_is_of_one_owner_and_in_one_order) {
  LaunchCall theirs = call("e/v/p/2-1", harness_->roomy(), 1);
  theirs.owner = "other";
  const auto other = launch(theirs);
  launch(call("e/v/p/1-1", harness_->roomy(), 3));
  EXPECT_EQ(refs(list("other")), refs(other.granted));
  const auto first = list();
  const auto second = list();
  ASSERT_EQ(first.size(), 3U);
  ASSERT_EQ(second.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(first[i].provider_ref, second[i].provider_ref);
  EXPECT_TRUE(list("nobody").empty());
}

TEST_P(CapacityProviderContract, The_same_token_never_launches_twice) {
  const LaunchCall wanted = call("e/v/p/1-1", harness_->roomy(), 2);
  const auto first = launch(wanted);
  const auto second = launch(wanted);
  EXPECT_EQ(refs(second.granted), refs(first.granted));
  EXPECT_EQ(list().size(), 2U);
}

TEST_P(CapacityProviderContract, The_same_token_while_it_waits) {
  const LaunchCall wanted = call("e/v/p/1-1", harness_->roomy(), 2);
  const auto one = begin_launch(wanted);
  const auto two = begin_launch(wanted);
  const auto granted = refs(answer_of(*one, {}).granted);
  EXPECT_EQ(granted.size(), 2U);
  EXPECT_EQ(refs(answer_of(*two, {}).granted), granted);
  EXPECT_EQ(list().size(), 2U);
}

TEST_P(CapacityProviderContract, The_same_token_after_the_instances_ended) {
  const LaunchCall wanted = call("e/v/p/1-1", harness_->roomy(), 1);
  const auto first = launch(wanted);
  ASSERT_EQ(first.granted.size(), 1U);
  terminate(first.granted[0].provider_ref);
  EXPECT_EQ(refs(launch(wanted).granted), refs(first.granted));
  EXPECT_TRUE(list().empty());
}

TEST_P(CapacityProviderContract, A_part_is_granted_and_the_rest_refused) {
  const auto answer = launch(call("e/v/p/1-1", harness_->roomy(), 6));
  EXPECT_EQ(answer.granted.size(), 4U);
  EXPECT_EQ(answer.refused, 2U);
  EXPECT_EQ(answer.kind, RefusalKind::capacity);
  EXPECT_EQ(list().size(), 4U);
}

TEST_P(CapacityProviderContract, A_refusal_says_why_in_the_providers_words) {
  const auto answer = launch(call("e/v/p/1-1", harness_->exhausted(), 2));
  EXPECT_TRUE(answer.granted.empty());
  EXPECT_EQ(answer.refused, 2U);
  EXPECT_EQ(answer.kind, RefusalKind::capacity);
  EXPECT_FALSE(answer.code.empty());
  EXPECT_FALSE(answer.message.empty());
  EXPECT_TRUE(list().empty());
}

TEST_P(CapacityProviderContract, What_can_never_be_had_is_infeasible) {
  const auto answer = launch(call("e/v/p/1-1", harness_->impossible(), 2));
  EXPECT_TRUE(answer.granted.empty());
  EXPECT_EQ(answer.refused, 2U);
  EXPECT_EQ(answer.kind, RefusalKind::infeasible);
}

TEST_P(CapacityProviderContract, An_ended_instance_leaves_list_and_capacity) {
  const auto answer = launch(call("e/v/p/1-1", harness_->roomy(), 4));
  ASSERT_EQ(answer.granted.size(), 4U);
  terminate(answer.granted[1].provider_ref);
  EXPECT_EQ(list().size(), 3U);
  EXPECT_FALSE(refs(list()).contains(answer.granted[1].provider_ref));
  EXPECT_EQ(launch(call("e/v/p/2-1", harness_->roomy(), 2)).granted.size(), 1U);
}

TEST_P(CapacityProviderContract, Ending_what_is_gone_is_gone) {
  const auto answer = launch(call("e/v/p/1-1", harness_->roomy(), 1));
  ASSERT_EQ(answer.granted.size(), 1U);
  terminate(answer.granted[0].provider_ref);
  EXPECT_EQ(terminate_once(answer.granted[0].provider_ref, harness_->now()),
            TerminateAnswer::gone);
  EXPECT_EQ(terminate_once("never-was", harness_->now()),
            TerminateAnswer::gone);
}

}  // namespace understudy
