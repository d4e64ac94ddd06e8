#include "services/cli/log_info.hpp"

#include <optional>
#include <ostream>
#include <string>

#include "actors/runtime/snapshot_set.hpp"
#include "services/codec/record_codec.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t records_per_progress = 65'536;

Result<void> read_snapshots(const LmdbLog& log, LogInfo& info) {
  return log.read_snapshots([&](const Snapshot& one) {
    add_bytes(info.snapshots, one.bytes.size());
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
  const auto read = log.read(1, [&](const LogRecord& entry) {
    if (auto seen = info.figures.see(entry, *codec); !seen) {
      failure = seen.error();
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
  json["records"] = info.figures.records.count;
  json["record_bytes"] = info.figures.records.bytes;
  json["first"] =
      place_json(info.figures.records.count == 0 ? 0 : 1, info.figures.first);
  json["last"] = place_json(info.figures.records.count, info.figures.last);
  json["file_bytes"] = facts.file_bytes;
  json["page_bytes"] = facts.page_bytes;
  json["used_pages"] = facts.used_pages;
  json["free_pages"] = facts.free_pages;
  add_figures(json, info.figures);
  json["snapshots"]["count"] = info.snapshots.count;
  json["snapshots"]["bytes"] = info.snapshots.bytes;
  json["snapshots"]["position"] = info.snapshots_at == 0
                                      ? Json(nullptr)
                                      : Json(position_text(info.snapshots_at));
  json["snapshots"]["records_after"] =
      info.figures.records.count - info.snapshots_at;
  json["readers"] = facts.readers;
  json["writer"] = facts.has_writer ? Json(facts.writer_pid) : Json(nullptr);
  return json;
}

void write_log_info(std::ostream& out, const LogInfo& info) {
  const auto& facts = info.facts;
  const auto& records = info.figures.records;
  out << "Log:        " << info.directory << ", format " << facts.format
      << '\n';
  out << "Created:    "
      << (facts.created ? to_string(*facts.created) : "<unknown>") << '\n';
  out << "Records:    " << grouped(records.count);
  out << sizes_text(records) << '\n';
  if (records.count != 0) {
    out << "First:      " << position_text(1) << " at "
        << to_string(info.figures.first) << '\n'
        << "Last:       " << position_text(records.count) << " at "
        << to_string(info.figures.last) << '\n';
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
  write_figures(out, info.figures);
}

}  // namespace understudy
