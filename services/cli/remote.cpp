#include "services/cli/remote.hpp"

#include <ostream>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

const char* name_of_output(Output output) {
  switch (output) {
    case Output::json:
      return "json";
    case Output::yaml:
      return "yaml";
    case Output::name:
      return "name";
    case Output::wide:
      return "wide";
    case Output::table:
      break;
  }
  return "table";
}

}  // namespace

Result<int> write_remote(Context& context, DaemonClient& daemon,
                         const std::string& path,
                         const QueryParameters& parameters) {
  const auto answer = daemon.get(path, parameters);
  if (!answer) return answer.error();
  context.out << answer.value().body;
  return static_cast<int>(exit_done);
}

std::string list_path(const RemoteList& list) {
  const std::string path = "/v1/" + list.what;
  if (list.what != "endpoints" || list.selection.endpoint.empty()) return path;
  return path + '/' + percent_encoded(list.selection.endpoint);
}

QueryParameters list_parameters(const RemoteList& list) {
  QueryParameters parameters{{"output", name_of_output(list.output)}};
  const bool one = list.what == "endpoints" && !list.selection.endpoint.empty();
  if (one) return parameters;
  parameters.emplace_back("all", list.selection.all ? "true" : "");
  if (list.what == "endpoints") return parameters;
  parameters.emplace_back("endpoint", list.selection.endpoint);
  parameters.emplace_back("id", list.selection.id);
  return parameters;
}

Result<int> get_remote(Context& context, DaemonClient& daemon,
                       const RemoteList& list) {
  const auto answer = daemon.get(list_path(list), list_parameters(list));
  if (!answer) return answer.error();
  context.out << answer.value().body;
  if (list.output != Output::table && list.output != Output::wide)
    return static_cast<int>(exit_done);
  const bool empty = answer.value().body.empty();
  const auto hidden =
      parse_number(answer.value().header("understudy-hidden"), UINT64_MAX)
          .value_or(0);
  if (empty) {
    context.err << "No " << list.what << " found"
                << (hidden == 0 ? ".\n" : "; ");
  }
  if (hidden != 0) {
    context.err << hidden << " that ended are not shown: --all shows them.\n";
  }
  return static_cast<int>(exit_done);
}

}  // namespace understudy
