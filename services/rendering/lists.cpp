#include "services/rendering/lists.hpp"

#include <ostream>
#include <utility>

#include "services/projection/wording.hpp"
#include "services/rendering/fleet_reader.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using Titles = std::vector<std::string>;

/// The titles of a table, the wide ones before the last.
Titles titles(Titles plain, const Titles& wide, bool is_wide) {
  if (!is_wide) return plain;
  plain.insert(plain.end() - 1, wide.begin(), wide.end());
  return plain;
}

void add_row(Listing& listing, Titles plain, const Titles& wide, bool is_wide) {
  listing.table.add(titles(std::move(plain), wide, is_wide));
}

/// `KIND/ENDPOINT/REST` taken apart.
struct RowName {
  std::string_view kind;
  std::string_view endpoint;
  std::string_view rest;
};

RowName row_name(std::string_view text) {
  const auto cut = [&text] {
    const auto slash = text.find('/');
    const std::string_view part = text.substr(0, slash);
    text.remove_prefix(slash == std::string_view::npos ? text.size()
                                                       : slash + 1);
    return part;
  };
  const std::string_view kind = cut();
  return {kind, cut(), text};
}

/// Which rows are on the page that was asked for.
class Page {
 public:
  Page(const Selection& selection, Listing& listing)
      : after_(row_name(selection.after)),
        limit_(selection.limit),
        listing_(listing) {}

  /// Where the page begins.
  [[nodiscard]] std::string_view endpoint() const { return after_.endpoint; }
  /// What is left of the last row's name, when it was of this endpoint.
  [[nodiscard]] std::string_view rest_in(std::string_view endpoint) const {
    return endpoint == after_.endpoint ? after_.rest : std::string_view();
  }

  [[nodiscard]] bool over() const { return !listing_.next.empty(); }

  /// Whether there is room for one more row; if not, the page is over.
  [[nodiscard]] bool has_room() {
    if (listing_.names.size() < limit_) return true;
    listing_.next = listing_.names.back();
    return false;
  }

 private:
  const RowName after_;
  const std::size_t limit_;
  Listing& listing_;
};

template <class Visit>
void each_endpoint(const FleetView& view, const Selection& selection,
                   const Page& page, Visit&& visit) {
  const auto& all = view.endpoints();
  for (auto at = all.lower_bound(page.endpoint());
       at != all.end() && !page.over(); ++at) {
    const auto& [name, history] = *at;
    if (history.endpoint.created_at.us == 0) continue;
    if (!selection.endpoint.empty() && name != selection.endpoint) continue;
    visit(name, history);
  }
}

/// Where to go on after the row `rest`, in a map by ids.
template <class Map, class Parse>
auto first_of(const Map& map, std::string_view rest, Parse parse) {
  const auto id = parse(rest);
  return id ? map.upper_bound(*id) : map.begin();
}

std::optional<OperationId> parse_operation(std::string_view text) {
  const auto number = parse_number(text, UINT64_MAX);
  if (!number) return std::nullopt;
  return OperationId{*number};
}

/// How many of an endpoint's pools come up to the row `VARIANT/POOL`; 0 when
/// it is there no more.
std::size_t pools_up_to(const EndpointView& endpoint, std::string_view rest) {
  std::size_t count = 0;
  if (rest.empty()) return 0;
  for (const VariantView& variant : endpoint.variants) {
    for (const PoolView& pool : variant.pools) {
      ++count;
      if (rest == variant.name + '/' + pool.spec.name) return count;
    }
  }
  return 0;
}

Json of_endpoint(const std::string& name, const Json& view) {
  Json json = Json::object();
  json["endpoint"] = name;
  add_members(json, view);
  return json;
}

std::string in_units(std::uint64_t number) { return std::to_string(number); }

std::string dollars(std::uint64_t micros) {
  return money_text(static_cast<std::int64_t>(micros));
}

std::string zones_of(const PoolSpec& spec) {
  std::string text;
  for (const std::string& zone : spec.zones)
    text += (text.empty() ? "" : ",") + zone;
  return text;
}

std::string last_refusal(const PoolView& pool) {
  if (!pool.last_refusal) return {};
  std::string text(name_of(pool.last_refusal->kind));
  return text + '@' + time_text(pool.last_refusal->at);
}

}  // namespace

