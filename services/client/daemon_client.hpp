#pragma once

/// A daemon as a client sees it: questions that wait while it recovers, and
/// commands that are sent again, with the same id, until their outcome is
/// known.
///
/// Thread safety: one thread.

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "services/client/http_client.hpp"
#include "services/client/server_problem.hpp"

namespace understudy {

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

/// `path?a=b`, encoded; parameters without a value are left out.
[[nodiscard]] std::string target_of(const std::string& path,
                                    const QueryParameters& parameters);

enum class CommandEnd : std::uint8_t {
  accepted,
  refused,   ///< For the reason in `problem`.
  not_done,  ///< Nothing was done: the daemon could not be had in time.
  unknown,   ///< It may have been done, or may be done yet.
};

struct SentCommand {
  CommandEnd end = CommandEnd::not_done;
  Json answer = Json::object();  ///< The daemon's, when there was one.
  std::string reason;            ///< Of a refusal.
  Error error;                   ///< One line, unless it was accepted.
};

class DaemonClient {
 public:
  /// `notice` is told, in one line, that something takes longer.
  using Notice = std::function<void(const std::string&)>;

  DaemonClient(ServerAccess access, Notice notice);

  /// Errors: `unavailable` when there is no daemon, or none that is ready
  /// in time; those of `error_of`.
  [[nodiscard]] Result<HttpAnswer> get(const std::string& path,
                                       const QueryParameters& parameters = {});
  /// The same, read as JSON.
  [[nodiscard]] Result<Json> get_json(const std::string& path,
                                      const QueryParameters& parameters = {});
  [[nodiscard]] Result<Json> post(const std::string& path, const Json& body);

  /// `command` is as schemas/command.fbs has it, with its id.
  [[nodiscard]] SentCommand send(const Json& command, bool dry_run);

  [[nodiscard]] const ServerAccess& access() const { return access_; }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] Clock::time_point deadline() const;
  /// False when the deadline comes first.
  bool pause(const HttpAnswer& answer, Clock::time_point deadline);
  [[nodiscard]] Result<HttpAnswer> ask(
      const std::function<HttpAnswer()>& request);
  void tell_once(const std::string& text);

  const ServerAccess access_;
  const Notice notice_;
  HttpClient http_;
  bool told_ = false;
};

}  // namespace understudy
