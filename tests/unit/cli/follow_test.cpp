// Commands that go on while something writes the log.

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/rendering/output.hpp"
#include "tests/unit/cli/run.hpp"

namespace understudy {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

/// A log with the first records of the small story; the rest is written
/// while a command follows it.
class Following : public LoggedTest {
 protected:
  void SetUp() override {
    all_ = small_story().records();
    write_log(path(), {all_.begin(), all_.begin() + first});
  }

  /// Follows until the rest was written and looked at.
  Outcome follow(std::vector<std::string> words, std::size_t rows = 0) {
    int pauses = 0;
    return on_log(std::move(words), [&](Context& context) {
      if (rows != 0) context.terminal_rows = [rows] { return rows; };
      context.pause = [this, &pauses] {
        if (pauses++ == 0) append_rest();
        return pauses < 3;
      };
    });
  }

  static std::vector<Json> lines_of(const std::string& text) {
    std::vector<Json> all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      all.push_back(Json::parse(line));
    return all;
  }

  static constexpr std::ptrdiff_t first = 34;

 private:
  void append_rest() {
    if (std::exchange(appended_, true)) return;
    LmdbOptions options;
    options.durability = Durability::os;
    auto log = LmdbLog::open_writer(path(), options);
    ASSERT_TRUE(log.ok()) << log.error().message;
    const auto codec = make_record_codec();
    std::vector<std::byte> bytes;
    for (std::size_t i = first; i < all_.size(); ++i) {
      bytes.clear();
      codec->encode(all_[i], bytes);
      const Bytes view(bytes);
      ASSERT_TRUE(log.value()->append(i + 1, {&view, 1}).ok());
    }
  }

  std::vector<Record> all_;
  bool appended_ = false;
};

TEST_F(Following, events_go_on_with_what_is_written) {
  const Outcome followed = follow({"events", "-f", "-o", "json"});
  EXPECT_EQ(followed.code, 0) << followed.err;
  EXPECT_EQ(followed.out, out_of({"events", "-o", "json"}));
  EXPECT_EQ(lines_of(followed.out).size(), 65U);
}

TEST_F(Following, events_of_one_kind_after_a_position) {
  const Outcome followed =
      follow({"events", "-f", "--since", "0:19", "--type", "fallback-chosen"});
  EXPECT_THAT(followed.out, StartsWith("POSITION"));
  EXPECT_THAT(followed.out, HasSubstr("0:48"));
  EXPECT_THAT(followed.out, Not(HasSubstr("0:18")));
  EXPECT_EQ(followed.err, "");
}

TEST_F(Following, events_end_by_themselves_at_a_limit) {
  const Outcome limited = follow({"events", "-f", "--limit", "36"});
  EXPECT_THAT(limited.out, HasSubstr("0:36 "));
  EXPECT_THAT(limited.out, Not(HasSubstr("0:37 ")));
}

TEST_F(Following, a_watched_list_writes_what_changed) {
  const Outcome watched = follow({"get", "instances", "-w", "-o", "json"});
  EXPECT_EQ(watched.code, 0) << watched.err;
  const auto lines = lines_of(watched.out);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0]["apiVersion"], "understudy/v1");
  EXPECT_EQ(lines[0]["kind"], "Instance");
  EXPECT_EQ(lines[0]["position"], "0:34");
  EXPECT_EQ(lines[0]["status"], "ready");
  EXPECT_EQ(lines[3]["id"], "1-2-0");
  EXPECT_EQ(lines[3]["status"], "lost");
  EXPECT_EQ(lines.back()["id"], "4-1-0");
  EXPECT_EQ(lines.back()["position"], "0:65");
}

TEST_F(Following, a_watched_table_has_one_title) {
  const std::string text = follow({"get", "endpoints", "--watch"}).out;
  EXPECT_THAT(text, StartsWith("NAME  STATUS"));
  EXPECT_EQ(text.rfind("NAME"), 0U);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  EXPECT_EQ(follow({"get", "endpoints", "-w", "-o", "name"}).out,
            "endpoint/chat\n");
}

TEST_F(Following, on_a_terminal_the_table_is_drawn_in_place) {
  const std::string text = follow({"get", "instances", "--all", "-w"}, 4).out;
  EXPECT_THAT(text, StartsWith("\x1b[?25l\x1b[?7l\r\x1b[JNAME"));
  EXPECT_THAT(text, HasSubstr("\n... and 2 more\n\x1b[3A\r\x1b[JNAME"));
  EXPECT_THAT(text, EndsWith("... and 3 more\n\x1b[?7h\x1b[?25h"));
}

TEST_F(Following, what_cannot_be_watched) {
  EXPECT_EQ(follow({"get", "pools", "-w", "-o", "yaml"}).code, exit_usage);
  EXPECT_EQ(follow({"get", "pools", "-w", "--at", "0:2"}).code, exit_usage);
  EXPECT_EQ(follow({"get", "pools", "nope", "-w"}).code, exit_refused);
}

}  // namespace
}  // namespace understudy