Listing list_endpoints(const FleetView& view, const Selection& selection,
                       Instant now) {
  Listing listing{"EndpointList",
                  Table(titles({"NAME", "STATUS", "WANTED", "HELD", "READY",
                                "FALLBACK", "AGE"},
                               {"IN-SERVICE-SINCE", "REASON"}, selection.wide)),
                  Json::array(),
                  {},
                  0,
                  view.position(),
                  now,
                  {}};
  Page page(selection, listing);
  each_endpoint(
      view, selection, page, [&](const auto& name, const auto& history) {
        const EndpointView& endpoint = history.endpoint;
        if (name == page.endpoint()) return;
        if (endpoint.status == EndpointStatus::deleted && !selection.all &&
            selection.endpoint.empty()) {
          ++listing.hidden;
          return;
        }
        if (!page.has_room()) return;
        std::uint64_t wanted = 0;
        std::uint64_t held = 0;
        std::uint64_t ready = 0;
        std::uint64_t elsewhere = 0;
        for (const VariantView& variant : endpoint.variants) {
          wanted += variant.desired;
          held += variant.held;
          ready += variant.ready;
          for (const PoolView& pool : variant.pools) {
            if (pool.spec.priority != variant.pools.front().spec.priority) {
              elsewhere += pool.held;
            }
          }
        }
        add_row(listing,
                {name, std::string(name_of(endpoint.status)), in_units(wanted),
                 in_units(held), in_units(ready), in_units(elsewhere),
                 age_text(endpoint.created_at, now)},
                {time_text(endpoint.in_service_at), endpoint.failure_reason},
                selection.wide);
        listing.items.push_back(to_json(endpoint));
        listing.names.push_back("endpoint/" + name);
      });
  return listing;
}

Listing list_pools(const FleetView& view, const Selection& selection,
                   Instant now) {
  Listing listing{
      "PoolList",
      Table(titles({"NAME", "PRIORITY", "TYPE", "MARKET", "HELD", "READY",
                    "ASKED", "COOLING-UNTIL"},
                   {"GRANTED", "REFUSED", "LAST-REFUSAL", "PRICE/H", "ZONES"},
                   selection.wide)),
      Json::array(),
      {},
      0,
      view.position(),
      now,
      {}};
  Page page(selection, listing);
  each_endpoint(
      view, selection, page, [&](const auto& name, const auto& history) {
        std::size_t shown_before =
            pools_up_to(history.endpoint, page.rest_in(name));
        for (const VariantView& variant : history.endpoint.variants) {
          const std::string prefix = name + '/' + variant.name + '/';
          for (const PoolView& pool : variant.pools) {
            if (!selection.id.empty() &&
                selection.id != variant.name + '/' + pool.spec.name) {
              continue;
            }
            if (shown_before > 0) {
              --shown_before;
              continue;
            }
            if (!page.has_room()) return;
            const Instant closed = pool.closed_until();
            add_row(
                listing,
                {prefix + pool.spec.name, in_units(pool.spec.priority),
                 pool.spec.instance_type,
                 std::string(name_of(pool.spec.market)), in_units(pool.held),
                 in_units(pool.ready), in_units(pool.asked),
                 closed > now ? time_text(closed) : "<none>"},
                {in_units(pool.granted), in_units(pool.refused),
                 last_refusal(pool), dollars(pool.spec.price_micros_per_hour),
                 zones_of(pool.spec)},
                selection.wide);
            Json json = of_endpoint(name, Json::object());
            json["variant"] = variant.name;
            add_members(json, to_json(pool));
            listing.items.push_back(std::move(json));
            listing.names.push_back("pool/" + prefix + pool.spec.name);
          }
        }
      });
  return listing;
}

Listing list_instances(const FleetView& view, const Selection& selection,
                       Instant now) {
  Listing listing{
      "InstanceList",
      Table(titles({"NAME", "STATUS", "POOL", "ZONE", "REASON", "AGE"},
                   {"TYPE", "MARKET", "PRICE/H", "MODEL", "ADDRESS",
                    "PROVIDER-REF", "OPERATION", "READY-AT", "ENDED-AT"},
                   selection.wide)),
      Json::array(),
      {},
      0,
      view.position(),
      now,
      {}};
  Page page(selection, listing);
  each_endpoint(
      view, selection, page, [&](const auto& name, const auto& history) {
        const auto& all = history.instances;
        auto at = first_of(all, page.rest_in(name), parse_instance_id);
        for (; at != all.end(); ++at) {
          const auto& [id, instance] = *at;
          if (!selection.id.empty() && to_string(id) != selection.id) continue;
          if (instance.ended_at.us != 0 && !selection.all) {
            ++listing.hidden;
            continue;
          }
          if (!page.has_room()) return;
          const Offering& offering = instance.offering;
          add_row(
              listing,
              {name + '/' + to_string(id),
               std::string(name_of(instance.status)), instance.pool,
               offering.zone, instance.reason,
               age_text(instance.launched_at, now)},
              {offering.instance_type, std::string(name_of(offering.market)),
               dollars(instance.price_micros_per_hour), instance.model,
               instance.address, instance.provider_ref,
               to_string(instance.operation), time_text(instance.ready_at),
               time_text(instance.ended_at)},
              selection.wide);
          listing.items.push_back(of_endpoint(name, to_json(instance)));
          listing.names.push_back("instance/" + name + '/' + to_string(id));
        }
      });
  return listing;
}

