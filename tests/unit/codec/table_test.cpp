/// The generic layer on types of its own: every kind of field, and what
/// happens to records when a header and its schema change together.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "services/codec/fingerprint.hpp"
#include "services/codec/table_reader.hpp"
#include "services/codec/table_writer.hpp"
#include "tests/unit/codec/golden_files.hpp"

namespace understudy {
namespace {

enum class Colour : std::uint8_t { red, green, blue };
constexpr std::array<std::string_view, 3> names_of(Colour) {
  return {"red", "green", "blue"};
}

enum class FewerColours : std::uint8_t { red, green };
constexpr std::array<std::string_view, 2> names_of(FewerColours) {
  return {"red", "green"};
}

struct Egg {
  std::uint32_t size = 7;
  UNDERSTUDY_FIELDS(Egg, size)
};

struct Nest {
  static constexpr std::string_view name = "nest";
  std::vector<Egg> eggs;
  UNDERSTUDY_FIELDS(Nest, eggs)
};

struct Nothing {
  static constexpr std::string_view name = "nothing";
  UNDERSTUDY_FIELDS(Nothing)
};

struct Everything {
  bool flag = true;
  std::uint16_t number = 5;
  std::int64_t negative = 0;
  Colour colour = Colour::green;
  InstanceId id;
  Instant at;
  std::string text;
  StreamId stream;
  Egg egg;
  std::optional<std::uint32_t> maybe;
  std::optional<Egg> maybe_egg;
  std::optional<std::string> maybe_text;
  std::vector<bool> flags;
  std::vector<Colour> colours;
  std::vector<std::string> texts;
  std::set<std::uint16_t> numbers;
  std::set<std::string> names;
  std::map<std::string, Egg> eggs;
  std::map<InstanceId, Colour> by_id;
  std::variant<Nothing, Nest> choice;
  std::uint8_t last = 1;
  UNDERSTUDY_FIELDS(Everything, flag, number, negative, colour, id, at, text,
                    stream, egg, maybe, maybe_egg, maybe_text, flags, colours,
                    texts, numbers, names, eggs, by_id, choice, last)
};

template <class T>
std::vector<std::uint8_t> written(const T& value) {
  codec::Builder builder;
  builder.Finish(flatbuffers::Offset<codec::Table>(
      codec::write_table(builder, value, codec::IfEmpty::write)));
  return {builder.GetBufferPointer(),
          builder.GetBufferPointer() + builder.GetSize()};
}

template <class T>
Result<T> read_back(const std::vector<std::uint8_t>& bytes) {
  T value;
  codec::TableReader reader(bytes.size());
  reader.read(*flatbuffers::GetRoot<codec::Table>(bytes.data()), value);
  if (!reader.ok()) return reader.take_error();
  return value;
}

Everything full() {
  Everything value;
  value.negative = -1;
  value.id = InstanceId::make({1}, 2, 3);
  value.at = Instant::never();
  value.text = std::string("a\0b", 3);
  value.stream = StreamId::endpoint("chat");
  value.maybe = 0;
  value.maybe_egg = Egg{0};
  value.maybe_text = "";
  value.flags = {true, false};
  value.colours = {Colour::blue, Colour::red};
  value.texts = {"", "x"};
  value.numbers = {0, 9};
  value.names = {"", "n"};
  value.eggs = {{"", {1}}, {"e", {0}}};
  value.by_id = {{{}, Colour::red}, {{5}, Colour::blue}};
  value.choice = Nest{{{0}, {3}}};
  return value;
}

TEST(Table, GivesBackEveryKindOfField) {
  const auto read = read_back<Everything>(written(full()));
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value(), full());
}

/// Absent means zero, whatever the struct's own defaults are.
TEST(Table, ReadsZeroWhereNothingIsStored) {
  const auto read = read_back<Everything>(written(Nothing{}));
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read.value().flag);
  EXPECT_EQ(read.value().number, 0);
  EXPECT_EQ(read.value().colour, Colour::red);
  EXPECT_EQ(read.value().egg.size, 0U);
  EXPECT_EQ(read.value().last, 0);
}

TEST(Table, StoresNothingForZero) {
  const auto read = read_back<Everything>(written(Nothing{}));
  ASSERT_TRUE(read.ok());
  auto zero = read.value();
  EXPECT_EQ(read_back<Everything>(written(zero)).value(), zero);
  zero.choice = Nest{};
  EXPECT_EQ(read_back<Everything>(written(zero)).value(), zero);
}

