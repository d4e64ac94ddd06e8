#pragma once

/// The fixed header around every stored FlatBuffer: what it is, how long,
/// and a checksum over all of it, because FlatBuffers' verifier accepts most
/// bit flips. The format is described in schemas/README.md.
///
/// Thread safety: functions without state.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy::codec {

/// Do not change these values: they are on disk.
constexpr std::size_t frame_header_size = 16;
constexpr std::size_t frame_alignment = 8;
constexpr std::byte frame_magic{0x55};
constexpr std::uint8_t frame_format = 1;

/// What the first 8 bytes of a whole frame must hold: XXH3 (64 bit, seed 0)
/// of all bytes after them. REQUIRES: at least a header.
[[nodiscard]] std::uint64_t frame_checksum(Bytes frame);

/// Appends header, `content` and padding: a multiple of 8 bytes.
void append_frame(Bytes content, std::vector<std::byte>& out);

/// The content of a frame, inside `bytes`. Errors: `corrupt` when the frame
/// does not hold, `too_new` for a later format.
[[nodiscard]] Result<Bytes> open_frame(Bytes bytes);

/// A frame's bytes at an address that FlatBuffers may read in place: `bytes`
/// itself, or a copy in `copy`.
[[nodiscard]] Bytes aligned(Bytes bytes, std::vector<std::byte>& copy);

}  // namespace understudy::codec
