// Misspelt variables of the environment.

#include "services/config/environment_names.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(EnvironmentNames, those_of_settings_and_of_other_programs_are_known) {
  EXPECT_THAT(
      environment_warnings({"UNDERSTUDY_API_LISTEN", "UNDERSTUDY_LOG",
                            "UNDERSTUDY_SERVER", "UNDERSTUDY_TOKEN_FILE",
                            "UNDERSTUDY_CONFIG", "UNDERSTUDY_GATEWAY_CONFIG",
                            "HOME", "understudy_log"}),
      IsEmpty());
}

TEST(EnvironmentNames, a_misspelt_one_is_told_with_the_nearest) {
  EXPECT_THAT(environment_warnings({"UNDERSTUDY_API_LISTN", "PATH",
                                    "UNDERSTUDY_METRICS_MAX_ENDPOINT"}),
              ElementsAre(AllOf(StartsWith("'UNDERSTUDY_API_LISTN' "),
                                EndsWith(": UNDERSTUDY_API_LISTEN")),
                          EndsWith(": UNDERSTUDY_METRICS_MAX_ENDPOINTS")));
  const auto odd =
      environment_warnings({"UNDERSTUDY_" + std::string(100'000, '\n')});
  ASSERT_EQ(odd.size(), 1U);
  EXPECT_LT(odd.front().size(), 2'000U);
  EXPECT_EQ(odd.front().find('\n'), std::string::npos);
}

TEST(EnvironmentNames, are_those_of_this_process) {
  ASSERT_EQ(::setenv("UNDERSTUDY_API_LISTN", "x=y", 1), 0);
  const auto names = environment_names();
  ASSERT_EQ(::unsetenv("UNDERSTUDY_API_LISTN"), 0);
  EXPECT_THAT(names, Contains("UNDERSTUDY_API_LISTN"));
}

}  // namespace
}  // namespace understudy
