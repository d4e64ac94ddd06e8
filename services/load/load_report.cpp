#include "services/load/load_report.hpp"

#include <utility>

#include "actors/core/ids.hpp"
#include "services/codec/json.hpp"
#include "services/codec/strict_json.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_name = 255;

/// Leaves out what this build does not know: whoever reports may be newer.
template <class T>
void keep_known(Json& json) {
  if constexpr (is_vector<T>::value) {
    if (!json.is_array()) return;
    for (Json& one : json)
      keep_known<typename T::value_type>(one);
  } else if constexpr (Described<T>) {
    if (!json.is_object()) return;
    Json kept = Json::object();
    const T known;
    for_each_field(known,
                   [&]<class Member>(std::string_view name, const Member&) {
                     const auto found = json.find(name);
                     if (found == json.end()) return;
                     keep_known<Member>(*found);
                     kept[std::string(name)] = std::move(*found);
                   });
    json = std::move(kept);
  }
}

ReportedInstance read_instance(const Json& json) {
  ReportedInstance one;
  one.instance = json.value("instance", "");
  one.in_flight = json.value("in_flight", 0U);
  one.draining = json.value("draining", false);
  one.rate = json.value("rate", 0U);
  one.requests = json.value("requests", std::uint64_t{0});
  one.errors_4xx = json.value("errors_4xx", std::uint64_t{0});
  one.errors_5xx = json.value("errors_5xx", std::uint64_t{0});
  one.response_ms = json.value("response_ms", std::uint64_t{0});
  return one;
}

Error wrong(const std::string& field, const std::string& value,
            const std::string& accepted) {
  return {ErrorCode::invalid_input,
          field + ": " + json_quoted(value) + "; accepted: " + accepted};
}

}  // namespace

Result<LoadReport> parse_load_report(std::string_view text) {
  auto json = codec::parse_strict_json(text);
  if (!json) return json.error();
  keep_known<LoadReport>(json.value());
  codec::KindCheck kinds;
  kinds.check<LoadReport>(json.value(), "");
  if (kinds.error()) return *kinds.error();
  LoadReport report;
  report.gateway = json.value().value("gateway", "");
  report.leaving = json.value().value("leaving", false);
  report.made_us = json.value().value("made_us", std::uint64_t{0});
  if (report.gateway.empty() || report.gateway.size() > longest_name)
    return wrong("gateway", report.gateway, "a name of 1 to 255 bytes");
  const Json none = Json::array();
  const auto endpoints = json.value().value("endpoints", none);
  for (const Json& given : endpoints) {
    ReportedEndpoint one;
    one.endpoint = given.value("endpoint", "");
    one.queued = given.value("queued", 0U);
    if (!valid_name(one.endpoint))
      return wrong("endpoint", one.endpoint, "the name of an endpoint");
    const auto instances = given.value("instances", none);
    for (const Json& instance : instances) {
      one.instances.push_back(read_instance(instance));
      if (!parse_instance_id(one.instances.back().instance)) {
        return wrong("instance", one.instances.back().instance,
                     "request-attempt-index, such as 1-1-0");
      }
    }
    report.endpoints.push_back(std::move(one));
  }
  return report;
}

std::string load_report_text(const LoadReport& report) {
  return json_text(to_json(report));
}

}  // namespace understudy
