#include "services/client/daemon_client.hpp"

#include <algorithm>
#include <thread>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_pause{250};
constexpr milliseconds longest_pause{2000};

milliseconds pause_after(const HttpAnswer& answer) {
  const auto seconds = parse_number(answer.header("retry-after"), 3600);
  if (!seconds) return first_pause;
  return std::clamp(milliseconds(*seconds * 1000), first_pause, longest_pause);
}

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

Error unknown_outcome(const Json& command, const ServerAddress& address,
                      const std::string& cause) {
  const std::string id = text_of(command, "command");
  const std::string endpoint = text_of(command, "endpoint");
  return {ErrorCode::unavailable,
          address.url() + ": " + cause + ": whether command " + in_quotes(id) +
              " was carried out is unknown; `understudy describe endpoint " +
              endpoint + "` shows it, and the same command with --command-id " +
              id + " is never carried out twice"};
}

Error not_json(const ServerAddress& address) {
  return {ErrorCode::unavailable,
          address.url() + " answers with no JSON; is it an Understudy daemon?"};
}

}  // namespace

std::string target_of(const std::string& path,
                      const QueryParameters& parameters) {
  std::string target = path;
  char before = '?';
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    target += before + name + '=' + percent_encoded(value);
    before = '&';
  }
  return target;
}

DaemonClient::DaemonClient(ServerAccess access, Notice notice)
    : access_(std::move(access)), notice_(std::move(notice)), http_(access_) {}

DaemonClient::Clock::time_point DaemonClient::deadline() const {
  return Clock::now() + access_.timeout;
}

bool DaemonClient::pause(const HttpAnswer& answer, Clock::time_point deadline) {
  const auto wait = pause_after(answer);
  if (Clock::now() + wait >= deadline) return false;
  std::this_thread::sleep_for(wait);
  return true;
}

void DaemonClient::tell_once(const std::string& text) {
  if (!std::exchange(told_, true) && notice_) notice_(text);
}

Result<HttpAnswer> DaemonClient::ask(
    const std::function<HttpAnswer()>& request) {
  const auto until = deadline();
  while (true) {
    const HttpAnswer answer = request();
    if (answer.ok()) return answer;
    // An idle connection that the daemon closed, or one that was lost: what
    // is asked here may be asked again.
    if (answer.status == 0) {
      if (answer.sent && pause(answer, until)) continue;
      return error_of_silence(answer, access_.address);
    }
    const ServerProblem problem = problem_of(answer);
    const Error error = error_of(problem, access_.address);
    const bool passes = is_passing(problem) || problem.status == 504;
    if (!passes || !pause(answer, until)) return error;
    tell_once(error.message + "; trying again");
  }
}

Result<HttpAnswer> DaemonClient::get(const std::string& path,
                                     const QueryParameters& parameters) {
  const std::string target = target_of(path, parameters);
  return ask([&] { return http_.get(target); });
}

Result<Json> DaemonClient::get_json(const std::string& path,
                                    const QueryParameters& parameters) {
  const auto answer = get(path, parameters);
  if (!answer) return answer.error();
  Json json = Json::parse(answer.value().body, nullptr, false);
  if (json.is_discarded()) return not_json(access_.address);
  return json;
}

Result<Json> DaemonClient::post(const std::string& path, const Json& body) {
  const std::string text = json_text(body);
  const auto answer = ask([&] { return http_.post(path, text); });
  if (!answer) return answer.error();
  Json json = Json::parse(answer.value().body, nullptr, false);
  if (json.is_discarded()) return not_json(access_.address);
  return json;
}

SentCommand DaemonClient::send(const Json& command, bool dry_run) {
  const std::string target =
      target_of("/v1/commands", {{"dry-run", dry_run ? "true" : ""}});
  const std::string text = json_text(command);
  const auto until = deadline();
  // Once it may have arrived, only an answer says what became of it.
  bool arrived = false;
  while (true) {
    const HttpAnswer answer = http_.post(target, text);
    SentCommand outcome;
    if (answer.ok()) {
      outcome.answer = Json::parse(answer.body, nullptr, false);
      if (outcome.answer.is_object()) {
        outcome.end = CommandEnd::accepted;
        return outcome;
      }
    }
    std::string cause = answer.trouble;
    if (answer.status == 0) {
      outcome.error = error_of_silence(answer, access_.address);
      arrived = arrived || answer.sent;
      if (!arrived) return outcome;
    } else {
      ServerProblem problem = problem_of(answer);
      outcome.error = error_of(problem, access_.address);
      cause = problem.detail;
      const bool open = problem.status == 504 || answer.ok();
      arrived = arrived || open;
      if (!open && !is_passing(problem)) {
        outcome.end = CommandEnd::refused;
        outcome.reason = problem.reason;
        outcome.answer = std::move(problem.body);
        return outcome;
      }
    }
    tell_once(outcome.error.message + "; trying again with the same id");
    if (pause(answer, until)) continue;
    if (arrived && !dry_run) {
      outcome.end = CommandEnd::unknown;
      outcome.error = unknown_outcome(command, access_.address, cause);
    }
    return outcome;
  }
}

}  // namespace understudy
