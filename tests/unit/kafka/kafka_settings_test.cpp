#include "services/event_log/kafka_settings.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

class KafkaSettingsTest : public ::testing::Test {
 protected:
  std::string file(const std::string& name, const std::string& text) {
    const auto path = directory_.path() / name;
    std::ofstream(path) << text;
    return path;
  }

  test::TemporaryDirectory directory_;
  KafkaSettings settings_{"k1:9092", "understudy", {}};
};

TEST_F(KafkaSettingsTest, a_file_is_what_the_tools_of_kafka_write) {
  const auto read =
      read_kafka_properties(file("p",
                                 "# as for kcat\n\nbootstrap.servers=other:1\n"
                                 " security.protocol = sasl_ssl \r\n"
                                 "sasl.password=with = and #\n"),
                            settings_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_THAT(settings_.properties,
              ElementsAre(Pair("security.protocol", "sasl_ssl"),
                          Pair("sasl.password", "with = and #")));
  EXPECT_EQ(settings_.bootstrap, "k1:9092");
}

TEST_F(KafkaSettingsTest, secrets_come_from_files_and_the_environment) {
  ::setenv("KAFKA_SETTINGS_TEST", "from environment", 1);
  ASSERT_TRUE(add_kafka_property(
      "sasl.password.file=" + file("secret", "from file\n"), settings_));
  ASSERT_TRUE(add_kafka_property("ssl.key.password.env=KAFKA_SETTINGS_TEST",
                                 settings_));
  ::unsetenv("KAFKA_SETTINGS_TEST");
  EXPECT_THAT(settings_.properties,
              ElementsAre(Pair("sasl.password", "from file"),
                          Pair("ssl.key.password", "from environment")));
  auto missing =
      add_kafka_property("ssl.key.password.env=KAFKA_SETTINGS_TEST", settings_);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("KAFKA_SETTINGS_TEST"));
  EXPECT_FALSE(add_kafka_property("sasl.password.file=none", settings_));
}

TEST_F(KafkaSettingsTest, an_error_shows_no_value) {
  const auto read =
      read_kafka_properties(file("p", "a=b\n\nplanted\n"), settings_);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("/p:3: "));
  EXPECT_THAT(read.error().message, Not(HasSubstr("planted")));
}

TEST_F(KafkaSettingsTest, what_weakens_the_log_is_refused) {
  for (const char* pair :
       {"acks=1", "acks=0", "request.required.acks=1",
        "enable.idempotence=false", "isolation.level=read_uncommitted",
        "enable.auto.commit=true", "group.id=mine", "transactional.id=x",
        "partitioner=random", "bootstrap.servers=x:1"}) {
    auto settings = settings_;
    ASSERT_TRUE(add_kafka_property(pair, settings));
    const auto checked = check_kafka_settings(settings);
    ASSERT_FALSE(checked) << pair;
    EXPECT_THAT(checked.error().message, HasSubstr(std::string(pair).substr(
                                             0, std::string(pair).find('='))));
  }
  for (const char* pair : {"acks=all", "acks=-1", "enable.idempotence=true",
                           "compression.type=lz4", "client.id=x"}) {
    auto settings = settings_;
    ASSERT_TRUE(add_kafka_property(pair, settings));
    EXPECT_TRUE(check_kafka_settings(settings)) << pair;
  }
}

TEST_F(KafkaSettingsTest, brokers_have_ports_that_there_are) {
  for (const char* good :
       {"k1", "k1:1,k2:65535", "10.0.0.1:9092", "[::1]:9092", "[::1]"}) {
    settings_.bootstrap = good;
    EXPECT_TRUE(check_kafka_settings(settings_)) << good;
  }
  for (const char* bad : {"", "k1:99999", "k1:0", "k1:", ":9092", "k1:x",
                          "a:b:c", "k1:1,,k2:1", "k1:1,", "k 1:1"}) {
    settings_.bootstrap = bad;
    EXPECT_FALSE(check_kafka_settings(settings_)) << bad;
  }
}

TEST_F(KafkaSettingsTest, a_prefix_begins_names_of_topics) {
  EXPECT_EQ(settings_.topic("journal"), "understudy.journal");
  for (const char* prefix : {"", "a b", "a/b", "ä"}) {
    settings_.prefix = prefix;
    EXPECT_FALSE(check_kafka_settings(settings_)) << prefix;
  }
}

}  // namespace
}  // namespace understudy
