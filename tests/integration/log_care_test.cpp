// `understudy log` as a user runs it, and logs of other releases.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "tests/contract/temporary_directory.hpp"
#include "tests/support/shell_run.hpp"
#include "tests/support/small_log.hpp"
#include "tests/support/small_story.hpp"
#include "tests/unit/event_log/bare_lmdb.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace fs = std::filesystem;

struct Ran : test::ShellRun {
  [[nodiscard]] nlohmann::json json() const {
    return nlohmann::json::parse(out, nullptr, false);
  }
};

class LogCare : public ::testing::Test {
 protected:
  void SetUp() override { write_log(log(), small_story().records()); }

  [[nodiscard]] fs::path beside(const std::string& name) const {
    return directory_.path() / name;
  }
  [[nodiscard]] fs::path log() const { return beside("log"); }

  [[nodiscard]] Ran run(const std::string& words) const {
    const fs::path err = beside("stderr");
    const std::string line =
        std::string(UNDERSTUDY_PROGRAM) + ' ' + words + " 2>" + err.string();
    return {test::run_shell(line, err)};
  }

  Ran need(const std::string& words) const {
    Ran ran = run(words);
    EXPECT_EQ(ran.code, 0) << words << ": " << ran.err;
    EXPECT_EQ(ran.err, "") << words;
    return ran;
  }

  static void expect_one_line(const Ran& ran, int code) {
    EXPECT_EQ(ran.code, code) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, StartsWith("error: "));
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
  }

  [[nodiscard]] std::string digest_of(const fs::path& where) const {
    return need("replay -o json --log " + where.string()).json()["digest"];
  }

 private:
  test::TemporaryDirectory directory_;
};

TEST_F(LogCare, info_says_what_is_in_it) {
  const auto json = need("log info -o json " + log().string()).json();
  EXPECT_EQ(json["kind"], "LogInfo");
  EXPECT_EQ(json["format"], 1);
  EXPECT_EQ(json["records"], 65);
  EXPECT_EQ(json["epochs"], 1);
  EXPECT_EQ(json["first"]["position"], "0:1");
  EXPECT_EQ(json["first"]["at"], "2026-01-01T00:00:00.000Z");
  EXPECT_EQ(json["last"]["position"], "0:65");
  EXPECT_EQ(json["writer"], nullptr);
  EXPECT_EQ(json["snapshots"]["position"], nullptr);
  EXPECT_EQ(json["snapshots"]["records_after"], 65);
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  for (const auto& type : json["types"]) {
    records += type["records"].get<std::uint64_t>();
    bytes += type["bytes"].get<std::uint64_t>();
  }
  EXPECT_LE(records, 65U);
  EXPECT_LE(bytes, json["record_bytes"].get<std::uint64_t>());
  ASSERT_EQ(json["days"].size(), 1U);
  EXPECT_EQ(json["days"][0]["day"], "2026-01-01");
  EXPECT_EQ(json["days"][0]["records"], 65);
  const Ran text = need("log info --log " + log().string());
  EXPECT_THAT(text.out, HasSubstr("Records:    65, "));
  EXPECT_THAT(text.out, HasSubstr("a start folds 65 records"));
}

TEST_F(LogCare, snapshots_are_compacted_and_change_no_answer) {
  const auto before = digest_of(log());
  const auto json =
      need("log compact-snapshots -o json " + log().string()).json();
  EXPECT_EQ(json["position"], "0:65");
  EXPECT_EQ(json["records_after"], 0);
  const auto info = need("log info -o json " + log().string()).json();
  EXPECT_EQ(info["snapshots"]["position"], "0:65");
  EXPECT_EQ(info["snapshots"]["count"], json["streams"].get<int>() + 1);
  EXPECT_EQ(digest_of(log()), before);
  EXPECT_THAT(need("log compact-snapshots " + log().string()).out,
              HasSubstr("Next start:  folds 0 records"));
}

TEST_F(LogCare, a_writer_keeps_its_snapshots_by_itself) {
  const auto writer = LmdbLog::open_writer(log());
  ASSERT_TRUE(writer.ok());
  const Ran ran = run("log compact-snapshots " + log().string());
  expect_one_line(ran, 1);
  EXPECT_THAT(ran.err, HasSubstr("keeps its snapshots by itself"));
  const auto info = need("log info -o json " + log().string()).json();
  EXPECT_EQ(info["writer"], ::getpid());
}

