#pragma once

/// The codec of snapshots for the runtime: a stream's state with its place.

#include <memory>

#include "actors/runtime/snapshots.hpp"

namespace understudy {

/// Thread safety and errors: as RestCodec says.
[[nodiscard]] std::unique_ptr<RestCodec> make_rest_codec();

}  // namespace understudy
