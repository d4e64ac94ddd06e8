#pragma once

/// What `verify` found, field by field.

#include <iosfwd>

#include "actors/runtime/verify.hpp"
#include "services/codec/json.hpp"

namespace understudy {

[[nodiscard]] Json difference_json(const Difference& difference);
void write_difference(std::ostream& out, const Difference& difference);

}  // namespace understudy
