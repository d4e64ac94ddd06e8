#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "actors/runtime/fleet.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Folds the log into the state that it means and prints the state's "
    "digest:\n"
    "the same records give the same digest on every machine.\n"
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

  explicit Streams(const Fleet& fleet) {
    for (const StreamId& stream : fleet.streams())
      ++by_kind[static_cast<std::size_t>(stream.kind())];
  }
  [[nodiscard]] std::uint64_t of(ActorKind kind) const {
    return by_kind[static_cast<std::size_t>(kind)];
  }
};

Json json_of(const Fleet& fleet, const Replayed& replayed,
             std::int64_t elapsed_us) {
  const Streams streams(fleet);
  Json json = envelope("Replay");
  json["records"] = replayed.records;
  json["position"] = position_text(fleet.sequence());
  json["at"] = to_json(fleet.time());
  json["digest"] = digest_text(fleet.digest());
  json["streams"]["endpoint"] = streams.of(ActorKind::endpoint);
  json["streams"]["pool"] = streams.of(ActorKind::pool);
  json["streams"]["instance"] = streams.of(ActorKind::instance);
  json["streams"]["autoscaler"] = streams.of(ActorKind::autoscaler);
  json["stopped_streams"] = replayed.stopped.size();
  json["elapsed_us"] = elapsed_us;
  return json;
}

Result<int> run(const Options& options, ReplayUntil until, Context& context,
                LogReader& reader) {
  Fleet fleet;
  const auto began = std::chrono::steady_clock::now();
  const auto replayed = replay(reader.log(), reader.codec(), fleet, until);
  const std::int64_t elapsed_us =
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - began)
          .count();
  if (!replayed) return replayed.error();
  warn_of(context, replayed.value().stopped);
  note_end(context, reader, until, fleet.sequence(), fleet.time());
  if (write_structured(context.out, options.output.value(),
                       json_of(fleet, replayed.value(), elapsed_us))) {
    return 0;
  }
  const Streams streams(fleet);
  const std::uint64_t records = replayed.value().records;
  const std::uint64_t rate =
      elapsed_us <= 0
          ? 0
          : records * 1'000'000 / static_cast<std::uint64_t>(elapsed_us);
  std::ostream& out = context.out;
  out << "Records:   " << grouped(records) << ", up to "
      << position_text(fleet.sequence()) << " at " << time_text(fleet.time())
      << '\n'
      << "Digest:    " << digest_text(fleet.digest()) << '\n'
      << "Streams:   " << counted(streams.of(ActorKind::endpoint), "endpoint")
      << ", " << counted(streams.of(ActorKind::pool), "pool") << ", "
      << counted(streams.of(ActorKind::instance), "instance") << ", "
      << counted(streams.of(ActorKind::autoscaler), "autoscaler") << '\n'
      << "Rate:      " << grouped(rate) << " records/s, "
      << duration_text(elapsed_us / 1000) << '\n';
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
