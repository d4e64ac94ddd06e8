#include "services/cli/log_figures.hpp"

#include <algorithm>
#include <ostream>
#include <string_view>
#include <vector>

#include "services/codec/record_codec.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

constexpr std::int64_t us_per_day = 86'400'000'000;
constexpr std::int64_t days_shown = 7;
constexpr std::size_t types_shown = 15;
constexpr std::string_view unknown_type = "(newer build)";

struct Share {
  std::string name;
  Amount amount;
};

/// The types that take the most bytes.
std::vector<Share> largest(const LogFigures& figures) {
  std::vector<Share> all;
  for (const auto& [name, amount] : figures.types)
    all.push_back({name, amount});
  std::stable_sort(all.begin(), all.end(), [](const Share& a, const Share& b) {
    return a.amount.bytes > b.amount.bytes;
  });
  if (all.size() > types_shown) all.resize(types_shown);
  return all;
}

/// The last days that the log tells of, those without records too.
std::vector<Share> last_days(const LogFigures& figures) {
  std::vector<Share> all;
  if (figures.days.empty()) return all;
  const std::int64_t last = figures.days.rbegin()->first;
  const std::int64_t first =
      std::max(last - days_shown + 1, figures.days.begin()->first);
  for (std::int64_t day = first; day <= last; ++day) {
    const auto found = figures.days.find(day);
    all.push_back({to_string(Instant{day * us_per_day}).substr(0, 10),
                   found == figures.days.end() ? Amount{} : found->second});
  }
  return all;
}

std::uint64_t ppm(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : part * 1'000'000 / whole;
}

Json shares_json(const std::vector<Share>& all, const char* name,
                 std::uint64_t whole) {
  Json list = Json::array();
  for (const Share& one : all) {
    Json json;
    json[name] = one.name;
    json["records"] = one.amount.count;
    json["bytes"] = one.amount.bytes;
    json["share_ppm"] = ppm(one.amount.bytes, whole);
    list.push_back(std::move(json));
  }
  return list;
}

template <class Key>
void add_all(std::map<Key, Amount>& to, const std::map<Key, Amount>& more) {
  for (const auto& [key, amount] : more) {
    to[key].count += amount.count;
    to[key].bytes += amount.bytes;
  }
}

}  // namespace

void add_bytes(Amount& to, std::size_t bytes) {
  ++to.count;
  to.bytes += bytes;
}

Result<void> LogFigures::see(const LogRecord& entry, const RecordCodec& codec) {
  const auto size = entry.bytes.size();
  add_bytes(records, size);
  Record record;
  const auto decoded = codec.decode_into(entry.bytes, record, Causes::skip);
  if (decoded) {
    if (first.us == 0) first = record.time;
    last = record.time;
    add_bytes(types[std::string(event_name(record.event))], size);
    add_bytes(days[record.time.us / us_per_day], size);
  } else if (decoded.error().code == ErrorCode::too_new &&
             codec.stream_of(entry.bytes)) {
    add_bytes(types[std::string(unknown_type)], size);
  } else {
    return Error{decoded.error().code,
                 to_string(entry.position) + ": " + decoded.error().message};
  }
  return {};
}

void LogFigures::add(const LogFigures& more) {
  if (more.first.us != 0 && (first.us == 0 || more.first < first))
    first = more.first;
  last = std::max(last, more.last);
  records.count += more.records.count;
  records.bytes += more.records.bytes;
  add_all(types, more.types);
  add_all(days, more.days);
}

void add_figures(Json& json, const LogFigures& figures) {
  const std::uint64_t whole = figures.records.bytes;
  json["types"] = shares_json(largest(figures), "type", whole);
  json["days"] = shares_json(last_days(figures), "day", whole);
}

void write_figures(std::ostream& out, const LogFigures& figures) {
  if (figures.records.count == 0) return;
  out << '\n';
  Table types({"TYPE", "RECORDS", "BYTES", "SHARE"});
  for (const Share& one : largest(figures)) {
    types.add({one.name, grouped(one.amount.count), grouped(one.amount.bytes),
               share_text(ppm(one.amount.bytes, figures.records.bytes))});
  }
  types.write(out);
  out << '\n';
  Table days({"DAY", "RECORDS", "BYTES"});
  for (const Share& one : last_days(figures)) {
    days.add({one.name, grouped(one.amount.count), grouped(one.amount.bytes)});
  }
  days.write(out);
}

std::string sizes_text(const Amount& amount) {
  if (amount.count == 0) return {};
  return ", " + grouped(amount.bytes) + " bytes, " +
         grouped(amount.bytes / amount.count) + " each";
}

}  // namespace understudy
