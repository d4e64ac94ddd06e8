// Commands that change what a daemon does.

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/client_session.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

namespace fs = std::filesystem;

TEST_F(Client, an_endpoint_lives_from_apply_to_delete) {
  const std::string chat = file("chat");
  EXPECT_EQ(out_of("apply --wait -f " + chat),
            "endpoint/chat created\nendpoint/chat in-service\n");
  EXPECT_EQ(out_of("apply -f " + chat), "endpoint/chat unchanged\n");
  EXPECT_EQ(out_of("diff -f " + chat), "");
  EXPECT_EQ(out_of("scale chat 3 --wait"),
            "endpoint/chat scaled: primary wants 3, before 2\n"
            "endpoint/chat at-wanted-capacity\n");
  EXPECT_EQ(out_of("wait endpoint/chat --for at-wanted-capacity"),
            "endpoint/chat at-wanted-capacity\n");
  EXPECT_EQ(out_of("delete endpoint chat --wait"),
            "endpoint/chat deleting\nendpoint/chat deleted\n");
  EXPECT_EQ(out_of("apply -f " + chat), "endpoint/chat created\n");
}

TEST_F(Client, several_documents_are_applied_together_or_not_at_all) {
  const std::string both = path("both.yaml");
  std::ofstream(both) << document("one", 1, 1800) << "---\n"
                      << document("two", 1, 1800);
  const std::string broken = path("broken.yaml");
  std::ofstream(broken) << document("three", 1, 1800) << "---\n"
                        << document("four", 1, 1800) << "mood: good\n";
  const Ran refused = run("apply -f " + both + " -f " + broken);
  expect_one_line(refused, 1);
  EXPECT_THAT(refused.err, HasSubstr("broken.yaml:18:1: mood: unknown field"));
  EXPECT_EQ(run("wait endpoint one --timeout 0s").code, 1);
  EXPECT_EQ(out_of("apply -f - < " + both),
            "endpoint/one created\nendpoint/two created\n");
  const Ran twice = run("apply -f " + both + " -f " + both);
  expect_one_line(twice, 1);
  EXPECT_THAT(twice.err, HasSubstr("'one' is given twice"));
}

TEST_F(Client, a_dry_run_tells_what_would_be_decided_and_changes_nothing) {
  const std::string chat = file("chat");
  const std::string told = out_of("apply --dry-run -f " + chat);
  EXPECT_THAT(told, StartsWith("endpoint/chat created (dry run)\n"));
  EXPECT_THAT(told, HasSubstr("\n  instance-requested "));
  const auto json =
      nlohmann::json::parse(out_of("apply --dry-run -o json -f " + chat));
  EXPECT_EQ(json["items"][0]["action"], "created");
  EXPECT_EQ(json["items"][0]["events"][0]["type"], "endpoint-created");
  const Ran wait = run("wait endpoint chat --for in-service");
  EXPECT_EQ(wait.code, 1);
  EXPECT_THAT(wait.err, HasSubstr("there is no endpoint 'chat'"));
}

TEST_F(Client, the_same_command_id_is_carried_out_once) {
  const std::string chat = file("chat");
  const auto json = nlohmann::json::parse(
      out_of("apply --wait -o json --command-id first -f " + chat));
  EXPECT_EQ(json["items"][0]["command"], "first");
  out_of("scale chat 3 --command-id second --wait");
  out_of("scale chat 2 --command-id third --wait");
  out_of("scale chat 3 --command-id second");
  EXPECT_THAT(out_of("scale chat 2 --dry-run"), HasSubstr("before 2"));
}

TEST_F(Client, a_wait_ends_on_failure_too) {
  close_all();
  const std::string chat = file("chat", 2, 300);
  const Ran failed = run("apply --wait -f " + chat);
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.err, HasSubstr("endpoint/chat is failed, not in-service"));
  EXPECT_EQ(run("wait endpoint chat --for failed").code, 0);
  EXPECT_EQ(run("wait endpoint chat --for in-service,failed").code, 1);
  const Ran vain = run("wait endpoint chat --for in-service");
  EXPECT_EQ(vain.code, 1);
  EXPECT_THAT(vain.err, HasSubstr("cannot become in-service any more"));
  const Ran refused = run("scale chat 4");
  expect_one_line(refused, 1);
  EXPECT_THAT(refused.err, HasSubstr("endpoint-failed"));
}

TEST_F(Client, a_wait_that_takes_too_long_ends_with_124) {
  slow_down("1");
  close_all();
  out_of("apply -f " + file("chat", 2, 3600));
  const Ran late = run("wait endpoint chat --for in-service --timeout 300ms");
  EXPECT_EQ(late.code, 124);
  EXPECT_THAT(late.err, HasSubstr("is not in-service in time"));
  const Ran wrong = run("wait endpoint chat --for happy");
  expect_one_line(wrong, 2);
  EXPECT_THAT(wrong.err, HasSubstr("accepted: in-service, failed, deleted"));
}

