#pragma once

/// Writes records into an embedded log, for tests of what reads one.

#include <filesystem>
#include <vector>

#include <gtest/gtest.h>

#include "actors/runtime/record.hpp"
#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {

/// The log begins with the first of `records`; it must be new.
inline void write_log(const std::filesystem::path& directory,
                      const std::vector<Record>& records) {
  LmdbOptions options;
  options.durability = Durability::os;
  auto log = LmdbLog::open_writer(directory, options);
  ASSERT_TRUE(log.ok()) << log.error().message;
  const auto codec = make_record_codec();
  std::uint64_t sequence = 0;
  std::vector<std::byte> bytes;
  for (const Record& record : records) {
    bytes.clear();
    codec->encode(record, bytes);
    const Bytes view(bytes);
    const auto appended = log.value()->append(++sequence, {&view, 1});
    ASSERT_TRUE(appended.ok()) << appended.error().message;
  }
}

}  // namespace understudy
