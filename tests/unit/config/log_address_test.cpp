// Where a log is, as all programs read it.

#include "services/config/log_address.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace understudy {
namespace {

using ::testing::HasSubstr;

TEST(LogAddress, a_directory_is_named_with_or_without_its_kind) {
  for (const auto text : {"fleet", "embedded:fleet"}) {
    const auto address = parse_log_address(text);
    ASSERT_TRUE(address.ok()) << text;
    EXPECT_EQ(address.value().kind, LogKind::embedded) << text;
    EXPECT_EQ(address.value().rest, "fleet") << text;
    EXPECT_EQ(embedded_directory(text).value(), "fleet") << text;
  }
  EXPECT_EQ(embedded_directory("/a/kafka:b").value(), "/a/kafka:b");
  EXPECT_EQ(embedded_directory("./kafka:b").value(), "./kafka:b");
  EXPECT_EQ(embedded_directory("embedded:kafka:b").value(), "kafka:b");
}

TEST(LogAddress, kafka_is_known_and_is_no_directory) {
  const auto address = parse_log_address("kafka:one:9092,two:9092");
  ASSERT_TRUE(address.ok());
  EXPECT_EQ(address.value().kind, LogKind::kafka);
  EXPECT_EQ(address.value().rest, "one:9092,two:9092");
  const auto directory = embedded_directory("kafka:one:9092");
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(directory.error().message,
            "'kafka:one:9092' cannot be opened here");
}

TEST(LogAddress, what_names_nothing_or_an_unknown_kind_is_refused) {
  for (const auto text : {"", "embedded:", "kafka:"}) {
    const auto address = parse_log_address(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_THAT(address.error().message, HasSubstr("names no log"));
  }
  const auto misspelt = parse_log_address("kafak:one:9092");
  ASSERT_FALSE(misspelt.ok());
  EXPECT_EQ(misspelt.error().message, "'kafak:one:9092': no such kind of log");
}

}  // namespace
}  // namespace understudy
