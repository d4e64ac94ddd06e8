// What each subcommand prints for a small log, and what wrong use gets.

#include "services/cli/program.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/rendering/output.hpp"
#include "tests/unit/cli/run.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST_F(SmallStory, get_endpoints) {
  EXPECT_EQ(out_of({"get", "endpoints"}),
            "NAME  STATUS      WANTED  HELD  READY  FALLBACK  AGE\n"
            "chat  in-service  2       2     2      1         2h\n");
}

TEST_F(SmallStory, get_endpoints_as_they_were) {
  EXPECT_EQ(out_of({"get", "endpoints", "--at", "0:19"}),
            "NAME  STATUS    WANTED  HELD  READY  FALLBACK  AGE\n"
            "chat  creating  3       2     0      0         4s\n");
  EXPECT_EQ(out_of({"get", "endpoints", "--at", "2026-01-01T01:00:30Z"}),
            "NAME  STATUS      WANTED  HELD  READY  FALLBACK  AGE\n"
            "chat  in-service  3       3     2      2         1h\n");
}

TEST_F(SmallStory, get_pools) {
  EXPECT_EQ(out_of({"get", "pools", "chat", "--at", "0:19"}),
            "NAME                 PRIORITY  TYPE  MARKET  HELD  READY  ASKED  "
            "COOLING-UNTIL\n"
            "chat/primary/first   1         gpu   spot    2     0      0      "
            "2026-01-01T00:00:56Z\n"
            "chat/primary/second  2         gpu   spot    0     0      1      "
            "<none>\n");
}

TEST_F(SmallStory, get_instances_and_those_that_ended) {
  const auto live = on_log({"get", "instances", "chat"});
  EXPECT_EQ(live.out,
            "NAME        STATUS  POOL    ZONE    REASON  AGE\n"
            "chat/1-2-1  ready   first   zone-b  <none>  2h\n"
            "chat/2-1-0  ready   second  zone-c  <none>  2h\n");
  EXPECT_EQ(live.err, "2 that ended are not shown: --all shows them.\n");
  EXPECT_THAT(out_of({"get", "instances", "--all"}),
              HasSubstr("chat/1-2-0  lost        first   zone-b  lost: host "
                        "failed  2h\n"));
  EXPECT_THAT(out_of({"get", "instances", "chat/4-1-0", "-o", "wide"}),
              HasSubstr("terminated"));
}

TEST_F(SmallStory, get_operations) {
  EXPECT_EQ(out_of({"get", "operations", "chat/2"}),
            "NAME    KIND         STATUS     WANTED  GRANTED  CANCELLED  "
            "FALLBACKS  AGE\n"
            "chat/2  replacement  completed  1       1        0          1    "
            "      1h\n");
  const auto none = on_log({"get", "operations"});
  EXPECT_EQ(none.out, "");
  EXPECT_EQ(none.err,
            "No operations found; 2 that ended are not shown: --all shows "
            "them.\n");
}

TEST_F(SmallStory, get_as_json_and_yaml) {
  const auto json =
      Json::parse(out_of({"get", "instances", "--all", "-o", "json"}));
  EXPECT_EQ(json["apiVersion"], "understudy/v1");
  EXPECT_EQ(json["kind"], "InstanceList");
  EXPECT_EQ(json["position"], "0:65");
  ASSERT_EQ(json["items"].size(), 4U);
  EXPECT_EQ(json["items"][0]["endpoint"], "chat");
  EXPECT_EQ(json["items"][0]["id"], "1-2-0");
  EXPECT_EQ(json["items"][0]["status"], "lost");
  EXPECT_EQ(json["items"][0]["launched_at"], "2026-01-01T00:00:04.000Z");
  EXPECT_TRUE(json["items"][1]["ended_at"].is_null());
  EXPECT_THAT(out_of({"get", "pools", "-o", "yaml"}),
              StartsWith("apiVersion: \"understudy/v1\"\n"
                         "kind: \"PoolList\"\n"));
}

