#include "services/cli/log_info.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string_view>

#include "actors/runtime/snapshot_set.hpp"
#include "services/codec/record_codec.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

constexpr std::int64_t us_per_day = 86'400'000'000;
constexpr std::int64_t days_shown = 7;
constexpr std::size_t types_shown = 15;
constexpr std::uint64_t records_per_progress = 65'536;
constexpr std::string_view unknown_type = "(newer build)";

struct Share {
  std::string name;
  Amount amount;
};

void add(Amount& to, std::uint64_t bytes) {
  ++to.count;
  to.bytes += bytes;
}

/// The types that take the most bytes.
std::vector<Share> largest(const LogInfo& info) {
  std::vector<Share> all;
  for (const auto& [name, amount] : info.types)
    all.push_back({name, amount});
  std::stable_sort(all.begin(), all.end(), [](const Share& a, const Share& b) {
    return a.amount.bytes > b.amount.bytes;
  });
  if (all.size() > types_shown) all.resize(types_shown);
  return all;
}

/// The last days that the log tells of, those without records too.
std::vector<Share> last_days(const LogInfo& info) {
  std::vector<Share> all;
  if (info.days.empty()) return all;
  const std::int64_t last = info.days.rbegin()->first;
  const std::int64_t first =
      std::max(last - days_shown + 1, info.days.begin()->first);
  for (std::int64_t day = first; day <= last; ++day) {
    const auto found = info.days.find(day);
    all.push_back({to_string(Instant{day * us_per_day}).substr(0, 10),
                   found == info.days.end() ? Amount{} : found->second});
  }
  return all;
}

std::uint64_t ppm(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : part * 1'000'000 / whole;
}

Result<void> read_snapshots(const LmdbLog& log, LogInfo& info) {
  return log.read_snapshots([&](const Snapshot& one) {
    add(info.snapshots, one.bytes.size());
    if (one.stream == name_of_place) {
      const auto set = SnapshotSet::decode(one.bytes);
      if (set) info.snapshots_at = set->sequence;
    }
    return Visit::next;
  });
}

Json place_json(std::uint64_t position, Instant at) {
  if (position == 0) return nullptr;
  Json json;
  json["position"] = position_text(position);
  json["at"] = to_string(at);
  return json;
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

std::string writer_text(const LogFacts& facts) {
  if (!facts.has_writer) return "none now";
  if (facts.writer_pid == 0) return "a process has it open";
  return "process " + std::to_string(facts.writer_pid) + " has it open";
}

}  // namespace

Result<LogInfo> read_log_info(
    const LmdbLog& log, const std::string& directory,
    const std::function<void(std::uint64_t)>& progress) {
  LogInfo info;
  info.directory = directory;
  const auto facts = log.facts();
  if (!facts) return facts.error();
  info.facts = facts.value();
  if (auto read = read_snapshots(log, info); !read) return read.error();
  const auto codec = make_record_codec();
  std::optional<Error> failure;
  Record record;
  const auto read = log.read(1, [&](const LogRecord& entry) {
    const auto size = entry.bytes.size();
    add(info.records, size);
    const auto decoded = codec->decode_into(entry.bytes, record, Causes::skip);
    if (decoded) {
      if (info.records.count == 1) info.first = record.time;
      info.last = record.time;
      add(info.types[std::string(event_name(record.event))], size);
      add(info.days[record.time.us / us_per_day], size);
    } else if (decoded.error().code == ErrorCode::too_new &&
               codec->stream_of(entry.bytes)) {
      add(info.types[std::string(unknown_type)], size);
    } else {
      failure = Error{decoded.error().code, to_string(entry.position) + ": " +
                                                decoded.error().message};
      return Visit::stop;
    }
    if (entry.sequence % records_per_progress == 0) progress(entry.sequence);
    return Visit::next;
  });
  if (failure) return *failure;
  if (!read) return read.error();
  return info;
}

Json json_of(const LogInfo& info) {
  const auto& facts = info.facts;
  Json json = envelope("LogInfo");
  json["directory"] = info.directory;
  json["format"] = facts.format;
  json["created"] =
      facts.created ? Json(to_string(*facts.created)) : Json(nullptr);
  json["epochs"] = facts.epoch;
  json["records"] = info.records.count;
  json["record_bytes"] = info.records.bytes;
  json["first"] = place_json(info.records.count == 0 ? 0 : 1, info.first);
  json["last"] = place_json(info.records.count, info.last);
  json["file_bytes"] = facts.file_bytes;
  json["page_bytes"] = facts.page_bytes;
  json["used_pages"] = facts.used_pages;
  json["free_pages"] = facts.free_pages;
  json["types"] = shares_json(largest(info), "type", info.records.bytes);
  json["days"] = shares_json(last_days(info), "day", info.records.bytes);
  json["snapshots"]["count"] = info.snapshots.count;
  json["snapshots"]["bytes"] = info.snapshots.bytes;
  json["snapshots"]["position"] = info.snapshots_at == 0
                                      ? Json(nullptr)
                                      : Json(position_text(info.snapshots_at));
  json["snapshots"]["records_after"] = info.records.count - info.snapshots_at;
  json["readers"] = facts.readers;
  json["writer"] = facts.has_writer ? Json(facts.writer_pid) : Json(nullptr);
  return json;
}

void write_log_info(std::ostream& out, const LogInfo& info) {
  const auto& facts = info.facts;
  const auto& records = info.records;
  out << "Log:        " << info.directory << ", format " << facts.format
      << '\n';
  out << "Created:    "
      << (facts.created ? to_string(*facts.created) : "<unknown>") << '\n';
  out << "Records:    " << grouped(records.count);
  if (records.count != 0) {
    out << ", " << grouped(records.bytes) << " bytes, "
        << grouped(records.bytes / records.count) << " each";
  }
  out << '\n';
  if (records.count != 0) {
    out << "First:      " << position_text(1) << " at " << to_string(info.first)
        << '\n'
        << "Last:       " << position_text(records.count) << " at "
        << to_string(info.last) << '\n';
  }
  out << "File:       " << grouped(facts.file_bytes) << " bytes; "
      << grouped(facts.used_pages) << " pages of " << facts.page_bytes
      << " in use, " << grouped(facts.free_pages) << " free inside\n"
      << "Snapshots:  " << grouped(info.snapshots.count) << ", "
      << grouped(info.snapshots.bytes) << " bytes, up to "
      << position_text(info.snapshots_at) << "; a start folds "
      << grouped(records.count - info.snapshots_at) << " records\n"
      << "Writers:    " << grouped(facts.epoch) << " so far, "
      << writer_text(facts) << '\n'
      << "Readers:    " << grouped(facts.readers) << " other processes\n";
  if (records.count == 0) return;
  out << '\n';
  Table types({"TYPE", "RECORDS", "BYTES", "SHARE"});
  for (const Share& one : largest(info)) {
    types.add({one.name, grouped(one.amount.count), grouped(one.amount.bytes),
               share_text(ppm(one.amount.bytes, records.bytes))});
  }
  types.write(out);
  out << '\n';
  Table days({"DAY", "RECORDS", "BYTES"});
  for (const Share& one : last_days(info)) {
    days.add({one.name, grouped(one.amount.count), grouped(one.amount.bytes)});
  }
  days.write(out);
}

}  // namespace understudy
