#include "services/cli/kafka_log_info.hpp"

#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "actors/runtime/snapshot_set.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t records_per_progress = 65'536;

std::string position(std::size_t partition, std::uint64_t sequence) {
  return to_string(Position{static_cast<std::uint32_t>(partition), sequence});
}

Result<void> read_snapshots(const EventLog& log,
                            KafkaLogInfo::Partition& partition) {
  return log.read_snapshots([&](const Snapshot& one) {
    add_bytes(partition.snapshots, one.bytes.size());
    if (one.stream == name_of_place) {
      const auto set = SnapshotSet::decode(one.bytes);
      if (set) partition.snapshots_at = set->sequence;
    }
    return Visit::next;
  });
}

Json json_of(const KafkaLogInfo& info, std::size_t at) {
  const KafkaPartitionFacts& facts = info.facts.partitions[at];
  const KafkaLogInfo::Partition& read = info.partitions[at];
  Json json;
  json["partition"] = at;
  json["records"] = read.figures.records.count;
  json["record_bytes"] = read.figures.records.bytes;
  json["last"] = nullptr;
  if (read.figures.records.count != 0) {
    json["last"] = {{"position", position(at, read.figures.records.count)},
                    {"at", to_string(read.figures.last)}};
  }
  json["epochs"] = facts.epoch;
  json["owner"] = facts.owner.empty() ? Json(nullptr) : Json(facts.owner);
  json["offsets"] = {{"first", facts.first_offset},
                     {"end", facts.end_offset},
                     {"open", facts.open}};
  json["commands"] = {{"next", facts.commands_at},
                      {"behind", facts.commands_behind}};
  json["snapshots"] = {
      {"count", read.snapshots.count},
      {"bytes", read.snapshots.bytes},
      {"position", read.snapshots_at == 0
                       ? Json(nullptr)
                       : Json(position(at, read.snapshots_at))},
      {"records_after", read.figures.records.count - read.snapshots_at}};
  return json;
}

}  // namespace

Result<KafkaLogInfo> read_kafka_log_info(
    const LogReader& reader, KafkaFacts facts,
    const std::function<void(std::uint64_t)>& progress) {
  KafkaLogInfo info;
  info.facts = std::move(facts);
  std::uint64_t count = 0;
  for (std::uint32_t one = 0; one < reader.partitions(); ++one) {
    KafkaLogInfo::Partition partition;
    std::optional<Error> failure;
    const auto read = reader.log(one).read(1, [&](const LogRecord& entry) {
      if (auto seen = partition.figures.see(entry, reader.codec()); !seen) {
        failure = seen.error();
        return Visit::stop;
      }
      if (++count % records_per_progress == 0) progress(count);
      return Visit::next;
    });
    if (failure) return *failure;
    if (!read) return read.error();
    if (auto held = read_snapshots(reader.log(one), partition); !held)
      return held.error();
    info.figures.add(partition.figures);
    info.partitions.push_back(std::move(partition));
  }
  return info;
}

Json json_of(const KafkaLogInfo& info) {
  Json json = envelope("KafkaLogInfo");
  json["bootstrap"] = info.facts.bootstrap;
  json["prefix"] = info.facts.prefix;
  json["brokers"] = info.facts.brokers;
  json["replicas"] = info.facts.replicas;
  json["records"] = info.figures.records.count;
  json["record_bytes"] = info.figures.records.bytes;
  json["first_at"] = json["last_at"] = nullptr;
  if (info.figures.records.count != 0) {
    json["first_at"] = to_string(info.figures.first);
    json["last_at"] = to_string(info.figures.last);
  }
  json["partitions"] = Json::array();
  for (std::size_t at = 0; at < info.partitions.size(); ++at)
    json["partitions"].push_back(json_of(info, at));
  add_figures(json, info.figures);
  return json;
}

void write_log_info(std::ostream& out, const KafkaLogInfo& info) {
  const LogFigures& figures = info.figures;
  out << "Log:        kafka:" << info.facts.bootstrap << ", topics "
      << info.facts.prefix << ".*, " << info.facts.brokers << " brokers, "
      << info.facts.replicas << " replicas\n"
      << "Records:    " << grouped(figures.records.count)
      << sizes_text(figures.records) << '\n';
  if (figures.records.count != 0) {
    out << "First:      " << to_string(figures.first) << '\n'
        << "Last:       " << to_string(figures.last) << '\n';
  }
  if (!info.facts.owners_unknown.empty())
    out << "Owners:     not known: " << info.facts.owners_unknown << '\n';
  out << '\n';
  Table table({"PARTITION", "RECORDS", "BYTES", "EPOCHS", "OWNER", "OFFSETS",
               "OPEN", "COMMANDS", "BEHIND", "SNAPSHOTS", "TO FOLD"});
  for (std::size_t at = 0; at < info.partitions.size(); ++at) {
    const KafkaPartitionFacts& facts = info.facts.partitions[at];
    const KafkaLogInfo::Partition& read = info.partitions[at];
    table.add({std::to_string(at), grouped(read.figures.records.count),
               grouped(read.figures.records.bytes), grouped(facts.epoch),
               facts.owner.empty() ? "-" : facts.owner,
               std::to_string(facts.first_offset) + ".." +
                   std::to_string(facts.end_offset),
               grouped(facts.open), grouped(facts.commands_at),
               grouped(facts.commands_behind), grouped(read.snapshots.count),
               grouped(read.figures.records.count - read.snapshots_at)});
  }
  table.write(out);
  write_figures(out, figures);
}

}  // namespace understudy
