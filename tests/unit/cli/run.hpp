#pragma once

/// Runs the program inside the test, on the log of a small story.

#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "services/cli/program.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/support/small_log.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {

struct Outcome {
  int code = 0;
  std::string out;
  std::string err;
};

/// `prepare` may change the context before the program runs.
inline Outcome run(std::vector<std::string> words,
                   const std::function<void(Context&)>& prepare = {}) {
  std::ostringstream out;
  std::ostringstream err;
  Context context{out, err};
  context.guard = false;
  if (prepare) prepare(context);
  std::vector<const char*> arguments{"understudy"};
  for (const std::string& word : words)
    arguments.push_back(word.c_str());
  Outcome outcome;
  outcome.code = run_program(static_cast<int>(arguments.size()),
                             arguments.data(), context);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

/// A log on disk for the time of a test.
class LoggedTest : public ::testing::Test {
 protected:
  void write(const TinyRuntime& tiny) {
    write_log(directory_.path(), tiny.records());
  }

  /// Runs a command on the log; it must succeed.
  std::string out_of(std::vector<std::string> words) {
    words.push_back("--log");
    words.push_back(directory_.path().string());
    const Outcome outcome = run(std::move(words));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  }

  Outcome on_log(std::vector<std::string> words,
                 const std::function<void(Context&)>& prepare = {}) {
    words.push_back("--log");
    words.push_back(directory_.path().string());
    return run(std::move(words), prepare);
  }

  [[nodiscard]] std::string path() const { return directory_.path().string(); }

 private:
  test::TemporaryDirectory directory_;
};

class SmallStory : public LoggedTest {
 protected:
  void SetUp() override { write(small_story()); }
};

}  // namespace understudy
