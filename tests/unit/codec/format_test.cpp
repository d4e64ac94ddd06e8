/// The worked example of schemas/README.md is true.

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "services/codec/record_codec.hpp"

namespace understudy {
namespace {

/// The record that the page describes.
Record example() {
  Record record;
  record.stream = StreamId::endpoint("chat");
  record.sequence = 7;
  record.version = 3;
  record.epoch = 1;
  record.time = {1'759'536'600'123'456};
  record.decider_version = 1;
  record.delivered = 6;
  record.cause.sequence = 6;
  record.event = endpoint::InstanceReleased{InstanceId::make({12}, 1, 0)};
  return record;
}

/// The hexadecimal lines of the page: `0010  20 00 ...  what it means`.
std::vector<std::byte> bytes_of_the_page() {
  std::ifstream file(std::string(UNDERSTUDY_SOURCE_DIR) + "/schemas/README.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::regex line("\n    [0-9a-f]{4}  ((?:[0-9a-f]{2} )+)");
  std::vector<std::byte> bytes;
  for (std::sregex_iterator it(page.begin(), page.end(), line), end; it != end;
       ++it) {
    std::istringstream words((*it)[1].str());
    for (std::string word; words >> word;)
      bytes.push_back(static_cast<std::byte>(std::stoi(word, nullptr, 16)));
  }
  return bytes;
}

std::string hexadecimal(const std::vector<std::byte>& bytes) {
  std::ostringstream text;
  text << std::hex;
  for (const auto byte : bytes) {
    const int value = std::to_integer<int>(byte);
    text << (value < 16 ? "0" : "") << value << ' ';
  }
  return text.str();
}

TEST(Format, TheWorkedExampleIsWhatTheCodecWrites) {
  std::vector<std::byte> bytes;
  make_record_codec()->encode(example(), bytes);
  EXPECT_EQ(hexadecimal(bytes), hexadecimal(bytes_of_the_page()));
}

TEST(Format, TheWorkedExampleIsRead) {
  const auto record = make_record_codec()->decode(bytes_of_the_page());
  ASSERT_TRUE(record.ok()) << record.error().message;
  EXPECT_EQ(record.value(), example());
}

}  // namespace
}  // namespace understudy
