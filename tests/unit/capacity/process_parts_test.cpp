/// The parts of the process provider that need no process.

#include <cerrno>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/capacity/process_command.hpp"
#include "services/capacity/process_identity.hpp"
#include "services/capacity/process_output.hpp"
#include "services/capacity/process_record.hpp"
#include "services/capacity/process_refusal.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::string with_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(ProcessIdentityTest, A_name_may_hold_anything) {
  const auto stat = parse_process_stat(
      "77 (a ) Z (b) S 1 66 66 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 4242 9 9");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->group, 66);
  EXPECT_EQ(stat->started, 4242U);
  EXPECT_FALSE(parse_process_stat(""));
  EXPECT_FALSE(parse_process_stat("77 (a) S 1"));
}

TEST(ProcessIdentityTest, A_number_with_another_start_is_another_process) {
  const auto stat = process_stat(::getpid());
  ASSERT_TRUE(stat);
  ProcessIdentity self{::getpid(), stat->started, boot_id()};
  EXPECT_TRUE(is_alive(self));
  EXPECT_EQ(parse_process_identity(to_string(self)), self);
  self.started += 1;
  EXPECT_FALSE(is_alive(self));
  self.started -= 1;
  self.boot = "another-run-of-the-machine";
  EXPECT_FALSE(is_alive(self));
  EXPECT_FALSE(is_alive({}));
}

TEST(ProcessIdentityTest, What_is_no_identity_is_none) {
  for (const char* text : {"", "1", "1 2", "x 2 -", "0 2 -", "1 -2 -"})
    EXPECT_FALSE(parse_process_identity(text)) << text;
}

TEST(ProcessRecordTest, It_comes_back_as_it_was) {
  ProcessRecord record{"me",
                       "e/v/p/1-2",
                       {"h100", "a", Market::spot},
                       "::1",
                       {21000, 65535},
                       3,
                       RefusalKind::capacity,
                       "FULL",
                       "100%\nof it\x7f"};
  const auto back = parse_process_record("f", to_text(record));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(to_text(back.value()), to_text(record));
  EXPECT_EQ(back.value().message, record.message);
  EXPECT_EQ(back.value().ports, record.ports);
  EXPECT_EQ(back.value().offering, record.offering);
}

TEST(ProcessRecordTest, One_that_was_cut_or_changed_is_corrupt) {
  const std::string text =
      to_text({"me", "t", {}, "h", {1}, 0, RefusalKind::none, {}, {}});
  for (std::size_t size = 0; size < text.size() - 1; ++size) {
    const auto cut = parse_process_record("f", text.substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ErrorCode::corrupt);
  }
  EXPECT_FALSE(parse_process_record("f", "port x\n" + text));
  EXPECT_FALSE(parse_process_record("f", "what else\n" + text));
}

TEST(ProcessRecordTest, References_lead_back_to_their_place) {
  const std::string key = process_key("me", "e/v/p/1-1");
  EXPECT_NE(key, process_key("you", "e/v/p/1-1"));
  EXPECT_NE(key, process_key("me", "e/v/p/1-2"));
  EXPECT_EQ(parse_process_ref(process_ref(key, 7)), (ProcessPlace{key, 7}));
  for (const std::string& wrong :
       {std::string(), std::string("process:"), "sim:" + key + "-1",
        "process:" + key, "process:" + key + "-", "process:" + key + "-x",
        std::string("process:../../../../etc/x-1")}) {
    EXPECT_FALSE(parse_process_ref(wrong)) << wrong;
  }
  EXPECT_EQ(process_address("::1", 80), "[::1]:80");
  EXPECT_EQ(process_address("127.0.0.1", 80), "127.0.0.1:80");
}

ProcessTold told() {
  ProcessTold one;
  one.reference = "process:0-1";
  one.endpoint = "chat";
  one.model = "{port}";
  one.host = "127.0.0.1";
  one.port = 21000;
  one.max_concurrency = 8;
  one.environment = {{"LEVEL", "call"}, {"WHERE", "{host}:{port}"}};
  return one;
}

TEST(ProcessCommandTest, Arguments_are_filled_in_once) {
  ProcessOffering offering;
  offering.command = {"/bin/x",  "--port={port}",
                      "{model}", "{other}",
                      "{",       "{max_concurrency}{endpoint}"};
  EXPECT_THAT(process_arguments(offering, told()),
              testing::ElementsAre("/bin/x", "--port=21000", "{port}",
                                   "{other}", "{", "8chat"));
}

