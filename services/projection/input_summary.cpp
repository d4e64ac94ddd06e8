#include "services/projection/wording.hpp"

namespace understudy {
namespace {

template <class Command>
std::string told(const Command& command) {
  std::string text = "command " + command.command;
  if (!command.principal.empty()) text += " by " + command.principal;
  return text + ": ";
}

/// One sentence for each input from outside.
struct InputSummary {
  std::string operator()(const endpoint::CreateEndpoint& i) const {
    return told(i) + "create endpoint " + i.spec.name;
  }
  std::string operator()(const endpoint::UpdateEndpoint& i) const {
    return told(i) + "update endpoint " + i.spec.name;
  }
  std::string operator()(const endpoint::ScaleVariant& i) const {
    return told(i) + "scale variant " + i.variant + " to " +
           std::to_string(i.desired);
  }
  std::string operator()(const endpoint::DeleteEndpoint& i) const {
    return told(i) + "delete the endpoint";
  }
  std::string operator()(const pool::LaunchOutcome& i) const {
    std::string text = "the provider's answer to launch call " +
                       to_string(i.request) + '-' + std::to_string(i.attempt) +
                       ": " + std::to_string(i.granted.size()) + " granted";
    if (i.kind == RefusalKind::none) return text;
    return text + ", " + std::to_string(i.refused) + " refused (" +
           refusal_text(i.kind, i.code, i.message) + ")";
  }
  std::string operator()(const pool::Reconciled& i) const {
    return "the provider's list holds " + counted(i.found.size(), "instance") +
           " of launch call " + to_string(i.request) + '-' +
           std::to_string(i.attempt);
  }
  std::string operator()(const pool::OrphanFound& i) const {
    return "the provider holds " + i.provider_ref + ", which nobody owns";
  }
  std::string operator()(const pool::OrphanGone& i) const {
    return "the provider says that " + i.provider_ref + " is gone";
  }
  std::string operator()(const instance::ProbeReport& i) const {
    if (i.failed_start) return "its process ended: " + i.detail;
    std::string text =
        counted(i.consecutive, i.healthy ? "good probe" : "bad probe");
    text += " in a row";
    return i.detail.empty() ? text : text + ": " + i.detail;
  }
  std::string operator()(const instance::ReclaimNotice& i) const {
    return "the provider will take it away at " + time_text(i.reclaim_at);
  }
  std::string operator()(const instance::DrainFinished& i) const {
    return "the data path reports " + counted(i.in_flight, "request") +
           " in flight";
  }
  std::string operator()(const instance::Gone& i) const {
    return i.detail.empty() ? "the provider says that it is gone"
                            : "the provider says that it is gone: " + i.detail;
  }
  std::string operator()(const autoscaler::LoadWindow& i) const {
    return "load from " + time_text(i.from) + " to " + time_text(i.to);
  }
  std::string operator()(const DeadlineReached&) const {
    return "its deadline passed";
  }
};

}  // namespace

std::string summary(const OutsideInput& input) {
  return std::visit(InputSummary{}, input);
}

std::string_view input_name(const OutsideInput& input) {
  return std::visit([](const auto& known) { return known.name; }, input);
}

}  // namespace understudy
