#include "services/load/load_message.hpp"

namespace understudy {
namespace {

constexpr std::int64_t memory_ms = 60'000;
constexpr std::int64_t us_per_ms = 1000;

}  // namespace

std::vector<std::pair<std::string, std::string>> load_messages(
    const LoadReport& report) {
  std::vector<std::pair<std::string, std::string>> messages;
  if (report.leaving || report.endpoints.empty()) {
    LoadReport alone = report;
    alone.endpoints.clear();
    messages.emplace_back(report.gateway, load_report_text(alone));
    return messages;
  }
  LoadReport one = report;
  for (const ReportedEndpoint& endpoint : report.endpoints) {
    one.endpoints = {endpoint};
    messages.emplace_back(endpoint.endpoint, load_report_text(one));
  }
  return messages;
}

std::int64_t MessageAge::late_ms(Instant stored, Instant read) {
  const std::int64_t took_us = read.us - stored.us;
  while (!quickest_.empty() &&
         after_ms(quickest_.front().read, memory_ms) < read)
    quickest_.pop_front();
  while (!quickest_.empty() && quickest_.back().us >= took_us)
    quickest_.pop_back();
  quickest_.push_back({read, took_us});
  return (took_us - quickest_.front().us) / us_per_ms;
}

}  // namespace understudy
