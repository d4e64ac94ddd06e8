/// Appends batches for ever and acknowledges each on standard output; made to
/// be killed.
///
///     log_kill_writer DIRECTORY fsync|os SEED

#include <cstdio>
#include <string>
#include <utility>

#include <unistd.h>

#include "services/event_log/lmdb_log.hpp"
#include "tests/integration/log_kill_records.hpp"

namespace understudy::test {
namespace {

int fail(const Error& error) {
  std::fprintf(stderr, "log_kill_writer: %s\n", error.message.c_str());
  return 1;
}

int run(const char* directory, Durability durability, std::uint64_t seed) {
  LmdbOptions options;
  options.durability = durability;
  const auto opened = LmdbLog::open_writer(directory, options);
  if (!opened) return fail(opened.error());
  LmdbLog& log = *opened.value();
  for (std::uint64_t batch = 0;; ++batch) {
    const auto end = log.end();
    if (!end) return fail(end.error());
    const auto first = end.value();
    const auto size = 1 + mix(seed * 1'000'003 + batch) % 48;
    std::vector<std::vector<std::uint64_t>> records;
    std::vector<Bytes> views;
    for (std::uint64_t at = 0; at < size; ++at) {
      records.push_back(killed_record(first + at, first, size));
      views.push_back(std::as_bytes(std::span(records.back())));
    }
    if (auto done = log.append(first, views); !done) return fail(done.error());
    const Acknowledgement acknowledged{first + size, {}};
    if (::write(STDOUT_FILENO, &acknowledged, sizeof(acknowledged)) !=
        sizeof(acknowledged)) {
      return 0;
    }
  }
}

}  // namespace
}  // namespace understudy::test

int main(int argc, char** argv) {
  using understudy::Durability;
  if (argc != 4) return 2;
  const auto durability =
      std::string(argv[2]) == "os" ? Durability::os : Durability::fsync;
  return understudy::test::run(argv[1], durability, std::stoull(argv[3]));
}
