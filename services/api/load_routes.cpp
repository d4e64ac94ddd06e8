/// What gateways report of their load.

#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/output.hpp"

namespace understudy::handle {

ApiAnswer load(Api& api, const ApiCall& call) {
  GatewayLoad* meter = api.parts().load;
  if (meter == nullptr) {
    return answer_of(make_problem("load-not-metered",
                                  "load is not metered by gateways here"));
  }
  const auto report = parse_load_report(call.body);
  if (!report)
    return answer_of(make_problem("invalid-command", report.error().message));
  if (auto taken = meter->report(report.value()); !taken)
    return answer_of(make_problem("overloaded", taken.error().message));
  Json json = envelope("LoadReceipt");
  json["gateways"] = meter->gateways();
  return shown_json(Output::json, json);
}

}  // namespace understudy::handle
