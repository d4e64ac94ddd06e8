// Settings from file, environment and command line, and what is refused.

#include "services/config/settings.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace understudy {
namespace {

using ::testing::HasSubstr;

class SettingsTest : public ::testing::Test {
 protected:
  SettingsTest() {
    file_ = std::filesystem::temp_directory_path() /
            ("settings-" + std::to_string(::getpid()) + ".yaml");
  }
  ~SettingsTest() override { std::filesystem::remove(file_); }

  Result<Settings> read(const std::string& text) {
    std::ofstream(file_) << text;
    sources_.file = file_;
    return read_settings(sources_);
  }

  void environment(std::map<std::string, std::string> values) {
    sources_.environment = [values](const std::string& name) {
      const auto found = values.find(name);
      return found == values.end() ? std::optional<std::string>()
                                   : found->second;
    };
  }

  std::string refusal(const std::string& text) {
    const auto settings = read(text);
    EXPECT_FALSE(settings.ok());
    return settings.ok() ? "" : settings.error().message;
  }

  std::filesystem::path file_;
  SettingsSources sources_;
};

constexpr const char* least = "capacity: simulated:a.capacity\n";

TEST_F(SettingsTest, file_environment_flags_weigh_more_in_this_order) {
  environment(
      {{"UNDERSTUDY_API_THREADS", "5"}, {"UNDERSTUDY_CLOCK_SPEED", "6"}});
  sources_.flags = {{"clock.speed", "7"}};
  const auto settings = read(std::string(least) +
                             "api: {threads: 4, max_followers: 9}\n"
                             "clock: {speed: 4}\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().api.max_followers, 9U);
  EXPECT_EQ(settings.value().api.threads, 5U);
  EXPECT_EQ(settings.value().clock.speed, 7U);
}

TEST_F(SettingsTest, texts_are_taken_as_they_are) {
  sources_.flags = {{"capacity", "simulated:a: b # c"}};
  const auto settings = read("owner: me\n");
  ASSERT_TRUE(settings.ok()) << settings.error().message;
  EXPECT_EQ(settings.value().capacity, "simulated:a: b # c");
}

TEST_F(SettingsTest, an_error_names_where_the_value_came_from) {
  EXPECT_THAT(refusal(std::string(least) + "api: {thread: 4}\n"),
              HasSubstr(":2:7: api.thread: unknown field; accepted: listen"));
  environment({{"UNDERSTUDY_API_THREADS", "many"}});
  EXPECT_THAT(refusal(least), HasSubstr("environment UNDERSTUDY_API_THREADS"));
  environment({});
  sources_.flags = {{"api.thread", "4"}};
  EXPECT_THAT(refusal(least), HasSubstr("command line: unknown key"));
}

TEST_F(SettingsTest, values_out_of_range_are_refused_with_the_range) {
  EXPECT_THAT(refusal(std::string(least) + "clock: {speed: 0}\n"),
              HasSubstr("clock.speed: 0; accepted: 1 to 100000"));
  EXPECT_THAT(refusal(std::string(least) + "log: 'carrier:pigeon'\n"),
              HasSubstr(": log: 'carrier:pigeon': no such kind of log; "
                        "accepted: DIR or embedded:DIR or kafka:HOST"));
  EXPECT_THAT(refusal("owner: me\n"), HasSubstr("capacity: missing"));
  EXPECT_THAT(refusal("capacity: 'simulated:'\n"), HasSubstr("simulated:FILE"));
}

TEST_F(SettingsTest, other_machines_need_a_token) {
  const std::string open = std::string(least) + "api: {listen: '0.0.0.0:1'";
  EXPECT_THAT(refusal(open + "}\n"), HasSubstr("api.token_file"));
  EXPECT_TRUE(read(open + ", token_file: t}\n").ok());
}

TEST_F(SettingsTest, addresses) {
  EXPECT_TRUE(parse_listen("127.0.0.1:7780")->loopback());
  EXPECT_EQ(parse_listen("[::1]:80")->host, "::1");
  EXPECT_FALSE(parse_listen("10.0.0.1:80")->loopback());
  for (const auto wrong : {"", "7780", ":7780", "a:b", "a:65536", "::1:80"})
    EXPECT_FALSE(parse_listen(wrong)) << wrong;
}

TEST_F(SettingsTest, names_in_the_environment) {
  EXPECT_EQ(environment_name("api.token_file"), "UNDERSTUDY_API_TOKEN_FILE");
  EXPECT_THAT(settings_keys(), ::testing::Contains("runtime.stop_timeout_ms"));
}

}  // namespace
}  // namespace understudy
