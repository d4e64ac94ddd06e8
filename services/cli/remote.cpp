#include "services/cli/remote.hpp"

#include <ostream>
#include <sstream>
#include <utility>

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

constexpr const char* next_page = "understudy-continue";
constexpr const char* hidden_rows = "understudy-hidden";

std::uint64_t hidden_in(const HttpAnswer& answer) {
  return parse_number(answer.header(hidden_rows), UINT64_MAX).value_or(0);
}

/// A page's rows put to those before it.
void add_page(const RemoteList& list, const HttpAnswer& page, Json& items,
              std::string& rows) {
  const bool titled =
      list.output == Output::table || list.output == Output::wide;
  if (list.output == Output::json) {
    const Json read = Json::parse(page.body, nullptr, false);
    for (const Json& item : read.value("items", Json::array()))
      items.push_back(item);
  } else {
    // Titles stand once, over the first page.
    const auto begin = titled && !rows.empty() ? page.body.find('\n') + 1 : 0;
    rows += page.body.substr(begin);
  }
}

/// The pages of a list that has several.
Result<HttpAnswer> all_pages(DaemonClient& daemon, RemoteList list) {
  const bool structured =
      list.output == Output::json || list.output == Output::yaml;
  const Output output = list.output;
  if (structured) list.output = Output::json;
  auto parameters = list_parameters(list);
  parameters.emplace_back("continue", "");
  HttpAnswer last;
  std::string rows;
  Json items = Json::array();
  std::uint64_t hidden = 0;
  do {
    auto page = daemon.get(list_path(list), parameters);
    if (!page) return page.error();
    last = std::move(page).value();
    add_page(list, last, items, rows);
    hidden += hidden_in(last);
    parameters.back().second = last.header(next_page);
  } while (!parameters.back().second.empty());
  last.headers[hidden_rows] = std::to_string(hidden);
  if (structured) {
    Json json = Json::parse(last.body, nullptr, false);
    json["items"] = std::move(items);
    std::ostringstream out;
    write_structured(out, output, json);
    rows = std::move(out).str();
  }
  last.body = std::move(rows);
  return last;
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
  parameters.emplace_back("at", list.at);
  parameters.emplace_back("after", list.after);
  if (one) return parameters;
  parameters.emplace_back("all", list.selection.all ? "true" : "");
  if (list.what == "endpoints") return parameters;
  parameters.emplace_back("endpoint", list.selection.endpoint);
  parameters.emplace_back("id", list.selection.id);
  return parameters;
}

Result<HttpAnswer> list_remote(DaemonClient& daemon, const RemoteList& list) {
  auto answer = daemon.get(list_path(list), list_parameters(list));
  const bool whole = !answer || answer.value().header(next_page).empty();
  return whole ? std::move(answer) : all_pages(daemon, list);
}

Result<int> get_remote(Context& context, DaemonClient& daemon,
                       const RemoteList& list) {
  const auto answer = list_remote(daemon, list);
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
