#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/kafka_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/event_log/kafka_topics.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "A topic that is there is never changed: what is wrong with it is said,\n"
    "one line each, with the command that mends it, and the exit code is 1.\n"
    "Partitions are for ever: they say how many daemons can share the work.\n"
    "Examples:\n"
    "  understudy topics create --log kafka:127.0.0.1:9092\n"
    "  understudy topics create --log kafka:k1:9092,k2:9092,k3:9092 \\\n"
    "    --partitions 16 --production --kafka-config kafka.properties\n"
    "  understudy topics check --log kafka:127.0.0.1:9092 -o json\n";

struct Options {
  std::string log;
  KafkaOption kafka;
  OutputOption output;
  std::int32_t partitions = 0;
  std::int32_t replication = 0;
  bool production = false;
};

Json to_json(const TopicFinding& one) {
  return {{"topic", one.topic}, {"setting", one.setting},
          {"found", one.found}, {"wanted", one.wanted},
          {"reason", one.why},  {"change", one.change}};
}

Json to_json(const std::string& name, const TopicState& state) {
  Json json{{"name", name},
            {"partitions", state.partitions},
            {"replication", state.replicas}};
  json["settings"] = Json::object();
  for (const auto& [key, value] : state.settings)
    json["settings"][key] = value;
  return json;
}

std::string setting(const TopicState& state, const char* key) {
  const auto found = state.settings.find(key);
  return found == state.settings.end() ? std::string() : found->second;
}

void write_table(Context& context, const TopicStates& states) {
  Table table(
      {"NAME", "PARTITIONS", "REPLICAS", "IN-SYNC", "CLEANUP", "RETENTION-MS"});
  for (const auto& [name, state] : states.topics) {
    table.add(
        {name, std::to_string(state.partitions), std::to_string(state.replicas),
         setting(state, "min.insync.replicas"),
         setting(state, "cleanup.policy"), setting(state, "retention.ms")});
  }
  table.write(context.out);
}

int code_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::unavailable:
    case ErrorCode::not_found:
      return exit_unreachable;
    default:
      return exit_refused;
  }
}

int failed(Context& context, const Error& error) {
  context.fail(error);
  return code_of(error);
}

/// Another broker than the one that was told may hear of new topics a moment
/// later: those that were made are waited for.
Result<TopicStates> look(const KafkaSettings& settings,
                         const std::vector<TopicMade>* made) {
  constexpr std::chrono::seconds patience{10};
  constexpr std::chrono::milliseconds pause{100};
  const auto late = std::chrono::steady_clock::now() + patience;
  while (true) {
    auto states = look_at_topics(settings);
    if (!states || made == nullptr) return states;
    const bool all = std::all_of(
        made->begin(), made->end(), [&states](const TopicMade& one) {
          return states.value().topics.contains(one.name);
        });
    if (all || std::chrono::steady_clock::now() > late) return states;
    std::this_thread::sleep_for(pause);
  }
}

/// What is wrong, for people and programs; `made` is null for a check.
int report(const Options& options, const KafkaSettings& settings,
           Context& context, const std::vector<TopicMade>* made) {
  const auto states = look(settings, made);
  if (!states) return failed(context, states.error());
  const auto findings = judge_topics(settings, states.value(),
                                     {options.partitions, options.production});
  Json json = envelope("TopicList");
  json["topics"] = Json::array();
  for (const auto& [name, state] : states.value().topics)
    json["topics"].push_back(to_json(name, state));
  json["findings"] = Json::array();
  for (const TopicFinding& one : findings)
    json["findings"].push_back(to_json(one));
  if (made != nullptr) {
    json["created"] = Json::array();
    for (const TopicMade& one : *made) {
      if (one.made) json["created"].push_back(one.name);
    }
  }
  if (!write_structured(context.out, options.output.value(), json)) {
    if (made == nullptr) write_table(context, states.value());
    for (const TopicFinding& one : findings)
      context.fail({ErrorCode::invalid_input, one.line()});
  }
  return findings.empty() ? exit_done : exit_refused;
}

int create(const Options& options, const KafkaSettings& settings,
           Context& context) {
  TopicsToMake wanted;
  if (options.partitions != 0) wanted.partitions = options.partitions;
  wanted.replication = options.replication;
  wanted.production = options.production;
  const auto made = create_topics(settings, wanted);
  if (!made) return failed(context, made.error());
  if (options.output.value() == Output::table) {
    for (const TopicMade& one : made.value()) {
      context.out << "topic/" << one.name
                  << (one.made ? " created\n" : " unchanged\n");
    }
  }
  return report(options, settings, context, &made.value());
}

int check(const Options& options, const KafkaSettings& settings,
          Context& context) {
  return report(options, settings, context, nullptr);
}

void add_one(CLI::App& parent, Context& context, const char* name,
             const char* help,
             int (*run)(const Options&, const KafkaSettings&, Context&)) {
  auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, help);
  command->footer(examples);
  command->add_option("--log", options->log, "The cluster: kafka:HOST:PORT,...")
      ->envname("UNDERSTUDY_LOG")
      ->type_name("LOG");
  command
      ->add_option("--partitions", options->partitions,
                   "Of commands, journal, events and snapshots (create: 8)")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  command->add_flag("--production", options->production,
                    "Refuse fewer than 3 replicas, or 2 in sync");
  if (run == &create) {
    command
        ->add_option("--replication", options->replication,
                     "Copies of each topic (default: 3, or one for each "
                     "broker)")
        ->check(CLI::Range(1, 100))
        ->type_name("N");
  }
  add_kafka_options(*command, options->kafka);
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  command->callback([options, run, &context] {
    const auto settings = kafka_settings_of(options->log, options->kafka);
    if (!settings) {
      context.fail(settings.error());
      context.exit_code = exit_usage;
      return;
    }
    context.exit_code = run(*options, settings.value(), context);
  });
}

}  // namespace

void add_topics(CLI::App& app, Context& context) {
  CLI::App* parent = app.add_subcommand(
      "topics", "The topics of a log on Kafka: make them, judge them");
  parent->require_subcommand(1);
  parent->footer(examples);
  add_one(*parent, context, "create", "Make the topics that are missing",
          &create);
  add_one(*parent, context, "check", "Say what would lose data", &check);
}

}  // namespace understudy
