#include "services/text/origin.hpp"

#include <string>

#include <gtest/gtest.h>

namespace understudy {
namespace {

const std::string trace =
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Origin, trace_contexts_have_the_form_of_w3c) {
  EXPECT_TRUE(valid_traceparent(trace));
  const auto with = [](std::size_t at, const std::string& text) {
    std::string changed = trace;
    return changed.replace(at, text.size(), text);
  };
  for (const std::string& wrong :
       {std::string(), trace.substr(1), trace + "0", trace + "-00",
        with(0, "ff"), with(0, "0x"), with(2, "_"), with(35, "_"),
        with(52, "_"), with(3, "4B"), with(3, std::string(32, '0')),
        with(36, std::string(16, '0')), with(53, "0g"), ' ' + trace,
        with(10, "\n")}) {
    EXPECT_FALSE(valid_traceparent(wrong)) << wrong;
  }
}

TEST(Origin, a_later_version_may_say_more) {
  const std::string later = "01" + trace.substr(2);
  EXPECT_TRUE(valid_traceparent(later));
  EXPECT_TRUE(valid_traceparent(later + "-more"));
  EXPECT_FALSE(valid_traceparent(later + "more"));
  EXPECT_FALSE(valid_traceparent(later + "-a b"));
  EXPECT_FALSE(valid_traceparent(later + '-' + std::string(500, 'x')));
}

TEST(Origin, who_is_known_and_who_is_only_claimed) {
  EXPECT_EQ(auth_type(principals::operator_token), "api_key");
  EXPECT_EQ(auth_type(principals::http), "unauthenticated");
  EXPECT_EQ(auth_type("alice"), "unknown");
}

}  // namespace
}  // namespace understudy
