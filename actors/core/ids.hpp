#pragma once

/// Names of things. All are plain values; none is ever reused.
///
/// Operations, requests and instances are numbered by their endpoint, so
/// they stay small, sort in the order they were made, and an instance tells
/// which request and which launch call it came from.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace understudy {

/// One effort to reach a number of instances: a creation, a scale-out, a
/// replacement or a return. Counted from 1 within the endpoint.
struct OperationId {
  std::uint64_t value = 0;
  friend auto operator<=>(const OperationId&, const OperationId&) = default;
};

/// One `instance-requested`: a number of instances asked of one pool.
/// Counted from 1 within the endpoint.
struct RequestId {
  std::uint32_t value = 0;
  friend auto operator<=>(const RequestId&, const RequestId&) = default;
};

/// The `index`-th instance of the `attempt`-th launch call of a request.
/// Text form `request-attempt-index`; unique within the endpoint.
struct InstanceId {
  std::uint64_t value = 0;

  static InstanceId make(RequestId request, std::uint16_t attempt,
                         std::uint16_t index);
  [[nodiscard]] RequestId request() const;
  [[nodiscard]] std::uint16_t attempt() const;
  [[nodiscard]] std::uint16_t index() const;

  friend auto operator<=>(const InstanceId&, const InstanceId&) = default;
};

[[nodiscard]] std::string to_string(OperationId id);
[[nodiscard]] std::string to_string(RequestId id);
[[nodiscard]] std::string to_string(InstanceId id);
[[nodiscard]] std::optional<InstanceId> parse_instance_id(std::string_view);

enum class ActorKind : std::uint8_t { endpoint, pool, instance, autoscaler };

/// The address of one actor and the name of its stream: `endpoint/E`,
/// `pool/E/V/P`, `instance/E/I`, `autoscaler/E/V`. Names hold no slash
/// (`valid_name`), so the text form is unambiguous.
struct StreamId {
  std::string text;

  static StreamId endpoint(std::string_view endpoint);
  static StreamId pool(std::string_view endpoint, std::string_view variant,
                       std::string_view pool);
  static StreamId instance(std::string_view endpoint, InstanceId id);
  static StreamId autoscaler(std::string_view endpoint,
                             std::string_view variant);
  /// Nothing when `text` is not one of the four forms.
  static std::optional<StreamId> parse(std::string_view text);

  [[nodiscard]] ActorKind kind() const;
  /// The n-th name after the kind; 0 is the endpoint. Empty when absent.
  [[nodiscard]] std::string_view part(int n) const;
  [[nodiscard]] std::string_view endpoint_name() const { return part(0); }

  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

/// 1 to 63 characters, letters, digits and inner hyphens, as the reference
/// (SageMaker `EndpointName`: `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}`); pools may
/// also hold inner dots and underscores, since instance types do.
[[nodiscard]] bool valid_name(std::string_view name);
[[nodiscard]] bool valid_pool_name(std::string_view name);

}  // namespace understudy