TEST_F(Client, a_wait_goes_on_over_a_restart) {
  slow_down("100");
  close_all();
  out_of("apply -f " + file("chat", 2, 3600));
  Running waiting(url_, "wait endpoint chat --for in-service --timeout 2m");
  // It says what it waits for before it follows.
  EXPECT_THAT(waiting.line(), StartsWith("endpoint/chat: creating"));
  daemon_->kill();
  // What was closed by hand is open again in a new world.
  start_again();
  EXPECT_EQ(waiting.line_with("endpoint/chat in-service"),
            "endpoint/chat in-service\n");
  EXPECT_EQ(waiting.wait(), 0);
}

TEST_F(Client, diff_shows_what_an_apply_would_change) {
  const Ran fresh = run("diff -f " + file("chat"));
  EXPECT_EQ(fresh.code, 1);
  EXPECT_THAT(fresh.out, StartsWith("--- endpoint/chat (not there)\n"));
  out_of("apply --wait -f " + file("chat"));
  const Ran changed = run("diff -f " + file("chat", 2, 900));
  EXPECT_EQ(changed.code, 1);
  EXPECT_THAT(changed.out, HasSubstr("\n-    provision_timeout_s: 1800\n"
                                     "+    provision_timeout_s: 900\n"));
  expect_one_line(run("diff -f " + path("none.yaml")), 2);
}

TEST_F(Client, an_update_is_applied) {
  out_of("apply --wait -f " + file("chat"));
  EXPECT_EQ(out_of("apply -f " + file("chat", 2, 900)),
            "endpoint/chat updated\n");
  EXPECT_EQ(run("diff -f " + file("chat", 2, 900)).code, 0);
}

TEST_F(Client, capacity_is_shown_and_changed) {
  EXPECT_THAT(out_of("capacity list"), HasSubstr("us-west1-b"));
  EXPECT_EQ(out_of("capacity close a3-highgpu-1g/us-west1-b/spot"),
            "offering/a3-highgpu-1g/us-west1-b/spot closed\n");
  EXPECT_EQ(out_of("capacity throttle a3-highgpu-1g/us-west1-b/spot --calls 2 "
                   "--retry-after 5s"),
            "offering/a3-highgpu-1g/us-west1-b/spot refuses: throttled, the "
            "next 2 calls\n");
  const auto json = nlohmann::json::parse(
      out_of("capacity open offering/a3-highgpu-1g/us-west1-b/spot -o json"));
  EXPECT_EQ(json["closed"], false);
  const Ran misspelt = run("capacity close a3-highgpu-1g/us-west1-z/spot");
  expect_one_line(misspelt, 1);
  EXPECT_THAT(misspelt.err, HasSubstr("a3-highgpu-1g/us-west1-a/spot"));
  expect_one_line(run("capacity close us-west1-z"), 2);
}

TEST_F(Client, what_cannot_be_done_is_said_in_one_line) {
  expect_one_line(run("scale nobody 3"), 1);
  expect_one_line(run("scale chat many"), 2);
  expect_one_line(run("delete endpoint nobody"), 1);
  expect_one_line(run("apply -f " + path("")), 1);
  expect_one_line(run("apply --server ftp://x -f " + file("chat")), 2);
  expect_one_line(run("wait pod chat"), 2);
  daemon_->stop();
  for (const std::string& words :
       {"apply -f " + file("chat"), std::string("wait endpoint chat"),
        std::string("delete endpoint chat"), std::string("scale chat 1"),
        "diff -f " + file("chat"), std::string("capacity list")}) {
    const Ran gone = run(words);
    expect_one_line(gone, 3);
    EXPECT_THAT(gone.err, HasSubstr("cannot reach the daemon at " + url_));
  }
}

TEST_F(Client, a_token_comes_from_a_file) {
  const std::string token = path("token");
  std::ofstream(token) << "secret\n";
  fs::permissions(token, fs::perms::owner_read);
  daemon_->stop();
  start({"--set", "api.token_file=" + token});
  const Ran without = run("apply -f " + file("chat"));
  expect_one_line(without, 1);
  EXPECT_THAT(without.err, HasSubstr("--token-file"));
  EXPECT_THAT(without.err, Not(HasSubstr("secret")));
  out_of("apply --token-file " + token + " -f " + file("chat"));
  EXPECT_EQ(
      run("apply -f " + file("chat"), "UNDERSTUDY_TOKEN_FILE=" + token + ' ')
          .out,
      "endpoint/chat unchanged\n");
}

}  // namespace
}  // namespace understudy
