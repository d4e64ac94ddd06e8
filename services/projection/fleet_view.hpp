#pragma once

/// The one read model of a log: endpoints, pools, instances and operations
/// as they stand after the records seen so far, those that ended included.
///
/// It decides nothing and checks nothing: records that name what it does not
/// know are passed over. Thread safety: none. Ownership: it keeps copies.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/record.hpp"
#include "services/projection/views.hpp"

namespace understudy {

/// Everything about one endpoint's name, earlier lives included.
struct EndpointHistory {
  EndpointView endpoint;
  std::map<InstanceId, InstanceView> instances;
  std::map<OperationId, OperationView> operations;
  /// What ended and is still kept, the oldest end first. Only where the view
  /// has a bound.
  std::deque<InstanceId> ended_instances;
  std::deque<OperationId> ended_operations;

  [[nodiscard]] VariantView* variant(std::string_view name);
  [[nodiscard]] PoolView* pool(std::string_view variant, std::string_view name);
  [[nodiscard]] RequestView* request(OperationId operation, RequestId id);
};

/// How much of what is over a view keeps; the oldest end goes first. What
/// lives is always kept. Except for `decisions`, 0 keeps all.
struct FleetViewOptions {
  std::size_t decisions = 20;        ///< Latest ones of each endpoint.
  std::size_t ended_instances = 0;   ///< Of each endpoint.
  std::size_t ended_operations = 0;  ///< Of each endpoint.
  /// Also: names that no endpoint was ever made under are not kept.
  std::size_t deleted_endpoints = 0;
};

class FleetView {
 public:
  using Endpoints = std::map<std::string, EndpointHistory, std::less<>>;

  /// Keeps all but decisions.
  explicit FleetView(std::size_t decisions = 20) {
    options_.decisions = decisions;
  }
  explicit FleetView(FleetViewOptions options) : options_(options) {}

  /// Takes in the next record of the log.
  void see(const Record& record);

  [[nodiscard]] const Endpoints& endpoints() const { return endpoints_; }
  /// Null when no record spoke of it.
  [[nodiscard]] const EndpointHistory* find(std::string_view endpoint) const;

  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// Of the latest record; the view's own idea of now.
  [[nodiscard]] Instant time() const { return time_; }

 private:
  void remember(EndpointHistory& history, const Record& record);
  void forget_instances(EndpointHistory& history, InstanceId ended);
  void forget_operations(EndpointHistory& history, OperationId ended);
  void forget_endpoints(const std::string& deleted);

  FleetViewOptions options_;
  Endpoints endpoints_;
  std::deque<std::string> deleted_;  ///< The oldest end first.
  std::uint64_t records_ = 0;
  std::uint64_t position_ = 0;
  Instant time_;
};

}  // namespace understudy