TEST_F(SmallStory, describe_endpoint) {
  const auto text = out_of({"describe", "endpoint", "chat", "--at", "0:19"});
  EXPECT_THAT(text, StartsWith("Name:        chat\n"
                               "Status:      creating\n"
                               "Created:     2026-01-01T00:00:00Z\n"));
  EXPECT_THAT(text, HasSubstr("Variant primary: 3 wanted, 2 held, 0 ready\n"));
  EXPECT_THAT(text, HasSubstr("REFUSED  MODEL\n"));
  EXPECT_THAT(text, HasSubstr(" model\n"));
  EXPECT_THAT(text, HasSubstr("\nInstances:\n"
                              "  INSTANCE  STATUS    POOL   ZONE    MODEL  "
                              "AGE  REASON\n"
                              "  1-2-0     starting  first  zone-b  model  "));
  EXPECT_THAT(text, HasSubstr("cooling until 2026-01-01T00:00:56Z"));
  EXPECT_THAT(text, HasSubstr("2026-01-01T00:00:02Z 0:8 capacity, STOCKOUT"));
  EXPECT_THAT(text, HasSubstr("0:18       2026-01-01T00:00:04Z  "
                              "fallback-chosen: 1 instance: first -> second"));
  const auto json =
      Json::parse(out_of({"describe", "endpoint", "chat", "-o", "json"}));
  EXPECT_EQ(json["kind"], "EndpointDescription");
  EXPECT_EQ(json["variants"][0]["pools"][0]["spec"]["name"], "first");
  EXPECT_EQ(json["variants"][0]["model"], "model");
  ASSERT_EQ(json["instances"].size(), 2U);
  EXPECT_EQ(json["instances"][0]["id"], "1-2-1");
  EXPECT_EQ(json["instances"][0]["model"], "model");
  EXPECT_EQ(json["conditions"][0]["type"], "InService");
}

TEST_F(SmallStory, events_are_selected) {
  EXPECT_EQ(
      out_of({"events", "--type", "fallback-chosen,scale-in"}),
      "POSITION   TIME                  TYPE                    STREAM      "
      "                  WHAT\n"
      "0:18       2026-01-01T00:00:04Z  fallback-chosen         "
      "endpoint/chat                 1 instance: first -> second (capacity, "
      "STOCKOUT)\n"
      "0:48       2026-01-01T01:00:04Z  fallback-chosen         "
      "endpoint/chat                 1 instance: first -> second (capacity, "
      "STOCKOUT)\n"
      "0:60       2026-01-01T02:00:00Z  scale-in                "
      "endpoint/chat                 scale in 3 -> 2 for command scale-1\n");
  const auto none = on_log({"events", "--endpoint", "other"});
  EXPECT_EQ(none.out, "");
  EXPECT_NE(none.err, "");
  EXPECT_THAT(out_of({"events", "--stream", "instance/chat/1-2-0", "--from",
                      "0:30", "--limit", "1"}),
              HasSubstr("0:35       2026-01-01T01:00:00Z  instance-lost"));
}

TEST_F(SmallStory, events_are_cloud_events) {
  const auto text =
      out_of({"events", "-o", "json", "--until", "0:8", "--from", "0:8"});
  const auto json = Json::parse(text);
  EXPECT_EQ(json["specversion"], "1.0");
  EXPECT_EQ(json["id"], "0:8");
  EXPECT_EQ(json["type"], "launch-refused");
  EXPECT_EQ(json["time"], "2026-01-01T00:00:02.000Z");
  EXPECT_EQ(json["subject"], "pool/chat/primary/first");
  EXPECT_EQ(json["causeinput"], "launch-outcome");
  EXPECT_EQ(json["data"]["kind"], "capacity");
  EXPECT_EQ(json["data"]["offering"]["zone"], "zone-a");
  EXPECT_FALSE(json["data"].contains("type"));
  for (const auto& [name, value] : json.items())
    EXPECT_LE(name.size(), 20U) << name;
}

TEST_F(SmallStory, stats) {
  const auto text = out_of({"stats"});
  EXPECT_THAT(text, HasSubstr("  Time to in service          1m36s\n"));
  EXPECT_THAT(text, HasSubstr("  At wanted capacity, ready   98.65%\n"));
  EXPECT_THAT(text, HasSubstr("  Cost                        $15.01\n"));
  EXPECT_THAT(text, HasSubstr("  Cost above preferred        $3.00\n"));
  EXPECT_THAT(text, HasSubstr("  Fallbacks                   2, of 2 "
                              "instances\n"));
  const auto json = Json::parse(out_of({"stats", "-o", "json"}));
  EXPECT_EQ(json["kind"], "Statistics");
  EXPECT_EQ(json["endpoints"][0]["events"]["fallbacks"], 2);
  EXPECT_EQ(json["endpoints"][0]["cost_micros"], 15'007'777);
  EXPECT_THAT(out_of({"stats", "--since", "2026-01-01T01:00:00Z", "--until",
                      "2026-01-01T01:01:00Z"}),
              HasSubstr("  At wanted capacity, ready   0.00%\n"));
}

TEST_F(SmallStory, replay_prints_the_digest) {
  const TinyRuntime tiny = small_story();
  const auto json = Json::parse(out_of({"replay", "-o", "json"}));
  EXPECT_EQ(json["records"], 65);
  EXPECT_EQ(json["digest"], digest_text(tiny.fleet().digest()));
  EXPECT_EQ(json["streams"]["pool"], 2);
  EXPECT_THAT(out_of({"replay", "--until", "0:20"}),
              StartsWith("Records:   20, up to 0:20 at "
                         "2026-01-01T00:00:04Z\n"));
}