TEST_F(LogCare, backup_and_restore_beside_a_writer) {
  const auto writer = LmdbLog::open_writer(log());
  ASSERT_TRUE(writer.ok());
  const auto copy = beside("copy").string();
  const auto back = beside("back").string();
  const auto made =
      need("log backup -o json " + copy + " --log " + log().string()).json();
  EXPECT_EQ(made["position"], "0:65");
  expect_one_line(run("log backup " + copy + " --log " + log().string()), 1);
  need("verify --log " + copy);
  need("log restore " + copy + " --log " + back);
  EXPECT_EQ(digest_of(back), digest_of(log()));
  expect_one_line(run("log restore " + copy + " --log " + back), 1);
  expect_one_line(run("log restore " + copy + " --log " + log().string()), 1);
}

TEST_F(LogCare, a_damaged_backup_is_not_restored) {
  const auto copy = beside("copy").string();
  const auto back = beside("back").string();
  need("log backup " + copy + " --log " + log().string());
  std::ostringstream all;
  all << std::ifstream(copy + "/data.mdb", std::ios::binary).rdbuf();
  std::string bytes = all.str();
  const auto at = bytes.find("STOCKOUT");
  ASSERT_NE(at, std::string::npos);
  bytes[at] = 'T';
  std::ofstream(copy + "/data.mdb", std::ios::binary) << bytes;
  const Ran ran = run("log restore " + copy + " --log " + back);
  expect_one_line(ran, 1);
  EXPECT_THAT(ran.err, HasSubstr("0:"));
  EXPECT_FALSE(fs::exists(back));
}

TEST_F(LogCare, no_command_makes_a_log_where_there_is_none) {
  const auto none = beside("none").string();
  for (const std::string command :
       {"log info", "log compact-snapshots", "log backup x"}) {
    expect_one_line(run(command + " --log " + none), 3);
  }
  expect_one_line(run("log info"), 2);
  EXPECT_FALSE(fs::exists(none));
}

TEST_F(LogCare, a_newer_format_is_refused_in_one_line_by_every_command) {
  test::put_bare(log(), "meta", "format", std::string("\x02\0\0\0\0\0\0\0", 8));
  for (const std::string command :
       {"get endpoints", "describe endpoint chat", "events", "explain chat",
        "stats", "replay", "verify", "log info", "log compact-snapshots",
        "log backup /nowhere"}) {
    const Ran ran = run(command + " --log " + log().string());
    expect_one_line(ran, 1);
    EXPECT_THAT(ran.err, HasSubstr("format 2; accepted: up to 1")) << command;
  }
  const auto back = beside("back").string();
  expect_one_line(run("log restore " + log().string() + " --log " + back), 1);
  EXPECT_FALSE(fs::exists(back));
}

/// Logs that earlier builds wrote, with what they must mean for ever.
TEST_F(LogCare, logs_of_earlier_releases_open_replay_and_verify) {
  const fs::path golden =
      fs::path(UNDERSTUDY_SOURCE_DIR) / "tests/integration/golden_log";
  int releases = 0;
  for (const auto& entry : fs::directory_iterator(golden)) {
    if (!entry.is_directory()) continue;
    SCOPED_TRACE(entry.path().filename().string());
    ++releases;
    const auto copy = beside("golden" + std::to_string(releases));
    fs::create_directory(copy);
    fs::copy_file(entry.path() / "data.mdb", copy / "data.mdb");
    std::ifstream file(entry.path() / "expected.json");
    const auto expected = nlohmann::json::parse(file, nullptr, false);
    ASSERT_TRUE(expected.is_object());

    const auto where = " -o json --log " + copy.string();
    const auto replayed = need("replay" + where).json();
    EXPECT_EQ(replayed["records"], expected["records"]);
    EXPECT_EQ(replayed["digest"], expected["digest"]);
    EXPECT_EQ(replayed["streams"], expected["streams"]);
    const auto verified = need("verify" + where).json();
    EXPECT_EQ(verified["ok"], true);
    EXPECT_EQ(verified["records"], expected["records"]);
    need("log compact-snapshots" + where);
    EXPECT_EQ(digest_of(copy), expected["digest"].get<std::string>());
  }
  EXPECT_GE(releases, 1);
}

}  // namespace
}  // namespace understudy
