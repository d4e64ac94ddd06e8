#include "services/config/gateway_settings.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

namespace understudy {
namespace {

const std::string example =
    UNDERSTUDY_SOURCE_DIR "/deploy/understudy-gateway.yaml";

template <class T>
void collect(const T& value, const std::string& prefix,
             std::map<std::string, std::string>& into) {
  for_each_field(value, [&](std::string_view name, const auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    const std::string key = prefix + std::string(name);
    if constexpr (Described<Member>) {
      collect(member, key + '.', into);
    } else if constexpr (DescribedEnum<Member>) {
      into[key] = name_of(member);
    } else if constexpr (std::same_as<Member, std::string>) {
      into[key] = member;
    } else {
      into[key] = std::to_string(member);
    }
  });
}

std::map<std::string, std::string> values_of(const GatewaySettings& settings) {
  std::map<std::string, std::string> values;
  collect(settings, "", values);
  return values;
}

TEST(GatewaySettings, TheExampleHoldsEveryDefault) {
  const auto read = read_gateway_settings({example, {}, {}});
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(values_of(read.value()), values_of({}));
  std::ifstream file(example);
  std::stringstream text;
  text << file.rdbuf();
  for (const std::string& key : gateway_settings_keys()) {
    const std::string last = key.substr(key.rfind('.') + 1);
    EXPECT_NE(text.str().find(last + ":"), std::string::npos) << key;
  }
}

TEST(GatewaySettings, TheEnvironmentAndFlagsWeighMore) {
  SettingsSources sources;
  sources.environment =
      [](const std::string& name) -> std::optional<std::string> {
    if (name == "UNDERSTUDY_GATEWAY_QUEUE_MAX") return "7";
    if (name == "UNDERSTUDY_GATEWAY_LISTEN") return "127.0.0.1:1";
    return std::nullopt;
  };
  sources.flags = {{"listen", "127.0.0.1:2"}};
  const auto read = read_gateway_settings(sources);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().queue.max, 7U);
  EXPECT_EQ(read.value().listen, "127.0.0.1:2");
}

TEST(GatewaySettings, SayWhatIsWrong) {
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{
           {"listen", "here"},
           {"listen", "a b:1"},
           {"status_listen", "1"},
           {"queue.max", "0"},
           {"haproxy.slots", "x"},
           {"haproxy.directory", "run"},
           {"haproxy.directory", "/a b"},
           {"haproxy.directory", "/" + std::string(90, 'a')},
           {"tls_certificate", "/a\n  bind *:1"},
           {"log", "other:x"},
           {"name", "a\nb"},
           {"colour", "red"}}) {
    SettingsSources sources;
    sources.flags = {{key, value}};
    const auto read = read_gateway_settings(sources);
    ASSERT_FALSE(read.ok()) << key << ' ' << value;
    EXPECT_NE(read.error().message.find("accepted"), std::string::npos)
        << read.error().message;
  }
}

}  // namespace
}  // namespace understudy