TEST_F(SmallStory, verify_finds_nothing_in_a_true_log) {
  const auto text = out_of({"verify"});
  EXPECT_THAT(text, HasSubstr("Records:         65\n"));
  EXPECT_THAT(text, HasSubstr("came out the same"));
  const auto json = Json::parse(out_of({"verify", "-o", "json"}));
  EXPECT_EQ(json["ok"], true);
  EXPECT_TRUE(json["first_difference"].is_null());
}

TEST_F(LoggedTest, verify_says_where_a_log_was_altered) {
  auto records = small_story().records();
  auto& fallback = std::get<endpoint::FallbackChosen>(records.at(17).event);
  fallback.count = 2;
  write_log(path(), records);
  const auto outcome = on_log({"verify"});
  EXPECT_EQ(outcome.code, exit_refused);
  EXPECT_THAT(outcome.out,
              HasSubstr("First difference: 0:18, stream endpoint/chat, record "
                        "1 of its decision\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  field count: recorded 2, decided 1\n"));
  const auto json = Json::parse(on_log({"verify", "-o", "json"}).out);
  EXPECT_EQ(json["ok"], false);
  EXPECT_EQ(json["first_difference"]["position"], "0:18");
  EXPECT_EQ(json["first_difference"]["fields"][0]["field"], "count");
}

TEST_F(SmallStory, names_alone) {
  EXPECT_EQ(out_of({"get", "instances", "-o", "name"}),
            "instance/chat/1-2-1\ninstance/chat/2-1-0\n");
  EXPECT_EQ(out_of({"get", "pools", "-o", "name"}),
            "pool/chat/primary/first\npool/chat/primary/second\n");
}

TEST_F(SmallStory, a_place_beyond_the_end_is_said_to_be) {
  const std::string note =
      "note: the log ends at 2026-01-01T02:00:10.000Z, position 0:65; showing "
      "that\n";
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{
           {"get", "endpoints", "--at", "0:66"},
           {"get", "endpoints", "--at", "2027-01-01T00:00:00Z"},
           {"describe", "endpoint", "chat", "--at", "0:99"},
           {"replay", "--until", "2027-01-01T00:00:00Z"},
           {"stats", "--until", "2027-01-01T00:00:00Z"},
           {"events", "--until", "0:70"}}) {
    const auto outcome = on_log(words);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_EQ(outcome.err, note) << words.front();
    EXPECT_NE(outcome.out, "");
  }
  EXPECT_EQ(on_log({"get", "endpoints", "--at", "0:65"}).err, "");
  EXPECT_EQ(on_log({"stats", "--until", "2026-01-01T01:00:30Z"}).err, "");
}

TEST_F(SmallStory, describe_says_what_is_waited_for) {
  const auto text = out_of({"describe", "endpoint", "chat", "--at", "0:19"});
  EXPECT_THAT(text, HasSubstr("\nWaits for:\n  1 instance of operation 1 "
                              "(creation) asked of second: no answer yet\n"
                              "    deadline     at 2026-01-01T00:30:00Z, in "
                              "29m56s\n"));
  const auto later = out_of({"describe", "endpoint", "chat"});
  EXPECT_EQ(later.find("Waits for:"), std::string::npos);
}

TEST_F(LoggedTest, describe_says_when_the_next_attempt_is) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(3)});
  tiny.run_for(600'000);
  write(tiny);
  const auto text = out_of({"describe", "endpoint", "chat"});
  EXPECT_THAT(text, HasSubstr("3 instances of operation 1 (creation) wait for "
                              "a pool to open; "));
  EXPECT_THAT(text, HasSubstr("\n    next attempt at 2026-01-01T00:"));
  EXPECT_THAT(text, HasSubstr(" at the latest\n    deadline     at "));
  EXPECT_THAT(text, HasSubstr("older operations first (7 times\n"));
  const auto json =
      Json::parse(out_of({"describe", "endpoint", "chat", "-o", "json"}));
  ASSERT_EQ(json["waits_for"].size(), 1U);
  EXPECT_EQ(json["waits_for"][0]["instances"], 3);
  EXPECT_TRUE(json["waits_for"][0]["next_attempt"].is_string());
}

TEST(Program, version_and_schema_need_no_log) {
  const auto version = run({"version"});
  EXPECT_THAT(version.out, StartsWith("understudy 0."));
  EXPECT_EQ(run({"--version"}).out, version.out);
  const auto json = Json::parse(run({"version", "-o", "json"}).out);
  EXPECT_EQ("understudy " + json["version"].get<std::string>() + "\n",
            version.out);
  EXPECT_EQ(run({"schema"}).out, "endpoint\nscenario\n");
  EXPECT_THAT(run({"schema", "endpoint"}).out,
              HasSubstr("variants[].pools[].priority "));
  EXPECT_EQ(Json::parse(run({"schema", "scenario", "-o", "json"}).out)["title"],
            "scenario");
  EXPECT_EQ(run({"schema", "pools"}).code, exit_usage);
}

