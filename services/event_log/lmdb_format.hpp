#pragma once

/// Names and numbers of the embedded log that reach the disk. Do not change
/// a value: README.md in this folder describes the format they make.

#include <cstddef>
#include <cstdint>

namespace understudy::lmdb {

/// Grows when a build writes what older builds would misread.
inline constexpr std::uint64_t kFormat = 1;
/// A larger number is damage, not a newer build.
inline constexpr std::uint64_t kFormatsBeyond = 65535;

inline constexpr const char* kDataFile = "data.mdb";
inline constexpr const char* kReaderTable = "lock.mdb";
inline constexpr const char* kWriterLock = "LOCK";
inline constexpr const char* kUnfinished = "data.new";

inline constexpr const char* kRecords = "records";
inline constexpr const char* kSnapshots = "snapshots";
inline constexpr const char* kMeta = "meta";

inline constexpr const char* kFormatKey = "format";
inline constexpr const char* kEpochKey = "epoch";
inline constexpr const char* kCreatedKey = "created_us";
inline constexpr const char* kUserPrefix = "user/";

inline constexpr std::size_t kMaxKeyBytes = 511;
inline constexpr std::size_t kMaxRecordBytes = std::size_t{16} << 20;

// Numbers are stored as this machine holds them.
static_assert(sizeof(std::size_t) == 8 && __BYTE_ORDER__ == 1234,
              "the log needs a 64-bit little-endian machine");

}  // namespace understudy::lmdb
