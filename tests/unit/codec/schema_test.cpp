/// The schemas and the headers of the domain say the same, field by field.

#include <flatbuffers/idl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record_bfbs_generated.h"
#include "services/codec/snapshot.hpp"
#include "snapshot_bfbs_generated.h"
#include "tests/unit/codec/reflected.hpp"
#include "tests/unit/codec/schema_walk.hpp"

namespace understudy {
namespace {

using ::testing::Contains;
using testing::Dialect;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SchemaWalk;

const reflection::Enum& enum_of(const reflection::Schema& schema,
                                const char* name) {
  return *testing::named(*schema.enums(), name);
}

TEST(Schema, EveryEventIsAsItsHeaderSays) {
  const auto& schema = *reflection::GetSchema(fb::RecordBinarySchema::data());
  SchemaWalk walk(schema, Dialect::stored);
  walk.compare_union<AnyEvent>(enum_of(schema, "understudy.fb.Event"));
  EXPECT_THAT(walk.differences(), IsEmpty());
}

TEST(Schema, EveryInputFromOutsideIsAsItsHeaderSays) {
  const auto& schema = *reflection::GetSchema(fb::RecordBinarySchema::data());
  SchemaWalk walk(schema, Dialect::stored);
  walk.compare_union<OutsideInput>(enum_of(schema, "understudy.fb.Input"));
  EXPECT_THAT(walk.differences(), IsEmpty());
}

/// Nothing stands in the schema that no header knows.
TEST(Schema, RecordsHoldNothingElse) {
  const auto& schema = *reflection::GetSchema(fb::RecordBinarySchema::data());
  SchemaWalk walk(schema, Dialect::stored);
  walk.compare_union<AnyEvent>(enum_of(schema, "understudy.fb.Event"));
  walk.compare_union<OutsideInput>(enum_of(schema, "understudy.fb.Input"));
  for (const auto* table : *schema.objects()) {
    if (table->name()->str() == "understudy.fb.Record") continue;
    EXPECT_THAT(walk.seen(), Contains(table->name()->str()));
  }
  for (const auto* value : *schema.enums())
    EXPECT_THAT(walk.seen(), Contains(value->name()->str()));
}

template <class State>
void expect_state(const char* name) {
  const auto& schema = *reflection::GetSchema(fb::SnapshotBinarySchema::data());
  SchemaWalk walk(schema, Dialect::stored);
  const auto* table = testing::named(*schema.objects(), name);
  ASSERT_NE(table, nullptr) << name;
  walk.compare_table<State>(*table);
  EXPECT_THAT(walk.differences(), IsEmpty());
}

TEST(Schema, EveryStateIsAsItsHeaderSays) {
  expect_state<endpoint::State>("understudy.fb.endpoint.State");
  expect_state<pool::State>("understudy.fb.pool.State");
  expect_state<instance::State>("understudy.fb.instance.State");
  expect_state<autoscaler::State>("understudy.fb.autoscaler.State");
}

// --- the comparison itself finds what it must find --------------------------

enum class Colour : std::uint8_t { red, deep_blue };
constexpr std::array<std::string_view, 2> names_of(Colour) {
  return {"red", "deep-blue"};
}

struct Leaf {
  std::uint32_t size = 0;
  UNDERSTUDY_FIELDS(Leaf, size)
};

struct Sample {
  std::string text;
  Colour colour = Colour::red;
  std::optional<std::uint64_t> number;
  std::map<std::string, Leaf> leaves;
  UNDERSTUDY_FIELDS(Sample, text, colour, number, leaves)
};

constexpr const char* honest = R"(
  enum Colour : ubyte { red, deep_blue }
  table Leaf { size: uint; }
  table LeafEntry { key: string; value: Leaf; }
  table Sample {
    text: string;
    colour: Colour;
    number: ulong = null;
    leaves: [LeafEntry];
  }
  root_type Sample;)";

/// The differences of `Sample` from the honest schema with `from` replaced.
std::string difference(const std::string& from, const std::string& to) {
  std::string text = honest;
  text.replace(text.find(from), from.size(), to);
  flatbuffers::Parser parser;
  EXPECT_TRUE(parser.Parse(text.c_str())) << parser.error_;
  parser.Serialize();
  const auto& schema =
      *reflection::GetSchema(parser.builder_.GetBufferPointer());
  SchemaWalk walk(schema, Dialect::stored);
  walk.compare_table<Sample>(*schema.root_table());
  std::string all;
  for (const auto& line : walk.differences())
    all += line + '\n';
  return all;
}

TEST(SchemaWalk, AcceptsTheSame) { EXPECT_EQ(difference("red", "red"), ""); }

TEST(SchemaWalk, FindsAName) {
  EXPECT_THAT(difference("text: string", "texts: string"),
              HasSubstr("Sample.text: name texts in the schema"));
}

TEST(SchemaWalk, FindsAnOrder) {
  EXPECT_THAT(difference("text: string;\n    colour: Colour;",
                         "colour: Colour;\n    text: string;"),
              HasSubstr("Sample.text: name colour in the schema"));
}

TEST(SchemaWalk, FindsAType) {
  EXPECT_THAT(difference("size: uint", "size: ulong"),
              HasSubstr("Leaf.size: type ULong in the schema, UInt"));
}

TEST(SchemaWalk, FindsAMissingField) {
  EXPECT_THAT(difference("leaves: [LeafEntry];", ""),
              HasSubstr("Sample.leaves: not in the schema"));
}

TEST(SchemaWalk, FindsAFieldTooMany) {
  EXPECT_THAT(
      difference("leaves: [LeafEntry];", "leaves: [LeafEntry]; more: int;"),
      HasSubstr("number of fields 5 in the schema, 4"));
}

TEST(SchemaWalk, FindsAnEnumsValues) {
  EXPECT_THAT(difference("deep_blue }", "blue }"),
              HasSubstr("Colour: value blue in the schema, deep_blue"));
  EXPECT_THAT(difference("deep_blue }", "deep_blue, green }"),
              HasSubstr("Colour: values 3 in the schema, 2"));
}

TEST(SchemaWalk, FindsWhatIsNotOptional) {
  EXPECT_THAT(difference("ulong = null", "ulong"),
              HasSubstr("Sample.number: optional no in the schema"));
}

TEST(SchemaWalk, FindsADefault) {
  EXPECT_THAT(difference("size: uint", "size: uint = 3"),
              HasSubstr("Leaf.size: has a default"));
}

}  // namespace
}  // namespace understudy
