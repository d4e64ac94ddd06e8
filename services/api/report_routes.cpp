/// What the whole log says: explanations, and the numbers of a period.

#include <sstream>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/projection/statistics.hpp"
#include "services/rendering/explain_text.hpp"
#include "services/rendering/log_reader.hpp"
#include "services/rendering/report_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::handle {
namespace {

struct Period {
  Instant from;
  Instant to = Instant::never();
};

Result<Report> count(LogReader& reader, const Period& period) {
  Statistics statistics(period.from, period.to);
  const auto read = reader.scan(1, [&](const Record& record) {
    // What comes later changes nothing in the period.
    if (record.time >= period.to) return Visit::stop;
    statistics.see(record);
    return Visit::next;
  });
  if (!read) return read.error();
  if (statistics.view().time() < period.from) {
    return Error{ErrorCode::invalid_input,
                 "since is after the last record; accepted: up to " +
                     to_string(statistics.view().time())};
  }
  return statistics.report();
}

Result<void> keep_only(Report& report, const std::string& endpoint) {
  if (endpoint.empty()) return {};
  std::erase_if(report.endpoints, [&](const EndpointReport& one) {
    return one.name != endpoint;
  });
  if (!report.endpoints.empty()) return {};
  return Error{ErrorCode::not_found,
               "there is no endpoint " + in_quotes(endpoint) + " in this log"};
}

}  // namespace

ApiAnswer explanation(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const Output output = parameters.output({"json", "yaml", "table"});
  const bool chain = parameters.flag("chain");
  const std::string subject = parameters.text("subject");
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (subject.empty()) {
    return answer_of(wrong_parameter(
        "subject", subject, "an endpoint, ENDPOINT/INSTANCE or a position"));
  }
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return log_is_busy(turn.error());
  auto reader = turn.value().reader();
  std::ostringstream out;
  const auto told = write_explanation(out, output, reader, subject, chain);
  if (!told) return answer_of(told.error(), "subject");
  return shown_text(output, std::move(out).str());
}

ApiAnswer statistics(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const Output output = parameters.output({"json", "yaml", "table"});
  Period period;
  period.from = parameters.time("since").value_or(period.from);
  period.to = parameters.time("until").value_or(period.to);
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (period.to <= period.from) {
    return answer_of(wrong_parameter("until", parameters.text("until"),
                                     "a time after since"));
  }
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return log_is_busy(turn.error());
  auto reader = turn.value().reader();
  auto report = count(reader, period);
  if (!report) return answer_of(report.error(), "since");
  if (auto kept = keep_only(report.value(), parameters.text("endpoint")); !kept)
    return answer_of(kept.error(), "endpoint");
  if (output == Output::table) {
    std::ostringstream out;
    write_report(out, report.value());
    return shown_text(output, std::move(out).str());
  }
  Json json = envelope("Statistics");
  add_members(json, to_json(report.value()));
  return shown_json(output, json);
}

}  // namespace understudy::handle
