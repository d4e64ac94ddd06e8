/// The schemas still read whatever the baseline could write; and the three
/// guards (flatc --conform, Evolution, golden files) refuse what would break
/// that, each what it can see.

#include "tests/unit/codec/evolution.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace understudy {
namespace {

namespace fs = std::filesystem;
using testing::Evolution;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LoadedSchema;

const fs::path schemas = fs::path(UNDERSTUDY_SOURCE_DIR) / "schemas";
const fs::path baseline = schemas / "baseline";

/// Any other end than a plain yes is a no: flatc crashes on some changes.
bool conforms(const fs::path& schema, const fs::path& before) {
  const std::string command = std::string(UNDERSTUDY_FLATC) + " --conform '" +
                              before.string() + "' --conform-includes '" +
                              before.parent_path().string() + "' '" +
                              schema.string() + "' >/dev/null 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::vector<fs::path> baseline_schemas() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(baseline)) {
    if (entry.path().extension() == ".fbs") files.push_back(entry.path());
  }
  return files;
}

TEST(Evolution, EverySchemaConformsToItsBaseline) {
  ASSERT_FALSE(baseline_schemas().empty());
  for (const auto& before : baseline_schemas())
    EXPECT_TRUE(conforms(schemas / before.filename(), before)) << before;
}

TEST(Evolution, NothingOfTheBaselineIsGone) {
  for (const char* root : {"record.fbs", "command.fbs"}) {
    const LoadedSchema before(baseline / root);
    const LoadedSchema after(schemas / root);
    ASSERT_EQ(before.error(), "");
    ASSERT_EQ(after.error(), "");
    EXPECT_THAT(Evolution(before.get(), after.get()).breaks(), IsEmpty());
  }
}

// --- the guards themselves ---------------------------------------------------

constexpr const char* before_text = R"(
  enum Colour : ubyte { red, green, blue }
  table Egg { size: uint; }
  table Bird { name: string; eggs: [Egg]; colour: Colour; age: uint; }
  table Fish { depth: ulong; }
  union Animal { Bird, Fish }
  table Zoo { town: string (required); animal: Animal; visitors: uint; }
  root_type Zoo;
  file_identifier "ZOO1";)";

class Change : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "evolutionXXXXXX");
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(folder_ / "before.fbs") << before_text;
  }

  void TearDown() override { fs::remove_all(folder_); }

  /// Replaces `from` by `to` in the schema.
  void change(const std::string& from, const std::string& to) {
    std::string text = before_text;
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    std::ofstream(folder_ / "after.fbs") << text.replace(at, from.size(), to);
  }

  bool conform_passes() {
    return conforms(folder_ / "after.fbs", folder_ / "before.fbs");
  }

  std::string breaks() {
    const LoadedSchema before(folder_ / "before.fbs");
    const LoadedSchema after(folder_ / "after.fbs");
    if (!after.error().empty()) return after.error();
    const Evolution evolution(before.get(), after.get());
    std::string all;
    for (const auto& line : evolution.breaks())
      all += line + '\n';
    return all;
  }

  fs::path folder_;
};

TEST_F(Change, AppendingIsAccepted) {
  change("age: uint;", "age: uint; weight: uint;");
  EXPECT_TRUE(conform_passes());
  EXPECT_EQ(breaks(), "");
  change("blue }", "blue, white }");
  EXPECT_TRUE(conform_passes());
  EXPECT_EQ(breaks(), "");
  change("union Animal { Bird, Fish }",
         "table Ant {} union Animal { Bird, Fish, Ant }");
  EXPECT_TRUE(conform_passes());
  EXPECT_EQ(breaks(), "");
}

TEST_F(Change, ConformRefusesWhatMoves) {
  for (const auto& [from, to] :
       std::vector<std::pair<const char*, const char*>>{
           {"age: uint", "weight: uint; age: uint"},
           {"eggs: [Egg]; ", ""},
           {"visitors: uint", "visitors: ulong"},
           {"age: uint", "age: uint = 3"},
           {"{ red, green", "{ green, red"},
           {"{ Bird, Fish }", "{ Fish, Bird }"},
           {"colour: Colour", "colour: ubyte"}}) {
    change(from, to);
    EXPECT_FALSE(conform_passes()) << to;
    EXPECT_NE(breaks(), "") << to;
  }
}

/// What conform lets pass although earlier records lose something by it.
TEST_F(Change, EvolutionRefusesWhatConformLetsPass) {
  struct Case {
    const char* from;
    const char* to;
    const char* found;
  };
  for (const auto& [from, to, found] : std::vector<Case>{
           {" age: uint;", "", "Bird.age: gone"},
           {", blue }", " }", "Colour: value 2 was blue, is gone"},
           {"Bird, Fish }", "Bird }", "Animal: value 2 was Fish, is gone"},
           {"age: uint", "years: uint", "Bird.age: gone"},
           {"age: uint", "age: uint (deprecated)", "Bird.age: deprecated"},
           {"name: string", "name: string (required)", "Bird.name: required"},
           {"ZOO1", "ZOO2", "file identifier was ZOO1, is ZOO2"},
           {"root_type Zoo", "root_type Egg", "root was Zoo, is Egg"}}) {
    change(from, to);
    EXPECT_TRUE(conform_passes()) << to;
    EXPECT_THAT(breaks(), HasSubstr(found));
  }
}

}  // namespace
}  // namespace understudy
