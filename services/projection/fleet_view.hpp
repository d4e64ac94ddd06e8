#pragma once

/// The one read model of a log: endpoints, pools, instances and operations
/// as they stand after the records seen so far, those that ended included.
///
/// It decides nothing and checks nothing: records that name what it does not
/// know are passed over. Thread safety: none. Ownership: it keeps copies.

#include <cstddef>
#include <cstdint>
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

  [[nodiscard]] VariantView* variant(std::string_view name);
  [[nodiscard]] PoolView* pool(std::string_view variant, std::string_view name);
  [[nodiscard]] RequestView* request(OperationId operation, RequestId id);
};

class FleetView {
 public:
  using Endpoints = std::map<std::string, EndpointHistory, std::less<>>;

  /// Keeps the latest `decisions` decisions of each endpoint.
  explicit FleetView(std::size_t decisions = 20) : decisions_(decisions) {}

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

  std::size_t decisions_;
  Endpoints endpoints_;
  std::uint64_t records_ = 0;
  std::uint64_t position_ = 0;
  Instant time_;
};

}  // namespace understudy
