#pragma once

/// The codec of records: FlatBuffers (schemas/record.fbs) in a frame with a
/// checksum (schemas/README.md).

#include <memory>

#include "actors/runtime/record.hpp"

namespace understudy {

/// Thread safety and errors: as RecordCodec says.
[[nodiscard]] std::unique_ptr<RecordCodec> make_record_codec();

}  // namespace understudy
