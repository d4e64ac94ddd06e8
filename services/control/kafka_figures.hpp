#pragma once

/// How a daemon stands to its cluster, for metrics.
///
/// Thread safety: plain values.

#include <cstddef>
#include <cstdint>

namespace understudy {

struct KafkaFigures {
  bool reachable = false;
  std::uint32_t partitions = 0;
  std::uint32_t owned = 0;
  std::uint64_t lag = 0;          ///< Commands not dealt with, where owned.
  std::int64_t held_back_s = 0;   ///< Readers wait for a transaction so long.
  bool load_heard = false;        ///< The load topic is read to its end.
  std::size_t load_gateways = 0;  ///< Gateways that report.
  // What follows only grows.
  std::uint64_t opened = 0;      ///< Times a partition's log was opened.
  std::uint64_t failed = 0;      ///< Transactions that were given up.
  std::uint64_t fenced = 0;      ///< Of those: another took over.
  std::uint64_t forwarded = 0;   ///< Commands sent to their home.
  std::uint64_t put_aside = 0;   ///< Commands that could not be read.
  std::uint64_t voided = 0;      ///< Records of writers that were succeeded.
  std::uint64_t load_facts = 0;  ///< Messages of the load topic taken,
  std::uint64_t load_late = 0;   ///< too late to be of use,
  std::uint64_t load_unreadable = 0;  ///< and of no use otherwise.
};

}  // namespace understudy
