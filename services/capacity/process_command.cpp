#include "services/capacity/process_command.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* mark_name = "UNDERSTUDY_INSTANCE";

std::string filled(std::string text, const ProcessTold& told) {
  const std::array<std::pair<std::string_view, std::string>, 6> values{{
      {"{port}", std::to_string(told.port)},
      {"{host}", told.host},
      {"{model}", told.model},
      {"{endpoint}", told.endpoint},
      {"{instance}", told.reference},
      {"{max_concurrency}", std::to_string(told.max_concurrency)},
  }};
  // One pass, so that a value that looks like a name stays what it is.
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    const auto* const found = std::find_if(
        values.begin(), values.end(),
        [&](const auto& one) { return rest.starts_with(one.first); });
    if (found == values.end()) {
      out += text[at++];
    } else {
      out += found->second;
      at += found->first.size();
    }
  }
  return out;
}

/// Meant for the daemon alone: its settings, its service manager, its
/// credentials.
bool is_private(std::string_view name) {
  constexpr std::array<std::string_view, 8> names{
      "NOTIFY_SOCKET",    "CREDENTIALS_DIRECTORY",
      "INVOCATION_ID",    "JOURNAL_STREAM",
      "MAINPID",          "MANAGERPID",
      "SYSTEMD_EXEC_PID", "RUNTIME_DIRECTORY"};
  return name.starts_with("UNDERSTUDY_") || name.starts_with("WATCHDOG_") ||
         name.starts_with("LISTEN_") ||
         std::find(names.begin(), names.end(), name) != names.end();
}

Result<std::string> usable(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return Error{ErrorCode::not_found,
                 path + ": no such program; accepted: an executable file"};
  }
  if (!S_ISREG(status.st_mode) || ::access(path.c_str(), X_OK) != 0) {
    return Error{ErrorCode::invalid_input,
                 path + ": not executable; accepted: an executable file"};
  }
  std::array<char, 4> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  const std::string_view begin(head.data(),
                               static_cast<std::size_t>(file.gcount()));
  // A program that may be executed and not read is taken at its word.
  if (!file.is_open() ||
      begin ==
          "\x7f"
          "ELF" ||
      begin.starts_with("#!"))
    return path;
  return Error{ErrorCode::invalid_input,
               path +
                   ": no program; accepted: an ELF file, or a script that "
                   "begins with #!"};
}

}  // namespace

std::string process_mark(const std::string& reference) {
  return std::string(mark_name) + '=' + reference;
}

Result<std::string> find_program(const ProcessOffering& offering) {
  const std::string& name = offering.command.front();
  if (name.front() == '/') return usable(name);
  const auto own = offering.environment.find("PATH");
  const char* inherited = std::getenv("PATH");
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  if (inherited != nullptr) path = inherited;
  if (own != offering.environment.end()) path = own->second;
  Result<std::string> wrong =
      Error{ErrorCode::not_found, in_quotes(name) + ": not found in PATH " +
                                      in_quotes(path) +
                                      "; accepted: an executable file"};
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find(':', at), path.size());
    const std::string folder = path.substr(at, end - at);
    at = end + 1;
    if (folder.empty() || folder.front() != '/') continue;
    auto found = usable(folder + '/' + name);
    if (found) return found;
    if (found.error().code != ErrorCode::not_found) wrong = std::move(found);
  }
  return wrong;
}

std::vector<std::string> process_arguments(const ProcessOffering& offering,
                                           const ProcessTold& told) {
  std::vector<std::string> all;
  for (const std::string& one : offering.command)
    all.push_back(filled(one, told));
  return all;
}

std::vector<std::string> process_environment(const ProcessOffering& offering,
                                             const ProcessTold& told) {
  std::map<std::string, std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string_view::npos) continue;
    const std::string name(text.substr(0, equals));
    if (!is_private(name)) all[name] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : offering.environment)
    all[name] = filled(value, told);
  for (const auto& [name, value] : told.environment)
    all[name] = filled(value, told);
  const std::string port = std::to_string(told.port);
  all[mark_name] = told.reference;
  all["UNDERSTUDY_OWNER"] = told.owner;
  all["UNDERSTUDY_TOKEN"] = told.token;
  all["UNDERSTUDY_ENDPOINT"] = told.endpoint;
  all["UNDERSTUDY_MODEL"] = told.model;
  all["UNDERSTUDY_HOST"] = told.host;
  all["UNDERSTUDY_PORT"] = port;
  all["UNDERSTUDY_MAX_CONCURRENCY"] = std::to_string(told.max_concurrency);
  // Under this name the reference's containers are told their port.
  all["SAGEMAKER_BIND_TO_PORT"] = port;
  std::vector<std::string> entries;
  for (const auto& [name, value] : all)
    entries.push_back(name + '=' + value);
  return entries;
}

}  // namespace understudy
