#pragma once

/// What is told of a log beside its records.

#include <cstdint>
#include <optional>

#include "actors/core/instant.hpp"

namespace understudy {

/// One append that is durable.
struct LogCommit {
  std::int64_t duration_us = 0;  ///< Of the whole call, waiting included.
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

/// How an embedded log's file is used, for `understudy log info`.
struct LogFacts {
  std::uint64_t format = 0;
  std::uint64_t epoch = 0;  ///< How many writers have opened it.
  std::optional<Instant> created;
  std::uint64_t records = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t page_bytes = 0;
  std::uint64_t used_pages = 0;
  std::uint64_t free_pages = 0;  ///< Below the used ones: written again.
  std::uint64_t readers = 0;     ///< Other processes in the reader table.
  bool has_writer = false;
  std::uint64_t writer_pid = 0;  ///< 0 when it has not said.
};

}  // namespace understudy
