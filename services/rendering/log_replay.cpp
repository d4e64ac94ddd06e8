#include "services/rendering/log_replay.hpp"

#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "actors/core/hash.hpp"
#include "services/rendering/recent_log.hpp"

namespace understudy {
namespace {

/// Runs `work` for each partition and collects what it gives.
template <class T, class Work>
Result<std::vector<T>> for_each_partition(std::uint32_t partitions,
                                          const Work& work) {
  std::vector<std::optional<Result<T>>> results(partitions);
  std::vector<std::thread> threads;
  for (std::uint32_t one = 1; one < partitions; ++one)
    threads.emplace_back([&, one] { results[one] = work(one); });
  results[0] = work(0);
  for (auto& thread : threads)
    thread.join();
  std::vector<T> all;
  for (auto& one : results) {
    if (!one->ok()) return one->error();
    all.push_back(std::move(*one).value());
  }
  return all;
}

/// What is counted in each partition, told as one sum.
class Sum {
 public:
  Sum(std::uint32_t partitions, std::function<void(std::uint64_t)> tell)
      : counts_(partitions), tell_(std::move(tell)) {}

  void set(std::uint32_t partition, std::uint64_t count) {
    const std::lock_guard lock(mutex_);
    counts_[partition] = count;
    std::uint64_t sum = 0;
    for (const std::uint64_t one : counts_)
      sum += one;
    tell_(sum);
  }

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> counts_;
  const std::function<void(std::uint64_t)> tell_;
};

}  // namespace

Result<std::vector<PartitionFold>> replay_log(const LogReader& reader,
                                              ReplayUntil until) {
  const auto ends = reader.ends_of(until);
  if (!ends) return ends.error();
  return for_each_partition<PartitionFold>(
      reader.partitions(),
      [&](std::uint32_t partition) -> Result<PartitionFold> {
        PartitionFold fold;
        auto replayed = replay(reader.log(partition), reader.codec(),
                               fold.fleet, ends.value()[partition]);
        if (!replayed) return replayed.error();
        fold.replayed = std::move(replayed).value();
        return fold;
      });
}

Result<std::vector<Verification>> verify_log(
    const LogReader& reader,
    const std::function<void(std::uint64_t)>& progress) {
  if (reader.reads_in_place()) {
    auto verified = verify(reader.log(), reader.codec(), progress);
    if (!verified) return verified.error();
    std::vector<Verification> all;
    all.push_back(std::move(verified).value());
    return all;
  }
  Sum sum(reader.partitions(), progress);
  return for_each_partition<Verification>(
      reader.partitions(),
      [&](std::uint32_t partition) -> Result<Verification> {
        const RecentLog log(reader.log(partition));
        auto verified = verify(
            log, reader.codec(),
            [&](std::uint64_t sequence) { sum.set(partition, sequence); });
        if (!verified) return verified.error();
        for (Difference& one : verified.value().differences)
          one.position.partition = partition;
        return verified;
      });
}

std::uint64_t digest_of_all(std::span<const std::uint64_t> digests) {
  if (digests.size() == 1) return digests.front();
  std::uint64_t all = mix(digests.size());
  for (const std::uint64_t one : digests)
    all = mix(all ^ one);
  return all;
}

}  // namespace understudy
