#include "services/rendering/describe.hpp"

#include <algorithm>
#include <ostream>

#include "services/projection/waiting.hpp"
#include "services/projection/wording.hpp"
#include "services/rendering/fleet_reader.hpp"

namespace understudy {
namespace {

void write_facts(std::ostream& out, const EndpointView& endpoint,
                 const FleetView& view, Instant now) {
  const auto fact = [&](const char* title, const std::string& value) {
    out << title << (value.empty() ? "<none>" : visible(value)) << '\n';
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
       time_text(now) + ", position " + position_text(view.position()));
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
  const bool named = std::any_of(
      variant.pools.begin(), variant.pools.end(),
      [&](const PoolView& pool) { return !variant.model_of(pool).empty(); });
  std::vector<std::string> titles{"POOL",    "PRIORITY", "TYPE",  "MARKET",
                                  "PRICE/H", "HELD",     "READY", "ASKED",
                                  "GRANTED", "REFUSED"};
  if (named) titles.emplace_back("MODEL");
  Table pools(std::move(titles));
  for (const PoolView& pool : variant.pools) {
    std::vector<std::string> cells{
        pool.spec.name,
        std::to_string(pool.spec.priority),
        pool.spec.instance_type,
        std::string(name_of(pool.spec.market)),
        money_text(static_cast<std::int64_t>(pool.spec.price_micros_per_hour)),
        std::to_string(pool.held),
        std::to_string(pool.ready),
        std::to_string(pool.asked),
        std::to_string(pool.granted),
        std::to_string(pool.refused)};
    if (named) cells.push_back(variant.model_of(pool));
    pools.add(std::move(cells));
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

/// `at TIME, in 3m20s`; times that have passed without the span.
std::string ahead(Instant at, Instant now) {
  std::string text = "at " + time_text(at);
  if (at > now) text += ", in " + duration_text(ms_between(now, at));
  return text;
}

void write_waits(std::ostream& out, const std::vector<WaitView>& waits,
                 Instant now) {
  if (waits.empty()) return;
  out << "\nWaits for:\n";
  for (const WaitView& one : waits) {
    out << "  ";
    write_wrapped(out, one.text, 4);
    if (one.next_attempt.us != 0) {
      out << "    next attempt " << ahead(one.next_attempt, now)
          << " at the latest\n";
    }
    if (one.deadline.us != 0) {
      out << "    deadline     " << ahead(one.deadline, now) << '\n';
    }
  }
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

/// So many are read by a person; the list of instances pages through all.
constexpr std::size_t most_instances = 20;

template <class F>
void for_each_that_is_there(const EndpointHistory& history, const F& use) {
  for (const auto& [id, one] : history.instances) {
    if (one.ended_at.us == 0) use(one);
  }
}

void write_instances(std::ostream& out, const EndpointHistory& history,
                     Instant now) {
  Table table({"INSTANCE", "STATUS", "POOL", "ZONE", "MODEL", "AGE", "REASON"});
  std::size_t count = 0;
  for_each_that_is_there(history, [&](const InstanceView& one) {
    if (++count > most_instances) return;
    table.add({to_string(one.id), std::string(name_of(one.status)), one.pool,
               one.offering.zone, one.model, age_text(one.launched_at, now),
               one.reason});
  });
  if (table.empty()) return;
  out << "\nInstances:\n";
  table.write(out, "  ");
  if (count > most_instances) {
    out << "  and " << count - most_instances
        << " more: understudy get instances " << history.endpoint.name << '\n';
  }
}

void write_decisions(std::ostream& out, const EndpointView& endpoint) {
  if (endpoint.decisions.empty()) return;
  out << "\nLatest decisions:\n";
  for (const DecisionView& one : endpoint.decisions) {
    std::string head = position_text(one.position);
    head.resize(std::max<std::size_t>(head.size(), 9), ' ');
    out << "  " << head << "  " << time_text(one.at) << "  ";
    std::string text = one.event + ": " + one.text;
    if (one.count > 1) {
      text += " (" + std::to_string(one.count) + " times since " +
              time_text(one.first_at) + ')';
    }
    write_wrapped(out, text, 35);
  }
}

}  // namespace

Json describe_json(const EndpointHistory& history, const FleetView& view,
                   Instant now) {
  Json json = envelope("EndpointDescription");
  json["position"] = position_text(view.position());
  json["at"] = to_json(now);
  add_members(json, to_json(history.endpoint));
  Json open = Json::array();
  for (const auto& [id, one] : history.operations) {
    if (one.ended_at.us == 0) open.push_back(to_json(one));
  }
  json["open_operations"] = std::move(open);
  Json instances = Json::array();
  for_each_that_is_there(history, [&](const InstanceView& one) {
    instances.push_back(to_json(one));
  });
  json["instances"] = std::move(instances);
  Json waits = Json::array();
  for (const WaitView& one : waits_of(history, now))
    waits.push_back(to_json(one));
  json["waits_for"] = std::move(waits);
  return json;
}

void write_description(std::ostream& out, const EndpointHistory& history,
                       const FleetView& view, Instant now) {
  write_facts(out, history.endpoint, view, now);
  write_conditions(out, history.endpoint);
  write_waits(out, waits_of(history, now), now);
  for (const VariantView& variant : history.endpoint.variants)
    write_variant(out, variant, now);
  write_instances(out, history, now);
  write_operations(out, history, now);
  write_decisions(out, history.endpoint);
}

Result<void> describe_endpoint(std::ostream& out, Output output,
                               const FleetView& view, const std::string& name,
                               Instant now) {
  const auto found = find_endpoint(view, name);
  if (!found) return found.error();
  const EndpointHistory& history = *found.value();
  if (!write_structured(out, output, describe_json(history, view, now))) {
    write_description(out, history, view, now);
  }
  return {};
}

}  // namespace understudy
