#include <atomic>
#include <csignal>
#include <filesystem>
#include <memory>
#include <ostream>

#include <CLI/CLI.hpp>

#include "actors/core/digest.hpp"
#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/event_log/guarded.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/simulation/simulation.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr const char* help_footer =
    R"(The run takes place in virtual time: two weeks take seconds. The same
scenario and seed write the same log, byte for byte. A run that was cut off
(Ctrl-C, a crash, kill -9) goes on when the same command is given again, to
the same records; only their epoch tells that a second writer wrote them.

Examples:
  understudy simulate deploy/scenarios/main.yaml --log /tmp/main
  understudy simulate deploy/scenarios/main.yaml --log /tmp/other --seed 2
  understudy stats --log /tmp/main        what became of it, in numbers
  understudy explain chat --log /tmp/main why it fell back the last time
  understudy verify --log /tmp/main       every decision, taken again)";

constexpr const char* meta_key = "simulation";

struct SimulateOptions {
  std::string scenario;
  std::string log;
  std::string seed;  ///< Empty: the scenario's.
  bool fsync = false;
  OutputOption output;
};

std::atomic<bool> interrupted = false;

extern "C" void interrupt_simulation(int) { interrupted = true; }

std::string hex(std::uint64_t number) {
  char text[20];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(number));
  return text;
}

/// What the log must have been made by for a run to go on in it.
std::string identity_of(const ScenarioDocument& document) {
  return document.scenario.name + " seed " +
         std::to_string(document.scenario.seed) + " contents " +
         hex(digest(document.scenario) ^ mix(digest(document.capacity.end())));
}

Result<void> claim(LmdbLog& log, const std::string& directory,
                   const std::string& identity) {
  const auto known = log.get_meta(meta_key);
  if (known) {
    if (known.value() == identity) return {};
    return Error{ErrorCode::invalid_input,
                 directory + " holds another run (" + known.value() +
                     "; this one is " + identity +
                     "); accepted: a new directory, or the scenario "
                     "unchanged and the same seed, to go on"};
  }
  const auto end = log.end();
  if (!end) return end.error();
  if (end.value() > 1) {
    return Error{ErrorCode::invalid_input,
                 directory +
                     " holds a log that no simulation wrote; "
                     "accepted: a new directory"};
  }
  return log.put_meta(meta_key, identity);
}

/// Reads what is there in a process of its own first: damaged pages end
/// whoever maps them.
Result<void> check_existing(const std::string& directory) {
  if (!std::filesystem::exists(directory + "/data.mdb")) return {};
  return check_guarded("log " + directory, [&]() -> Result<void> {
    auto log = LmdbLog::open_reader(directory);
    if (!log) return log.error();
    return log.value()->read(1, [](const LogRecord&) { return Visit::next; });
  });
}

/// On a terminal one line that moves, else one line for each tenth.
class Progress {
 public:
  explicit Progress(Context& context) : context_(context) {}

  void show(const SimulationProgress& at) {
    const std::int64_t whole = ms_between(at.start, at.end);
    const std::int64_t done =
        whole == 0 ? 100 : 100 * ms_between(at.start, at.now) / whole;
    if (context_.progress) {
      context_.err << '\r' << "simulating " << time_text(at.now) << "  " << done
                   << "%  " << grouped(at.sequence) << " records "
                   << std::flush;
    } else if (done / 10 != shown_) {
      context_.err << "simulating " << time_text(at.now) << "  " << done
                   << "%  " << grouped(at.sequence) << " records\n"
                   << std::flush;
    }
    shown_ = done / 10;
  }

  void finish() {
    if (context_.progress) context_.err << '\n' << std::flush;
  }

 private:
  Context& context_;
  std::int64_t shown_ = -1;
};

std::string whole(std::uint64_t milli) { return grouped(milli / 1000); }

void write_table(std::ostream& out, const SimulateOptions& options,
                 const ScenarioDocument& document,
                 const SimulationResult& result) {
  const auto& at = result.reached;
  out << "scenario   " << document.scenario.name << ", seed "
      << document.scenario.seed << '\n'
      << "period     " << time_text(at.start) << " to " << time_text(at.now)
      << '\n'
      << "records    " << grouped(at.sequence);
  if (result.resumed_from > 0) {
    out << " (" << grouped(result.resumed_from) << " were there)";
  }
  out << '\n' << "digest     " << hex(result.digest) << '\n';
  out << "endpoint   " << document.scenario.endpoint.name << ", "
      << result.status << '\n';
  for (const auto& [variant, load] : result.loads) {
    out << "requests   " << variant << ": " << whole(load.arrived_milli)
        << " arrived, " << whole(load.served_milli) << " served, "
        << whole(load.delayed_milli) << " of them after waiting, "
        << whole(load.lost_milli) << " lost\n";
  }
  out << "log        " << options.log << '\n';
}

