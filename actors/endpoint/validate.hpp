#pragma once

/// What a specification must be like. Used when a command is decided and by
/// the command line before one is sent, so that both say the same.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/specification.hpp"

namespace understudy::endpoint {

/// The limits that are not obvious from the specification itself.
namespace limits {
constexpr std::size_t variants = 10;
constexpr std::size_t pools = 128;
constexpr std::size_t zones = 64;
constexpr std::uint32_t instances = 10'000;
constexpr std::uint32_t priority = 1'000;
constexpr std::uint32_t concurrency = 256;  ///< HAProxy's largest weight.
constexpr std::uint64_t price_micros = 1'000'000'000'000;
constexpr std::size_t text = 1'024;
constexpr std::size_t variables = 64;
constexpr std::size_t variable_name = 256;
constexpr std::size_t variable_value = 4'096;
constexpr std::size_t path = 256;
}  // namespace limits

/// One thing that is wrong. `value` is fit for one line: escaped and cut.
struct Violation {
  std::string_view reason;  ///< A code of reasons.hpp.
  std::string field;        ///< Such as `variants[0].pools[2].priority`.
  std::string value;
  std::string accepted;
};

/// Everything that is wrong with `spec`, in the order of its fields; empty
/// when it is right. Expects what `with_defaults` returns.
[[nodiscard]] std::vector<Violation> validate(const EndpointSpec& spec);

/// Fills what may be left out: a pool is named after its instance type, and
/// its quota family is `type/market`.
[[nodiscard]] EndpointSpec with_defaults(EndpointSpec spec);

}  // namespace understudy::endpoint
