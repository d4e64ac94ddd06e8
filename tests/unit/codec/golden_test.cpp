/// Records of earlier builds are read as they were meant, for ever.

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/codec/record_codec.hpp"
#include "tests/unit/codec/golden_files.hpp"
#include "tests/unit/codec/samples.hpp"

namespace understudy {
namespace {

using testing::golden_file_name;
using ::testing::IsEmpty;

Json expectations(const std::filesystem::path& folder) {
  std::ifstream file(folder / "expected.json");
  return Json::parse(file, nullptr, false);
}

TEST(Golden, EveryGenerationIsReadAsItWasMeant) {
  const auto codec = make_record_codec();
  for (const auto& folder : testing::golden_generations()) {
    const Json expected = expectations(folder);
    ASSERT_TRUE(expected.is_object()) << folder;
    for (const auto& [name, value] : expected.items()) {
      SCOPED_TRACE(folder / name);
      const auto bytes = testing::read_bytes(folder / golden_file_name(name));
      const auto record = codec->decode(bytes);
      ASSERT_TRUE(record.ok()) << record.error().message;
      EXPECT_THAT(
          testing::differences(value, testing::record_json(record.value())),
          IsEmpty());
    }
  }
}

TEST(Golden, EveryGenerationIsWrittenAgainByteForByte) {
  const auto codec = make_record_codec();
  for (const auto& folder : testing::golden_generations()) {
    const Json expected = expectations(folder);
    for (const auto& [name, value] : expected.items()) {
      SCOPED_TRACE(folder / name);
      const auto bytes = testing::read_bytes(folder / golden_file_name(name));
      const auto record = codec->decode(bytes);
      ASSERT_TRUE(record.ok()) << record.error().message;
      std::vector<std::byte> again;
      codec->encode(record.value(), again);
      EXPECT_EQ(again, bytes);
    }
  }
}

/// Whoever appends a field or an event writes a new generation:
/// codec_golden tests/unit/codec/golden/vN.
TEST(Golden, TheNewestGenerationHoldsEveryField) {
  const auto codec = make_record_codec();
  const auto generations = testing::golden_generations();
  ASSERT_FALSE(generations.empty());
  for (const auto& [name, sample] : testing::golden_samples()) {
    const auto path = generations.back() / golden_file_name(name);
    const auto record = codec->decode(testing::read_bytes(path));
    ASSERT_TRUE(record.ok()) << path << ": " << record.error().message;
    EXPECT_EQ(record.value(), sample)
        << path << " lacks a field; write another generation with "
        << "codec_golden";
  }
}

TEST(Golden, NoGenerationIsIncomplete) {
  for (const auto& folder : testing::golden_generations()) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      files += entry.path().extension() == ".bin" ? 1U : 0U;
    EXPECT_EQ(files, expectations(folder).size()) << folder;
  }
}

}  // namespace
}  // namespace understudy