Json json_of(const SimulateOptions& options, const ScenarioDocument& document,
             const SimulationResult& result) {
  Json json = envelope("Simulation");
  json["scenario"] = document.scenario.name;
  json["seed"] = document.scenario.seed;
  json["from"] = to_string(result.reached.start);
  json["to"] = to_string(result.reached.now);
  json["records"] = result.reached.sequence;
  json["resumed_from"] = result.resumed_from;
  json["interrupted"] = result.interrupted;
  json["digest"] = hex(result.digest);
  json["status"] = result.status;
  for (const auto& [variant, load] : result.loads) {
    json["requests"][variant] = {{"arrived_milli", load.arrived_milli},
                                 {"served_milli", load.served_milli},
                                 {"delayed_milli", load.delayed_milli},
                                 {"lost_milli", load.lost_milli},
                                 {"queued_milli", load.queued_milli}};
  }
  json["log"] = options.log;
  return json;
}

int report(Context& context, const SimulateOptions& options,
           const ScenarioDocument& document, const SimulationResult& result) {
  if (!write_structured(context.out, options.output.value(),
                        json_of(options, document, result))) {
    write_table(context.out, options, document, result);
  }
  if (!result.interrupted) return exit_done;
  context.err << "interrupted; the same command goes on from here\n";
  return exit_refused;
}

int run_simulation(Context& context, const SimulateOptions& options) {
  auto document = read_scenario(options.scenario);
  if (!document) return context.fail(document.error());
  if (!options.seed.empty()) {
    const auto seed = parse_number(options.seed, UINT64_MAX);
    if (!seed) {
      context.fail(
          {ErrorCode::invalid_input, "--seed " + in_quotes(options.seed) +
                                         "; accepted: a whole number from 0 to "
                                         "18446744073709551615"});
      return exit_usage;
    }
    document.value().scenario.seed = *seed;
  }
  const auto directory = directory_of(options.log);
  if (!directory) {
    context.fail(directory.error());
    return exit_usage;
  }
  if (const auto sound = check_existing(directory.value()); !sound) {
    return context.fail(sound.error());
  }
  LmdbOptions log_options;
  log_options.durability = options.fsync ? Durability::fsync : Durability::os;
  log_options.created = document.value().capacity.start();
  auto log = LmdbLog::open_writer(directory.value(), log_options);
  if (!log) return context.fail(log.error());
  const auto claimed =
      claim(*log.value(), directory.value(), identity_of(document.value()));
  if (!claimed) return context.fail(claimed.error());

  std::signal(SIGINT, interrupt_simulation);
  std::signal(SIGTERM, interrupt_simulation);
  Progress progress(context);
  SimulationOptions simulation;
  simulation.progress = [&](const SimulationProgress& at) {
    progress.show(at);
  };
  simulation.interrupted = [] { return interrupted.load(); };
  auto result = simulate(document.value(), *log.value(), simulation);
  progress.finish();
  if (!result) return context.fail(result.error());
  if (const auto synced = log.value()->sync(); !synced) {
    return context.fail(synced.error());
  }
  return report(context, options, document.value(), result.value());
}

}  // namespace

void add_simulate(CLI::App& app, Context& context) {
  auto options = std::make_shared<SimulateOptions>();
  auto* command = app.add_subcommand(
      "simulate", "Run a scenario on virtual time and write its log");
  command->footer(help_footer);
  command
      ->add_option("SCENARIO", options->scenario,
                   "Scenario file, YAML or JSON (services/config/README.md)")
      ->required();
  command
      ->add_option("--log", options->log,
                   "Directory of the log to write, or to go on with")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("DIR")
      ->required();
  command
      ->add_option("--seed", options->seed, "In place of the scenario's seed")
      ->type_name("N");
  command->add_flag("--fsync", options->fsync,
                    "Make every commit survive a power cut (slower)");
  add_output_option(*command, options->output);
  command->callback([options, &context] {
    context.exit_code = run_simulation(context, *options);
  });
}

}  // namespace understudy
