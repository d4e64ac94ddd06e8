#include "actors/runtime/name_map.hpp"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(NameMap, AnEmptyOneHoldsNothing) {
  NameMap<int> map;
  map.erase("a");
  EXPECT_EQ(map.find("a"), nullptr);
  EXPECT_EQ(map.size(), 0U);
}

TEST(NameMap, ValuesStayWhereTheyAre) {
  NameMap<int> map;
  const int* first = &map.find_or_make("0", [] { return 7; });
  for (int n = 1; n < 1000; ++n)
    map.find_or_make(std::to_string(n), [n] { return n; });
  map.erase("1");
  EXPECT_EQ(map.find("0"), first);
  EXPECT_EQ(*first, 7);
}

/// Erasing moves others, so it is compared with a map at every step.
TEST(NameMap, HoldsWhatAMapHolds) {
  std::mt19937 random(1);
  NameMap<unsigned> map;
  std::map<std::string, unsigned> model;
  for (unsigned step = 0; step < 100'000; ++step) {
    const std::string name = std::to_string(random() % 700);
    if (random() % 2 == 0) {
      map.erase(name);
      model.erase(name);
    } else {
      const unsigned value = map.find_or_make(name, [step] { return step; });
      EXPECT_EQ(value, model.try_emplace(name, step).first->second);
    }
    const std::string other = std::to_string(random() % 700);
    const auto known = model.find(other);
    const unsigned* found = map.find(other);
    ASSERT_EQ(found != nullptr, known != model.end()) << step;
    if (found != nullptr) {
      EXPECT_EQ(*found, known->second);
    }
    ASSERT_EQ(map.size(), model.size());
  }
  std::map<std::string, unsigned> all;
  map.for_each([&](const std::string& name, unsigned value) {
    EXPECT_TRUE(all.emplace(name, value).second);
  });
  EXPECT_EQ(all, model);
}

}  // namespace
}  // namespace understudy