// --- changes that flatc --conform lets pass ----------------------------------

struct Before {
  std::uint32_t kept = 1;
  std::uint32_t dropped = 2;
  UNDERSTUDY_FIELDS(Before, kept, dropped)
};

struct After {
  std::uint32_t kept = 1;
  UNDERSTUDY_FIELDS(After, kept)
};

TEST(Table, ALostLastFieldShowsInTheGoldenFiles) {
  const auto golden = written(Before{});
  const auto read = read_back<After>(golden);
  ASSERT_TRUE(read.ok());
  EXPECT_NE(written(read.value()), golden);
  EXPECT_EQ(testing::differences(to_json(Before{}), to_json(read.value())),
            std::vector<std::string>{".dropped is gone"});
}

TEST(Table, AnAppendedFieldDoesNot) {
  const auto golden = written(After{});
  const auto read = read_back<Before>(golden);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), (Before{1, 0}));
  EXPECT_EQ(written(read.value()), golden);
  EXPECT_TRUE(
      testing::differences(to_json(After{}), to_json(read.value())).empty());
}

template <class E>
struct Holder {
  E colour{};
  UNDERSTUDY_FIELDS(Holder, colour)
};

TEST(Table, ALostEnumValueIsRefused) {
  const auto read =
      read_back<Holder<FewerColours>>(written(Holder<Colour>{Colour::blue}));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::too_new);
  EXPECT_EQ(read.error().message,
            "colour value 2 is not known to this build; a newer one wrote it");
}

template <class... T>
struct Choice {
  std::variant<T...> choice;
  UNDERSTUDY_FIELDS(Choice, choice)
};

TEST(Table, ALostUnionMemberIsRefused) {
  Choice<Nothing, Nest> before;
  before.choice = Nest{};
  const auto read = read_back<Choice<Nothing>>(written(before));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::too_new);
  EXPECT_EQ(read.error().message,
            "choice tag 2 is not known to this build; a newer one wrote it");
}

// --- what a verifier cannot see ----------------------------------------------

struct Listed {
  std::vector<std::uint16_t> numbers;
  UNDERSTUDY_FIELDS(Listed, numbers)
};

struct Unique {
  std::set<std::uint16_t> numbers;
  UNDERSTUDY_FIELDS(Unique, numbers)
};

TEST(Table, RefusesKeysThatStandTwice) {
  const auto read = read_back<Unique>(written(Listed{{4, 4}}));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
}

struct Texts {
  std::vector<std::string> texts;
  UNDERSTUDY_FIELDS(Texts, texts)
};

/// A few bytes that refer to one another could stand for gigabytes.
TEST(Table, RefusesPartsThatOverlap) {
  codec::Builder builder;
  const auto text = builder.CreateString(std::string(1000, 'x'));
  const auto list = builder.CreateVector(
      std::vector<flatbuffers::Offset<flatbuffers::String>>(1000, text));
  const auto start = builder.StartTable();
  builder.AddOffset(4, list);
  builder.Finish(flatbuffers::Offset<codec::Table>(builder.EndTable(start)));
  const std::vector<std::uint8_t> bytes(
      builder.GetBufferPointer(),
      builder.GetBufferPointer() + builder.GetSize());
  const auto read = read_back<Texts>(bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::corrupt);
}

TEST(Fingerprint, ChangesWithTheLayoutAlone) {
  using codec::layout_fingerprint;
  EXPECT_EQ(layout_fingerprint<Before>(), layout_fingerprint<Before>());
  EXPECT_NE(layout_fingerprint<Before>(), layout_fingerprint<After>());
  EXPECT_NE(layout_fingerprint<Holder<Colour>>(),
            layout_fingerprint<Holder<FewerColours>>());
  EXPECT_NE((layout_fingerprint<Choice<Nothing>>()),
            (layout_fingerprint<Choice<Nothing, Nest>>()));
  EXPECT_NE(layout_fingerprint<std::vector<std::uint32_t>>(),
            layout_fingerprint<std::optional<std::uint32_t>>());
  EXPECT_NE(layout_fingerprint<std::uint32_t>(),
            layout_fingerprint<std::int32_t>());
}

}  // namespace
}  // namespace understudy
