#include "services/event_log/guarded.hpp"

#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace understudy {
namespace {

using testing::HasSubstr;

TEST(Guarded, TheAnswerComesBackWhole) {
  const std::string large(300'000, 'a');
  const auto outcome =
      run_guarded("log", [&]() -> Result<std::string> { return large; });
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome.value(), large);
}

TEST(Guarded, AnEmptyAnswerIsAnAnswer) {
  const auto outcome =
      run_guarded("log", []() -> Result<std::string> { return std::string(); });
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome.value(), "");
}

TEST(Guarded, AnErrorComesBackAsItWas) {
  for (const auto code : {ErrorCode::invalid_input, ErrorCode::too_new,
                          ErrorCode::corrupt, ErrorCode::internal}) {
    const Error error{code, "what and where"};
    const auto outcome =
        check_guarded("log", [&]() -> Result<void> { return error; });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error(), error);
  }
}

TEST(Guarded, ACrashIsACorruptFile) {
  for (const int signal : {SIGBUS, SIGSEGV, SIGABRT}) {
    const auto outcome = check_guarded("log x", [&]() -> Result<void> {
      std::raise(signal);
      return {};
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::corrupt);
    EXPECT_THAT(outcome.error().message, HasSubstr("log x: "));
    EXPECT_THAT(outcome.error().message, HasSubstr("ended with SIG"));
  }
}

TEST(Guarded, BeingKilledIsNoVerdictOnTheFile) {
  const auto outcome = check_guarded("log", []() -> Result<void> {
    std::raise(SIGKILL);
    return {};
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
}

TEST(Guarded, EndingWithoutAnAnswerIsABug) {
  for (const int status : {0, 3}) {
    const auto outcome =
        check_guarded("log", [&]() -> Result<void> { ::_exit(status); });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::internal);
  }
}

TEST(Guarded, WhatTheChildDoesToMemoryStaysThere) {
  int value = 1;
  EXPECT_TRUE(check_guarded("log", [&]() -> Result<void> {
    value = 2;
    return {};
  }));
  EXPECT_EQ(value, 1);
}

}  // namespace
}  // namespace understudy
