#include "services/event_log/kafka_facts.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>
#include <utility>

#include "services/event_log/kafka_admin.hpp"
#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_reader.hpp"

namespace understudy {
namespace {

using Asker = std::shared_ptr<const kafka::OffsetAsker>;

Result<Asker> make_asker(const KafkaSettings& settings,
                         kafka::Isolation isolation) {
  auto made = kafka::OffsetAsker::make(settings, isolation);
  if (!made) return made.error();
  return Asker(std::move(made).value());
}

/// `1042+1044,1047`: all before the first number are dealt with.
std::uint64_t dealt_before(std::string_view commands) {
  std::uint64_t number = 0;
  std::from_chars(commands.data(), commands.data() + commands.size(), number);
  return number;
}

Result<KafkaPartitionFacts> read_partition(const KafkaSettings& settings,
                                           std::uint32_t partition,
                                           const Asker& settled,
                                           const Asker& all) {
  const std::string journal = settings.topic("journal");
  const auto reader = kafka::JournalReader::make(settings, partition, settled);
  if (!reader) return reader.error();
  const auto end = reader.value()->end();
  if (!end) return end.error();
  const auto range = settled->ask(journal, partition);
  if (!range) return range.error();
  const auto whole = all->ask(journal, partition);
  if (!whole) return whole.error();
  const auto commands = settled->ask(settings.topic("commands"), partition);
  if (!commands) return commands.error();
  KafkaPartitionFacts facts;
  facts.first_offset = range.value().first;
  facts.end_offset = range.value().stable_end;
  facts.open = whole.value().stable_end -
               std::min(whole.value().stable_end, range.value().stable_end);
  facts.records = end.value().next_sequence - 1;
  facts.epoch = end.value().epoch;
  facts.commands_at = dealt_before(end.value().commands.value_or("0"));
  const std::uint64_t next =
      std::max(facts.commands_at, commands.value().first);
  facts.commands_behind =
      commands.value().stable_end - std::min(commands.value().stable_end, next);
  return facts;
}

}  // namespace

Result<KafkaFacts> read_kafka_facts(const KafkaSettings& settings) {
  const auto settled = make_asker(settings, kafka::Isolation::read_committed);
  if (!settled) return settled.error();
  const auto all = make_asker(settings, kafka::Isolation::read_uncommitted);
  if (!all) return all.error();
  const std::string journal = settings.topic("journal");
  const auto partitions = settled.value()->partitions(journal);
  if (!partitions) return partitions.error();
  KafkaFacts facts;
  facts.bootstrap = settings.bootstrap;
  facts.prefix = settings.prefix;
  for (std::uint32_t one = 0; one < partitions.value(); ++one) {
    auto read = read_partition(settings, one, settled.value(), all.value());
    if (!read) return read.error();
    facts.partitions.push_back(std::move(read).value());
  }
  const kafka::Admin admin(settled.value()->client());
  const auto cluster = admin.cluster();
  if (!cluster) return cluster.error();
  facts.brokers = cluster.value().brokers;
  const auto found = cluster.value().topics.find(journal);
  if (found != cluster.value().topics.end())
    facts.replicas = found->second.replicas;
  const auto owners =
      admin.owners(settings.prefix + ".daemons", settings.topic("commands"));
  // Whoever may read the journal need not have a right on the group.
  if (!owners) facts.owners_unknown = owners.error().message;
  for (std::uint32_t one = 0; owners && one < facts.partitions.size(); ++one) {
    const auto owner = owners.value().find(one);
    if (owner != owners.value().end())
      facts.partitions[one].owner = owner->second;
  }
  return facts;
}

}  // namespace understudy