Listing list_operations(const FleetView& view, const Selection& selection,
                        Instant now) {
  Listing listing{
      "OperationList",
      Table(titles({"NAME", "KIND", "STATUS", "WANTED", "GRANTED", "CANCELLED",
                    "FALLBACKS", "AGE"},
                   {"POSITION", "WALKS", "DEADLINE", "TOOK", "CAUSE"},
                   selection.wide)),
      Json::array(),
      {},
      0,
      view.position(),
      now,
      {}};
  Page page(selection, listing);
  each_endpoint(
      view, selection, page, [&](const auto& name, const auto& history) {
        const auto& all = history.operations;
        auto at = first_of(all, page.rest_in(name), parse_operation);
        for (; at != all.end(); ++at) {
          const auto& [id, operation] = *at;
          if (!selection.id.empty() && to_string(id) != selection.id) continue;
          const bool over = operation.ended_at.us != 0;
          if (over && !selection.all) {
            ++listing.hidden;
            continue;
          }
          if (!page.has_room()) return;
          const Instant end = over ? operation.ended_at : now;
          add_row(
              listing,
              {name + '/' + to_string(id), std::string(name_of(operation.kind)),
               std::string(name_of(operation.status)),
               in_units(operation.count), in_units(operation.granted),
               in_units(operation.cancelled), in_units(operation.fallbacks),
               age_text(operation.opened_at, now)},
              {position_text(operation.position), in_units(operation.walks),
               time_text(operation.deadline),
               duration_text(ms_between(operation.opened_at, end)),
               operation.cause},
              selection.wide);
          listing.items.push_back(of_endpoint(name, to_json(operation)));
          listing.names.push_back("operation/" + name + '/' + to_string(id));
        }
      });
  return listing;
}

Result<Listing> list_of(std::string_view what, const FleetView& view,
                        const Selection& selection, Instant now) {
  using List = Listing (*)(const FleetView&, const Selection&, Instant);
  List list = nullptr;
  if (what == "endpoints") list = list_endpoints;
  if (what == "pools") list = list_pools;
  if (what == "instances") list = list_instances;
  if (what == "operations") list = list_operations;
  if (list == nullptr) {
    return Error{ErrorCode::invalid_input,
                 in_quotes(what) +
                     " cannot be listed; accepted: endpoints, pools, "
                     "instances, operations"};
  }
  const RowName after = row_name(selection.after);
  if (!selection.after.empty() &&
      (after.kind != what.substr(0, what.size() - 1) ||
       after.endpoint.empty() || after.rest.empty() != (what == "endpoints"))) {
    return Error{ErrorCode::invalid_input,
                 in_quotes(selection.after) +
                     " is no page of this list; accepted: what the page "
                     "before it said"};
  }
  if (!selection.endpoint.empty()) {
    const auto found = find_endpoint(view, selection.endpoint);
    if (!found) return found.error();
  }
  Listing listing = list(view, selection, now);
  if (!selection.id.empty() && listing.items.empty() &&
      selection.after.empty()) {
    what.remove_suffix(1);
    return Error{ErrorCode::not_found, "endpoint " + selection.endpoint +
                                           " has no " + std::string(what) +
                                           ' ' + in_quotes(selection.id)};
  }
  return listing;
}

Json listing_json(const Listing& listing) {
  Json json = envelope(listing.kind);
  json["position"] = position_text(listing.position);
  json["at"] = to_json(listing.at);
  if (!listing.next.empty()) json["continue"] = listing.next;
  json["items"] = listing.items;
  return json;
}

void write_listing(std::ostream& out, Output output, const Listing& listing) {
  if (output == Output::json || output == Output::yaml) {
    write_structured(out, output, listing_json(listing));
  } else if (output == Output::name) {
    for (const std::string& name : listing.names)
      out << name << '\n';
  } else if (!listing.table.empty()) {
    listing.table.write(out);
  }
}

}  // namespace understudy