// --- wrong use ---------------------------------------------------------------

struct Wrong {
  std::vector<std::string> words;
  int code;
  std::string message;
};

TEST_F(SmallStory, wrong_use_gets_one_line_that_says_what_is_accepted) {
  const std::vector<Wrong> all = {
      {{"get", "endpoints", "nope"},
       exit_refused,
       "error: there is no endpoint 'nope' in this log; accepted: chat\n"},
      {{"get", "instances", "chat/9-9-9"},
       exit_refused,
       "error: endpoint chat has no instance '9-9-9'\n"},
      {{"get", "endpoints", "--at", "noon"},
       exit_usage,
       "error: --at 'noon' is neither a position nor a time; accepted: 0:1234 "
       "or "
       "RFC 3339 such as 2025-10-04T00:10:00Z\n"},
      {{"events", "--type", "launched"},
       exit_usage,
       "error: --type 'launched' is no event; accepted: the types that "
       "`understudy events --help` lists\n"},
      {{"events", "--from", "12"},
       exit_usage,
       "error: --from '12' is no position; accepted: 0:1 or later\n"},
      {{"stats", "--since", "today"},
       exit_usage,
       "error: --since 'today' is no time; accepted: RFC 3339 such as "
       "2025-10-04T00:10:00Z\n"},
      {{"explain", "0:66"},
       exit_refused,
       "error: there is no record 0:66 in this log; accepted: 0:1 to 0:65\n"},
      {{"explain", "a b"},
       exit_refused,
       "error: 'a b' cannot be explained; accepted: an endpoint's name, "
       "ENDPOINT/INSTANCE such as chat/12-1-0, or a position such as "
       "0:1234\n"},
      {{"explain", "chat/9-9-9"},
       exit_refused,
       "error: there is no instance 'chat/9-9-9' in this log; accepted: those "
       "that `understudy get instances --all` lists\n"},
  };
  for (const Wrong& wrong : all) {
    const auto outcome = on_log(wrong.words);
    EXPECT_EQ(outcome.code, wrong.code) << wrong.message;
    EXPECT_EQ(outcome.err, wrong.message);
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(Program, usage_errors_name_the_command_and_its_help) {
  const auto unknown = run({"get", "nodes", "--log", "x"});
  EXPECT_EQ(unknown.code, exit_usage);
  EXPECT_THAT(unknown.err, HasSubstr("nodes"));
  EXPECT_THAT(unknown.err, HasSubstr("endpoints"));
  EXPECT_THAT(unknown.err, HasSubstr("; see understudy get --help\n"));
  EXPECT_EQ(run({}).code, exit_usage);
  EXPECT_EQ(run({"get"}).code, exit_usage);
  EXPECT_EQ(run({"get", "pools", "-o", "xml", "--log", "x"}).code, exit_usage);
}

TEST(Program, a_log_that_is_not_there) {
  const auto missing = run({"get", "endpoints", "--log", "no/such/log"});
  EXPECT_EQ(missing.code, exit_unreachable);
  EXPECT_THAT(missing.err, StartsWith("error: "));
  EXPECT_THAT(missing.err, HasSubstr("no/such/log"));
  const auto copied = run({"log", "backup", "to", "--log", "kafka:host:9092"});
  EXPECT_EQ(copied.code, exit_usage);
  EXPECT_THAT(copied.err, HasSubstr("accepted: DIR or embedded:DIR"));
  const auto wrong = run({"verify", "--log", "elsewhere:host:9092"});
  EXPECT_EQ(wrong.code, exit_usage);
  EXPECT_THAT(wrong.err, HasSubstr("or kafka:HOST:PORT"));
  const auto weak =
      run({"verify", "--log", "kafka:host:9092", "--kafka", "acks=1"});
  EXPECT_EQ(weak.code, exit_usage);
  EXPECT_THAT(weak.err, HasSubstr("acks must be all"));
}

TEST(Program, help_has_examples_for_every_command) {
  for (const std::string command :
       {"get", "describe", "explain", "events", "stats", "replay", "verify"}) {
    const auto help = run({command, "--help"});
    EXPECT_EQ(help.code, exit_done);
    EXPECT_THAT(help.out, HasSubstr("Examples:")) << command;
    EXPECT_THAT(help.out, HasSubstr("--log")) << command;
    EXPECT_EQ(help.err, "");
  }
  EXPECT_THAT(run({"--help"}).out, HasSubstr("Exit codes:"));
}

}  // namespace
}  // namespace understudy
