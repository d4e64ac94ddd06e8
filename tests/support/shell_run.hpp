#pragma once

/// A command of the shell, run to its end: exit code and both streams.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/wait.h>

namespace understudy::test {

struct ShellRun {
  int code = -1;
  std::string out;
  std::string err;
};

/// `line` must send its standard error to `err`, a file that is read then.
inline ShellRun run_shell(const std::string& line,
                          const std::filesystem::path& err) {
  ShellRun ran;
  FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0;
       (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.out.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
  std::ostringstream text;
  text << std::ifstream(err).rdbuf();
  ran.err = text.str();
  return ran;
}

}  // namespace understudy::test
