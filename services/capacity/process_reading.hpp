#pragma once

/// Reads what an instance wrote, piece by piece.
///
/// Thread safety: pure function on files that somebody may write to.

#include <cstddef>
#include <string>

#include "services/capacity/instance_output.hpp"
#include "services/capacity/process_directory.hpp"

namespace understudy {

/// As `InstanceOutput::output`.
[[nodiscard]] Result<OutputPiece> read_process_output(
    const ProcessDirectory& directory, const std::string& provider_ref,
    const OutputPlace& from, std::size_t most);

}  // namespace understudy
