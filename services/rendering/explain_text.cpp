#include "services/rendering/explain_text.hpp"

#include <algorithm>
#include <ostream>
#include <string>

#include "services/projection/wording.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

constexpr std::size_t position_width = 9;
constexpr std::size_t text_column = 2 + position_width + 2 + 20 + 2;
constexpr std::size_t most_launched = 8;

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

/// `  POSITION  TIME  TEXT`, wrapped below the text.
void write_row(std::ostream& out, std::uint64_t position, Instant at,
               const std::string& text, std::size_t indent = 0) {
  const std::string where = position == 0 ? "" : position_text(position);
  const std::string when = at.us == 0 ? "" : time_text(at);
  out << "  " << padded(where, position_width) << "  " << padded(when, 20)
      << "  " << std::string(indent, ' ');
  write_wrapped(out, text, text_column + indent);
}

void write_line(std::ostream& out, const Line& line) {
  std::string text = line.text;
  if (line.position == 0) {
    text = "outside: " + text;
  } else {
    text = line.event + ": " + text;
  }
  write_row(out, line.position, line.at, text);
}

void write_causes(std::ostream& out, const std::vector<Line>& causes) {
  for (const Line& line : causes)
    write_line(out, line);
}

void write_offering(std::ostream& out, const OfferingLine& one) {
  const std::string text = to_string(one.offering) + "  " + one.text;
  write_row(out, one.asked ? one.position : 0, one.asked ? one.at : Instant{},
            text, 2);
}

void write_pool(std::ostream& out, const PoolLine& pool) {
  std::string text = "pool " + pool.pool + ", priority " +
                     std::to_string(pool.priority) + ": ";
  if (pool.request.value == 0) {
    write_row(out, 0, {}, text + pool.text);
    return;
  }
  text += counted(pool.count, "instance") + " asked";
  write_row(out, pool.position, pool.at, text);
  for (const OfferingLine& one : pool.offerings)
    write_offering(out, one);
  if (pool.denied) {
    write_row(out, pool.denied->position, pool.denied->at, pool.denied->text,
              2);
  }
}

void write_launched(std::ostream& out, const LaunchedLine& one,
                    const std::string& endpoint) {
  const std::string price =
      money_text(static_cast<std::int64_t>(one.price_micros_per_hour));
  write_row(out, one.launched.position, one.launched.at,
            endpoint + '/' + to_string(one.instance) + " in pool " + one.pool +
                ", " + one.offering.zone + ", " + price + " per hour");
  if (one.ready) {
    write_row(out, one.ready->position, one.ready->at, one.ready->text, 2);
  }
  if (one.ended) {
    write_row(out, one.ended->position, one.ended->at, one.ended->text, 2);
  }
}

void write_all_launched(std::ostream& out, const OperationExplanation& told) {
  if (told.launched.empty()) return;
  out << "\nLAUNCHED\n";
  std::size_t shown = 0;
  for (const LaunchedLine& one : told.launched) {
    if (++shown > most_launched) break;
    write_launched(out, one, told.endpoint);
  }
  if (told.launched.size() > most_launched) {
    write_row(out, 0, {},
              "and " + std::to_string(told.launched.size() - most_launched) +
                  " more: understudy get instances " + told.endpoint +
                  " --all");
  }
}

void write_pools(std::ostream& out, const OperationExplanation& told) {
  out << "\nPOOLS, in the order of preference\n";
  if (told.earlier_walks != 0) {
    write_row(out, 0, told.earlier_from,
              "gone through " + counted(told.earlier_walks, "time") +
                  " before this, in vain or in part");
  }
  for (const PoolLine& pool : told.pools)
    write_pool(out, pool);
  if (told.choices.empty()) return;
  out << "\nCHOICE\n";
  for (const Line& choice : told.choices)
    write_line(out, choice);
}

void write_result(std::ostream& out, const OperationExplanation& told) {
  out << "\nRESULT\n";
  if (told.later_walks != 0) {
    write_row(out, 0, {},
              "the pools were gone through " +
                  counted(told.later_walks, "more time"));
  }
  if (told.result) {
    write_line(out, *told.result);
  } else {
    write_row(
        out, 0, {},
        "not over; ends at " + time_text(told.deadline) + " at the latest");
  }
}

/// The event's fields, one a line, nested ones by their path.
void write_fields(std::ostream& out, const std::string& data) {
  out << "\nFIELDS\n";
  const Json flat = Json::parse(data).flatten();
  for (const auto& [pointer, value] : flat.items()) {
    std::string name = pointer.substr(std::min<std::size_t>(1, pointer.size()));
    std::replace(name.begin(), name.end(), '/', '.');
    if (name == "type") continue;
    out << "  " << visible(name) << "  ";
    write_wrapped(out, json_text(value), 4);
  }
}

}  // namespace

void write_walk(std::ostream& out, const WalkExplanation& told) {
  const OperationExplanation& operation = told.operation;
  if (told.instance.empty()) {
    out << "Fallback of endpoint " << operation.endpoint << ", variant "
        << operation.variant << ", at " << time_text(told.decision.at) << ", "
        << position_text(told.decision.position) << '\n'
        << "  ";
    write_wrapped(out, told.decision.text, 2);
  } else {
    out << "Instance " << told.instance << ", variant " << operation.variant
        << ", launched at " << time_text(told.decision.at) << ", "
        << position_text(told.decision.position) << '\n';
  }
  out << "\nWHY\n";
  write_causes(out, told.causes);
  write_pools(out, operation);
  if (told.instance.empty()) {
    write_all_launched(out, operation);
    write_result(out, operation);
    return;
  }
  out << "\nLIFE\n";
  for (const Line& line : told.life)
    write_line(out, line);
  if (told.end_causes.empty()) return;
  out << "\nWHY IT LEFT\n";
  write_causes(out, told.end_causes);
}

void write_record(std::ostream& out, const RecordExplanation& told) {
  out << position_text(told.record.position) << ' ' << told.record.event
      << " of " << told.record.stream << ", " << time_text(told.record.at)
      << "\n  ";
  write_wrapped(out, told.record.text, 2);
  out << "\nCAUSED BY, the input from outside first\n";
  for (const Line& line : told.causes)
    write_line(out, line);
  if (told.decision.size() > 1) {
    out << "\nDECIDED TOGETHER\n";
    for (const Line& line : told.decision)
      write_line(out, line);
  }
  out << "\nLED TO\n";
  for (const Line& line : told.caused)
    write_line(out, line);
  if (told.caused.empty()) write_row(out, 0, {}, "no other decision");
  write_fields(out, told.data);
}

}  // namespace understudy
