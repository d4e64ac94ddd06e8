#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/projection/wording.hpp"
#include "services/rendering/log_replay.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Folds the log into the state that it means and prints the state's "
    "digest:\n"
    "the same records give the same digest on every machine. Partitions of a\n"
    "log on Kafka are folded side by side, and their digests mixed in order.\n"
    "--until POSITION ends that partition there, the others at its time.\n"
    "Examples:\n"
    "  understudy replay --log run1\n"
    "  understudy replay --until 0:1234\n"
    "  understudy replay --until 2025-10-04T12:00:00Z -o json\n";

struct Options {
  LogOption log;
  OutputOption output;
  std::string until;
};

struct Streams {
  std::array<std::uint64_t, 4> by_kind{};

  void add(const Fleet& fleet) {
    for (const StreamId& stream : fleet.streams())
      ++by_kind[static_cast<std::size_t>(stream.kind())];
  }
  [[nodiscard]] std::uint64_t of(ActorKind kind) const {
    return by_kind[static_cast<std::size_t>(kind)];
  }
};

std::string partition_position(std::size_t partition, std::uint64_t sequence) {
  return to_string(Position{static_cast<std::uint32_t>(partition), sequence});
}

/// All partitions as one.
struct Whole {
  std::uint64_t records = 0;
  std::uint64_t digest = 0;
  Instant time;
  LogPlace place;
  Streams streams;
  std::vector<StoppedStream> stopped;
  std::int64_t elapsed_us = 0;

  explicit Whole(const std::vector<PartitionFold>& folds) {
    std::vector<std::uint64_t> digests;
    for (const PartitionFold& one : folds) {
      records += one.replayed.records;
      digests.push_back(one.fleet.digest());
      time = std::max(time, one.fleet.time());
      place.next.push_back(one.fleet.sequence() + 1);
      streams.add(one.fleet);
      stopped.insert(stopped.end(), one.replayed.stopped.begin(),
                     one.replayed.stopped.end());
    }
    digest = digest_of_all(digests);
  }
};

Json json_of(const Whole& whole, const std::vector<PartitionFold>& folds) {
  Json json = envelope("Replay");
  json["records"] = whole.records;
  json["position"] = to_string(whole.place);
  json["at"] = to_json(whole.time);
  json["digest"] = digest_text(whole.digest);
  json["streams"]["endpoint"] = whole.streams.of(ActorKind::endpoint);
  json["streams"]["pool"] = whole.streams.of(ActorKind::pool);
  json["streams"]["instance"] = whole.streams.of(ActorKind::instance);
  json["streams"]["autoscaler"] = whole.streams.of(ActorKind::autoscaler);
  json["stopped_streams"] = whole.stopped.size();
  json["elapsed_us"] = whole.elapsed_us;
  json["partitions"] = Json::array();
  for (std::size_t i = 0; i < folds.size(); ++i) {
    const PartitionFold& one = folds[i];
    Json part;
    part["partition"] = i;
    part["records"] = one.replayed.records;
    part["position"] = partition_position(i, one.fleet.sequence());
    part["at"] = to_json(one.fleet.time());
    part["digest"] = digest_text(one.fleet.digest());
    json["partitions"].push_back(std::move(part));
  }
  return json;
}

void write_partitions(std::ostream& out,
                      const std::vector<PartitionFold>& folds) {
  out << '\n';
  Table table({"PARTITION", "RECORDS", "POSITION", "AT", "DIGEST"});
  for (std::size_t i = 0; i < folds.size(); ++i) {
    const PartitionFold& one = folds[i];
    table.add({std::to_string(i), grouped(one.replayed.records),
               partition_position(i, one.fleet.sequence()),
               time_text(one.fleet.time()), digest_text(one.fleet.digest())});
  }
  table.write(out);
}

void write(std::ostream& out, const Whole& whole,
           const std::vector<PartitionFold>& folds) {
  const std::uint64_t rate =
      whole.elapsed_us <= 0 ? 0
                            : whole.records * 1'000'000 /
                                  static_cast<std::uint64_t>(whole.elapsed_us);
  const Streams& streams = whole.streams;
  out << "Records:   " << grouped(whole.records) << ", up to "
      << (folds.size() == 1 ? to_string(whole.place) + " at " : "")
      << time_text(whole.time) << '\n'
      << "Digest:    " << digest_text(whole.digest) << '\n'
      << "Streams:   " << counted(streams.of(ActorKind::endpoint), "endpoint")
      << ", " << counted(streams.of(ActorKind::pool), "pool") << ", "
      << counted(streams.of(ActorKind::instance), "instance") << ", "
      << counted(streams.of(ActorKind::autoscaler), "autoscaler") << '\n'
      << "Rate:      " << grouped(rate) << " records/s, "
      << duration_text(whole.elapsed_us / 1000) << '\n';
  if (folds.size() > 1) write_partitions(out, folds);
}

Result<int> run(const Options& options, ReplayUntil until, Context& context,
                LogReader& reader) {
  const auto began = std::chrono::steady_clock::now();
  const auto folded = replay_log(reader, until);
  if (!folded) return folded.error();
  const auto& folds = folded.value();
  Whole whole(folds);
  whole.elapsed_us = std::chrono::duration_cast<std::chrono::microseconds>(
                         std::chrono::steady_clock::now() - began)
                         .count();
  warn_of(context, whole.stopped);
  const auto end = reader.end();
  // With several partitions a position counts for itself.
  const bool all = end && (end.value() == whole.place);
  if (folds.size() == 1 || all || until.sequence != UINT64_MAX) {
    note_end(context, reader, until, whole.place.next.front() - 1, whole.time);
  }
  if (write_structured(context.out, options.output.value(),
                       json_of(whole, folds))) {
    return 0;
  }
  write(context.out, whole, folds);
  return 0;
}

}  // namespace

void add_replay(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "replay", "Fold a log, print the number of records and the digest");
  command->footer(examples);
  command->add_option("--until", options->until, "End after it")
      ->type_name("POSITION|TIME");
  add_output_option(*command, options->output);
  add_log_option(*command, options->log);
  command->callback([options, &context] {
    context.exit_code = with_parsed(
        context, parse_until("--until", options->until),
        [&](ReplayUntil until) {
          return with_log(context, options->log, [&](LogReader& reader) {
            return run(*options, until, context, reader);
          });
        });
  });
}

}  // namespace understudy