TEST(ProcessCommandTest, The_environment_tells_what_the_instance_is) {
  ::setenv("UNDERSTUDY_API_TOKEN_FILE", "secret", 1);
  ::setenv("NOTIFY_SOCKET", "secret", 1);
  ::setenv("OF_THE_DAEMON", "kept", 1);
  ProcessOffering offering;
  offering.command = {"/bin/x"};
  offering.environment = {{"LEVEL", "offering"}, {"OWN", "{model}"}};
  const auto all = process_environment(offering, told());
  ::unsetenv("UNDERSTUDY_API_TOKEN_FILE");
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("OF_THE_DAEMON");
  for (const char* one :
       {"UNDERSTUDY_PORT=21000", "UNDERSTUDY_INSTANCE=process:0-1",
        "UNDERSTUDY_MODEL={port}", "UNDERSTUDY_MAX_CONCURRENCY=8",
        "UNDERSTUDY_ENDPOINT=chat", "SAGEMAKER_BIND_TO_PORT=21000",
        "LEVEL=call", "WHERE=127.0.0.1:21000", "OWN={port}",
        "OF_THE_DAEMON=kept"}) {
    EXPECT_THAT(all, Contains(one));
  }
  EXPECT_THAT(all, Not(Contains(HasSubstr("secret"))));
  EXPECT_THAT(all, Contains(process_mark("process:0-1")));
}

TEST(ProcessCommandTest, Programs_are_found_or_it_is_said_why_not) {
  const test::TemporaryDirectory folder;
  const std::string root = folder.path().string();
  const std::string text = with_text(root + "/text", "no program");
  const std::string script = with_text(root + "/script", "#!/bin/sh\n");
  const auto find = [&](const std::string& name) {
    ProcessOffering offering;
    offering.command = {name};
    offering.environment["PATH"] = "relative:" + root + ":/bin:/usr/bin";
    return find_program(offering);
  };
  EXPECT_EQ(find(root + "/none").error().code, ErrorCode::not_found);
  EXPECT_THAT(find("none-of-this-name").error().message, HasSubstr("PATH"));
  EXPECT_THAT(find(script).error().message, HasSubstr("not executable"));
  ::chmod(text.c_str(), 0755);
  ::chmod(script.c_str(), 0755);
  EXPECT_THAT(find(text).error().message, HasSubstr("no program"));
  EXPECT_THAT(find(root).error().message, HasSubstr("not executable"));
  EXPECT_EQ(find("script").value(), script);
  EXPECT_TRUE(find("sh"));
}

TEST(ProcessRefusalTest, Errors_are_typed_by_what_they_mean) {
  const auto kind = [](SpawnStep step, int error) {
    return process_refusal::spawn({0, step, error}, "/bin/x", "/y").kind;
  };
  EXPECT_EQ(kind(SpawnStep::fork, EAGAIN), RefusalKind::quota);
  EXPECT_EQ(kind(SpawnStep::fork, ENOMEM), RefusalKind::throttled);
  EXPECT_EQ(kind(SpawnStep::program, ENOMEM), RefusalKind::throttled);
  EXPECT_EQ(kind(SpawnStep::program, ENOEXEC), RefusalKind::infeasible);
  EXPECT_EQ(kind(SpawnStep::program, ENOENT), RefusalKind::infeasible);
  EXPECT_EQ(kind(SpawnStep::working_directory, ENOENT),
            RefusalKind::infeasible);
  EXPECT_EQ(kind(SpawnStep::output, ENOSPC), RefusalKind::throttled);
  EXPECT_EQ(kind(SpawnStep::identity, ENOSPC), RefusalKind::throttled);
}

TEST(ProcessOutputTest, The_last_lines_stand_in_one) {
  EXPECT_EQ(last_lines("", 3, 100), "");
  EXPECT_EQ(last_lines("\n\n", 3, 100), "");
  EXPECT_EQ(last_lines("a\nb\r\nc", 2, 100), "b | c");
  EXPECT_EQ(last_lines("a\n\n\nb\n", 5, 100), "a | b");
  EXPECT_EQ(last_lines("\x1b[31mred\t\x80\xc3\xa4\xed\xa0\x80", 1, 100),
            "\\x1b[31mred \\x80\xc3\xa4\\xed\\xa0\\x80");
  EXPECT_EQ(last_lines("0123456789", 1, 4), "...6789");
  EXPECT_EQ(last_lines("012345678\xc3\xa4", 1, 1), "...");
}

TEST(ProcessOutputTest, A_tail_begins_with_a_line) {
  const test::TemporaryDirectory folder;
  const std::string file = folder.path() / "output";
  EXPECT_EQ(output_tail(file, 10), "");
  with_text(file, "first\nsecond\nthird\n");
  EXPECT_EQ(output_tail(file, 100), "first\nsecond\nthird\n");
  EXPECT_EQ(output_tail(file, 9), "third\n");
}

TEST(ProcessOutputTest, What_is_kept_is_bounded) {
  const test::TemporaryDirectory folder;
  const std::string file = folder.path() / "output";
  const std::string old = folder.path() / "output.old";
  with_text(file, std::string(100, 'a'));
  bound_output(file, old, 100);
  EXPECT_EQ(output_tail(file, 1000).size(), 100U);
  EXPECT_EQ(output_tail(old, 1000), "");
  with_text(file, std::string(100, 'a') + std::string(100, 'b'));
  bound_output(file, old, 100);
  EXPECT_EQ(output_tail(file, 1000), "");
  EXPECT_EQ(output_tail(old, 1000), std::string(100, 'b'));
}

}  // namespace
}  // namespace understudy
