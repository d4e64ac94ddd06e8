#include "actors/core/result.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "actors/core/check.hpp"

namespace understudy {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) {
    return Error{ErrorCode::invalid_input, "3: accepted: an even number"};
  }
  return number / 2;
}

TEST(Result, holds_a_value) {
  const auto result = half(4);
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(result.value(), 2);
}

TEST(Result, holds_an_error) {
  const auto result = half(3);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(),
            (Error{ErrorCode::invalid_input, "3: accepted: an even number"}));
}

TEST(Result, value_may_be_moved_out) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 5);
}

TEST(Result, value_may_be_an_error_text) {
  Result<std::string> result(std::string("fine"));
  result.value() += '!';
  EXPECT_EQ(result.value(), "fine!");
}

TEST(Result, of_nothing) {
  EXPECT_TRUE(Result<void>().ok());
  const Result<void> failed(Error{ErrorCode::corrupt, "m"});
  EXPECT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, ErrorCode::corrupt);
}

TEST(Result, error_codes_have_names) {
  EXPECT_EQ(to_string(ErrorCode::invalid_input), "invalid-input");
  EXPECT_EQ(to_string(ErrorCode::not_found), "not-found");
  EXPECT_EQ(to_string(ErrorCode::already_held), "already-held");
  EXPECT_EQ(to_string(ErrorCode::unavailable), "unavailable");
  EXPECT_EQ(to_string(ErrorCode::corrupt), "corrupt");
  EXPECT_EQ(to_string(ErrorCode::too_new), "too-new");
  EXPECT_EQ(to_string(ErrorCode::internal), "internal");
}

TEST(CheckDeathTest, broken_invariant_names_itself_and_aborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  UNDERSTUDY_CHECK(1 + 1 == 2);
  EXPECT_DEATH(UNDERSTUDY_CHECK(1 + 1 == 3),
               "invariant broken: 1 \\+ 1 == 3 \\(.*tests/unit/core/");
}

}  // namespace
}  // namespace understudy
