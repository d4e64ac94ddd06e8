#include <memory>
#include <ostream>
#include <string>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/fleet_reader.hpp"
#include "services/cli/output.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Shows an endpoint's status and conditions, its pools in the order of\n"
    "preference with every offering, what it is trying to get, and its latest\n"
    "decisions. `understudy explain POSITION` goes on from any of them.\n"
    "Examples:\n"
    "  understudy describe endpoint chat --log run1\n"
    "  understudy describe endpoint chat --at 0:1234\n"
    "  understudy describe endpoint chat -o json\n";

struct Options {
  LogOption log;
  OutputOption output;
  std::string what;
  std::string name;
  std::string at;
};

void write_facts(std::ostream& out, const EndpointView& endpoint,
                 const FleetView& view) {
  const auto fact = [&](const char* title, const std::string& value) {
    out << title << (value.empty() ? "<none>" : value) << '\n';
  };
  fact("Name:        ", endpoint.name);
  fact("Status:      ", std::string(name_of(endpoint.status)));
  if (!endpoint.failure_reason.empty()) {
    out << "Failure:     ";
    write_wrapped(
        out, endpoint.failure_reason + ": " + endpoint.failure_message, 13);
  }
  fact("Created:     ", time_text(endpoint.created_at));
  std::string in_service = time_text(endpoint.in_service_at);
  if (endpoint.in_service_at.us != 0) {
    in_service +=
        ", after " +
        duration_text(ms_between(endpoint.created_at, endpoint.in_service_at));
  }
  fact("In service:  ", in_service);
  if (endpoint.ended_at.us != 0) {
    fact("Deleted:     ", time_text(endpoint.ended_at));
  }
  fact("As of:       ",
       time_text(view.time()) + ", position " + position_text(view.position()));
}

void write_conditions(std::ostream& out, const EndpointView& endpoint) {
  out << "\nConditions:\n";
  Table table({"TYPE", "STATUS", "SINCE", "REASON", "MESSAGE"});
  for (const Condition& one : endpoint.conditions) {
    table.add({one.type, one.status ? "True" : "False", time_text(one.since),
               one.reason, one.message});
  }
  table.write(out, "  ");
}

std::string offering_status(const OfferingView& one, Instant now) {
  if (one.infeasible) return "infeasible";
  if (one.cooling_until > now) {
    return "cooling until " + time_text(one.cooling_until);
  }
  return "open";
}

void write_variant(std::ostream& out, const VariantView& variant, Instant now) {
  out << "\nVariant " << variant.name << ": " << variant.desired << " wanted, "
      << variant.held << " held, " << variant.ready << " ready";
  if (variant.scaling.enabled) {
    out << "; scales between " << variant.scaling.min_count << " and "
        << variant.scaling.max_count;
  }
  out << '\n';
  Table pools({"POOL", "PRIORITY", "TYPE", "MARKET", "PRICE/H", "HELD", "READY",
               "ASKED", "GRANTED", "REFUSED"});
  for (const PoolView& pool : variant.pools) {
    pools.add(
        {pool.spec.name, std::to_string(pool.spec.priority),
         pool.spec.instance_type, std::string(name_of(pool.spec.market)),
         money_text(static_cast<std::int64_t>(pool.spec.price_micros_per_hour)),
         std::to_string(pool.held), std::to_string(pool.ready),
         std::to_string(pool.asked), std::to_string(pool.granted),
         std::to_string(pool.refused)});
  }
  pools.write(out, "  ");
  out << '\n';
  Table offerings(
      {"POOL", "ZONE", "NOW", "GRANTED", "REFUSED", "LAST REFUSAL"});
  for (const PoolView& pool : variant.pools) {
    for (const OfferingView& one : pool.offerings) {
      std::string last;
      if (one.last_refusal) {
        const RefusalView& refusal = *one.last_refusal;
        last = time_text(refusal.at) + ' ' + position_text(refusal.position) +
               ' ' + refusal_text(refusal.kind, refusal.code, {});
      }
      offerings.add({pool.spec.name, one.offering.zone,
                     offering_status(one, now), std::to_string(one.granted),
                     std::to_string(one.refused), last});
    }
  }
  offerings.write(out, "  ");
}

void write_operations(std::ostream& out, const EndpointHistory& history,
                      Instant now) {
  Table table({"OPERATION", "KIND", "STATUS", "WANTED", "GRANTED", "DEADLINE",
               "AGE", "CAUSE"});
  for (const auto& [id, one] : history.operations) {
    if (one.ended_at.us != 0) continue;
    table.add({to_string(id), std::string(name_of(one.kind)),
               std::string(name_of(one.status)), std::to_string(one.count),
               std::to_string(one.granted), time_text(one.deadline),
               age_text(one.opened_at, now), one.cause});
  }
  if (table.empty()) return;
  out << "\nOpen operations:\n";
  table.write(out, "  ");
}

void write_decisions(std::ostream& out, const EndpointView& endpoint) {
  if (endpoint.decisions.empty()) return;
  out << "\nLatest decisions:\n";
  for (const DecisionView& one : endpoint.decisions) {
    std::string head = position_text(one.position);
    head.resize(std::max<std::size_t>(head.size(), 9), ' ');
    out << "  " << head << "  " << time_text(one.at) << "  ";
    write_wrapped(out, one.event + ": " + one.text, 35);
  }
}

Json json_of(const EndpointHistory& history, const FleetView& view) {
  Json json = envelope("EndpointDescription");
  json["position"] = position_text(view.position());
  json["at"] = to_json(view.time());
  add_members(json, to_json(history.endpoint));
  Json open = Json::array();
  for (const auto& [id, one] : history.operations) {
    if (one.ended_at.us == 0) open.push_back(to_json(one));
  }
  json["open_operations"] = std::move(open);
  return json;
}

Result<int> run(const Options& options, ReplayUntil until, Context& context,
                LogReader& reader) {
  const auto view = read_fleet(reader, until);
  if (!view) return view.error();
  const auto found = find_endpoint(view.value(), options.name);
  if (!found) return found.error();
  const EndpointHistory& history = *found.value();
  if (write_structured(context.out, options.output.value(),
                       json_of(history, view.value()))) {
    return 0;
  }
  const Instant now = view.value().time();
  write_facts(context.out, history.endpoint, view.value());
  write_conditions(context.out, history.endpoint);
  for (const VariantView& variant : history.endpoint.variants)
    write_variant(context.out, variant, now);
  write_operations(context.out, history, now);
  write_decisions(context.out, history.endpoint);
  return 0;
}

}  // namespace

void add_describe(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("describe", "Show one endpoint in detail");
  command->footer(examples);
  command->add_option("what", options->what, "What to describe")
      ->required()
      ->check(CLI::IsMember({"endpoint"}))
      ->type_name("endpoint");
  command->add_option("name", options->name, "Its name")
      ->required()
      ->type_name("NAME");
  command->add_option("--at", options->at, "As it was at a position or time")
      ->type_name("POSITION|TIME");
  add_output_option(*command, options->output, {"table", "json", "yaml"});
  add_log_option(*command, options->log);
  command->callback([options, &context] {
    context.exit_code = with_parsed(
        context, parse_until("--at", options->at), [&](ReplayUntil until) {
          return with_log(context, options->log, [&](LogReader& reader) {
            return run(*options, until, context, reader);
          });
        });
  });
}

}  // namespace understudy
