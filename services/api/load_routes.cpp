/// What gateways report of their load.

#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/output.hpp"

namespace understudy::handle {

ApiAnswer load(Api& api, const ApiCall& call) {
  LoadDesk* desk = api.parts().load;
  if (desk == nullptr) {
    return answer_of(make_problem("load-not-metered",
                                  "load is not metered by gateways here"));
  }
  const auto report = parse_load_report(call.body);
  if (!report)
    return answer_of(make_problem("invalid-command", report.error().message));
  if (auto taken = desk->report(report.value()); !taken)
    return answer_of(make_problem("overloaded", taken.error().message));
  Json json = envelope("LoadReceipt");
  json["gateways"] = desk->gateways();
  return shown_json(Output::json, json);
}

}  // namespace understudy::handle
