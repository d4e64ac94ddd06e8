/// The commented example and the manual against the settings themselves.

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/describe.hpp"
#include "services/config/settings.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

const fs::path deploy = fs::path(UNDERSTUDY_SOURCE_DIR) / "deploy";

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return text.str();
}

/// A key of the example with its value and what the comment above accepts.
struct Shown {
  std::string key;
  std::string value;
  std::string accepted;
};

/// The example with every key switched on, and its keys in order.
struct Example {
  std::string text;
  std::vector<Shown> keys;

  Example() {
    const std::regex line_form(R"(^( *)#?([a-z_]+):( .*)?$)");
    const std::regex accepted_form(R"(^ *# Accepted: (.*)$)");
    std::istringstream in(text_of(deploy / "understudyd.yaml"));
    std::string section;
    std::string accepted;
    std::smatch match;
    for (std::string line; std::getline(in, line);) {
      if (std::regex_match(line, match, accepted_form)) accepted = match[1];
      if (!std::regex_match(line, match, line_form)) continue;
      text += match[1].str() + match[2].str() + ':' + match[3].str() + '\n';
      if (!match[3].matched) {
        section = match[2].str() + '.';
        continue;
      }
      const std::string key = match[2];
      const bool inside = match[1].length() != 0;
      keys.push_back(
          {inside ? section + key : key, match[3].str().substr(1), accepted});
      accepted.clear();
    }
  }
};

Result<Settings> read_text(const std::string& text) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "settings.yaml";
  std::ofstream(file) << text;
  return read_settings({file.string(), {}, {}});
}

/// Every key with its value as text.
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

std::map<std::string, std::string> values_of(const Settings& settings) {
  std::map<std::string, std::string> values;
  collect(settings, "", values);
  return values;
}

Result<Settings> with(const std::string& key, const std::string& value) {
  return read_settings(
      {(deploy / "understudyd.yaml").string(), {}, {{key, value}}});
}

TEST(SettingsExample, has_every_key_once_and_in_order) {
  std::vector<std::string> keys;
  for (const Shown& one : Example().keys)
    keys.push_back(one.key);
  EXPECT_EQ(keys, settings_keys());
}

TEST(SettingsExample, shows_the_default_of_every_key) {
  const Example example;
  const auto settings = read_text(example.text);
  ASSERT_TRUE(settings) << settings.error().message;
  auto shown = values_of(settings.value());
  auto expected = values_of(Settings{});
  // The one that has no default.
  EXPECT_EQ(shown["capacity"],
            "simulated:/usr/share/understudy/scenarios/main.yaml");
  expected["capacity"] = shown["capacity"];
  EXPECT_EQ(shown, expected);
}

TEST(SettingsExample, is_accepted_as_it_is_and_changes_nothing) {
  const auto settings =
      read_settings({(deploy / "understudyd.yaml").string(), {}, {}});
  ASSERT_TRUE(settings) << settings.error().message;
  auto expected = values_of(Settings{});
  expected["capacity"] = settings.value().capacity;
  EXPECT_EQ(values_of(settings.value()), expected);
}

TEST(SettingsExample, says_what_each_key_accepts) {
  for (const Shown& one : Example().keys)
    EXPECT_FALSE(one.accepted.empty()) << one.key;
}

TEST(SettingsExample, the_ranges_are_those_that_are_checked) {
  const std::regex range_form(R"(^(\d+) to (\d+)$)");
  std::size_t ranges = 0;
  for (const Shown& one : Example().keys) {
    std::smatch match;
    if (!std::regex_match(one.accepted, match, range_form)) continue;
    ++ranges;
    const auto min = std::stoull(match[1]);
    const auto max = std::stoull(match[2]);
    EXPECT_TRUE(with(one.key, std::to_string(min))) << one.key;
    EXPECT_TRUE(with(one.key, std::to_string(max))) << one.key;
    EXPECT_FALSE(with(one.key, std::to_string(max + 1))) << one.key;
    if (min > 0) {
      EXPECT_FALSE(with(one.key, std::to_string(min - 1))) << one.key;
    }
  }
  // Every number has one.
  std::size_t numbers = 0;
  for (const auto& [key, value] : values_of(Settings{}))
    numbers += value.find_first_not_of("0123456789") == std::string::npos &&
                       !value.empty()
                   ? 1
                   : 0;
  EXPECT_EQ(ranges, numbers);
}

TEST(SettingsExample, lists_the_words_that_are_taken) {
  const std::regex list_form(R"(^\w+(, \w+)+$)");
  std::size_t lists = 0;
  for (const Shown& one : Example().keys) {
    if (!std::regex_match(one.accepted, list_form)) continue;
    ++lists;
    const auto refused = with(one.key, "nonsense");
    ASSERT_FALSE(refused) << one.key;
    EXPECT_NE(refused.error().message.find("accepted: " + one.accepted),
              std::string::npos)
        << refused.error().message;
  }
  EXPECT_EQ(lists, 3U);
}

TEST(SettingsExample, the_manual_has_every_key) {
  const std::string page = text_of(deploy / "man" / "understudyd.yaml.5");
  for (const std::string& key : settings_keys())
    EXPECT_NE(page.find("\n.It Cm " + key + "\n"), std::string::npos) << key;
}

TEST(SettingsExample, the_manual_has_the_same_ranges_and_defaults) {
  const std::string page = text_of(deploy / "man" / "understudyd.yaml.5");
  for (const Shown& one : Example().keys) {
    if (one.accepted.find(" to ") == std::string::npos) continue;
    if (one.value.find_first_not_of("0123456789") != std::string::npos)
      continue;
    const auto at = page.find("\n.It Cm " + one.key + "\n");
    const auto end = page.find("\n.It ", at + 1);
    EXPECT_NE(
        page.substr(at, end - at).find(one.accepted + ", default " + one.value),
        std::string::npos)
        << one.key;
  }
}

}  // namespace
}  // namespace understudy::test
