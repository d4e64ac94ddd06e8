// Commands that ask a daemon what there is, was, and becomes.

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/client_session.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(Client, a_daemon_shows_what_its_log_says) {
  out_of("apply --wait -f " + file("chat"));
  const std::string told = out_of("events -o json");
  const std::string lines = out_of("events");
  EXPECT_THAT(out_of("get endpoints"), HasSubstr("\nchat  in-service  2"));
  EXPECT_EQ(out_of("get endpoints chat -o name"), "endpoint/chat\n");
  EXPECT_THAT(out_of("get instances chat -o wide"), HasSubstr("us-central1"));
  EXPECT_THAT(out_of("get pools -o yaml"), HasSubstr("kind: \"PoolList\""));
  EXPECT_THAT(out_of("describe endpoint chat"), HasSubstr("in-service"));
  EXPECT_THAT(out_of("explain 0:1"), HasSubstr("endpoint-created"));
  const auto stats = nlohmann::json::parse(out_of("stats -o json"));
  EXPECT_EQ(stats["endpoints"][0]["name"], "chat");
  daemon_->stop();
  const std::string log = " --log " + path("log");
  EXPECT_THAT(out_of("events -o json" + log), StartsWith(told));
  EXPECT_THAT(out_of("events" + log), StartsWith(lines));
  EXPECT_EQ(out_of("get endpoints -o name" + log), "endpoint/chat\n");
  expect_one_line(run("get endpoints"), 3);
}

TEST_F(Client, a_reading_command_reads_a_log_or_asks_a_daemon) {
  out_of("apply --wait -f " + file("chat"));
  const std::string log = path("log");
  const Ran both =
      run("get endpoints --log " + log + " --server " + url_ + '/');
  expect_one_line(both, 2);
  EXPECT_THAT(both.err, HasSubstr("both --log and --server"));
  EXPECT_EQ(run("get endpoints -o name", "UNDERSTUDY_LOG=/nowhere ").code, 3);
  EXPECT_EQ(run("get endpoints -o name --server " + url_ + '/',
                "UNDERSTUDY_LOG=/nowhere ")
                .code,
            0);
  const Ran beyond = run("get endpoints --at 0:999999");
  expect_one_line(beyond, 1);
  EXPECT_THAT(beyond.err, HasSubstr("does not hold"));
  const Ran nobody = run("events --endpoint nobody");
  expect_one_line(nobody, 1);
  expect_one_line(run("get pools nobody"), 1);
  expect_one_line(run("describe endpoint nobody"), 1);
  EXPECT_THAT(run("get operations chat").err,
              HasSubstr("that ended are not shown"));
}

TEST_F(Client, events_are_followed_over_a_restart_without_a_gap) {
  constexpr int enough = 40;
  Running following(url_, "events -f -o json --limit 40");
  out_of("apply --wait -f " + file("one"));
  std::string seen = following.line_with("specversion");
  daemon_->kill();
  start_again();
  for (const char* name : {"two", "three", "four"})
    out_of("apply --wait -f " + file(name));
  int events = 1;
  for (std::string line = following.line(); !line.empty();
       line = following.line()) {
    if (!line.starts_with('{')) continue;
    seen += line;
    ++events;
  }
  EXPECT_EQ(following.wait(), 0);
  EXPECT_EQ(events, enough);
  daemon_->stop();
  EXPECT_EQ(out_of("events -o json --limit 40 --log " + path("log")), seen);
}

TEST_F(Client, a_watch_tells_what_changes) {
  Running watching(url_, "get endpoints --watch -o json");
  Running rows(url_, "get endpoints --watch");
  out_of("apply --wait -f " + file("chat"));
  const auto first = nlohmann::json::parse(watching.line());
  EXPECT_EQ(first["kind"], "Endpoint");
  EXPECT_EQ(first["name"], "chat");
  EXPECT_THAT(rows.line(), StartsWith("NAME"));
  EXPECT_THAT(rows.line_with("in-service"), StartsWith("chat"));
  out_of("delete endpoint chat");
  EXPECT_THAT(rows.line_with("deleted"), StartsWith("chat"));
  EXPECT_NE(watching.line_with("\"deleted\""), "");
  EXPECT_EQ(watching.end(), 0);
  EXPECT_EQ(rows.end(), 0);
}

}  // namespace
}  // namespace understudy
