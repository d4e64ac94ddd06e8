#include "services/event_log/kafka_log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <utility>

#include <unistd.h>

namespace understudy {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t longest_record_bytes = std::size_t{4} << 20;

Error refused(std::string message) {
  return {ErrorCode::invalid_input, std::move(message)};
}

std::string transactional_id(const KafkaSettings& settings,
                             std::uint32_t partition) {
  return settings.topic("journal") + '.' + std::to_string(partition);
}

/// Who begins to write, for people who look at what hangs.
kafka::TextHeaders writer_headers(const KafkaSettings& settings,
                                  std::uint32_t partition) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return {
      {kafka::writer_header,
       std::string(host.data()) + ':' + std::to_string(::getpid())},
      {kafka::transactional_id_header, transactional_id(settings, partition)}};
}

}  // namespace

KafkaLog::KafkaLog(const KafkaSettings& settings, std::uint32_t partition,
                   KafkaLogOptions options)
    : settings_(settings),
      partition_(partition),
      options_(std::move(options)) {}

KafkaLog::~KafkaLog() = default;

Result<std::unique_ptr<KafkaLog>> KafkaLog::open_reader(
    const KafkaSettings& settings, std::uint32_t partition, kafka::Peek peek) {
  auto made = kafka::OffsetAsker::make(settings);
  if (!made) return made.error();
  std::shared_ptr<const kafka::OffsetAsker> asker = std::move(made).value();
  const auto partitions = asker->partitions(settings.topic("journal"));
  if (!partitions) return partitions.error();
  if (partition >= partitions.value()) {
    return refused(settings.topic("journal") + " has no partition " +
                   std::to_string(partition) + "; accepted: 0 to " +
                   std::to_string(partitions.value() - 1));
  }
  return open_reader(settings, partition, std::move(asker), partitions.value(),
                     std::move(peek));
}

Result<std::unique_ptr<KafkaLog>> KafkaLog::open_reader(
    const KafkaSettings& settings, std::uint32_t partition,
    std::shared_ptr<const kafka::OffsetAsker> asker, std::uint32_t partitions,
    kafka::Peek peek) {
  std::unique_ptr<KafkaLog> made(new KafkaLog(settings, partition, {}));
  made->asker_ = std::move(asker);
  made->partitions_ = partitions;
  auto reader = kafka::JournalReader::make(settings, partition, made->asker_,
                                           std::move(peek));
  if (!reader) return reader.error();
  made->reader_ = std::move(reader).value();
  const auto end = made->reader_->end();
  if (!end) return end.error();
  made->epoch_ = end.value().epoch;
  return made;
}

Result<std::vector<std::unique_ptr<EventLog>>> KafkaLog::open_readers(
    const KafkaSettings& settings, const kafka::Peek& peek) {
  auto made = kafka::OffsetAsker::make(settings);
  if (!made) return made.error();
  const std::shared_ptr<const kafka::OffsetAsker> asker =
      std::move(made).value();
  const auto partitions = asker->partitions(settings.topic("journal"));
  if (!partitions) return partitions.error();
  // Each asks the cluster several times: all at once.
  std::vector<std::future<Result<std::unique_ptr<KafkaLog>>>> opening;
  for (std::uint32_t one = 0; one < partitions.value(); ++one) {
    opening.push_back(std::async(std::launch::async, [&, one] {
      return open_reader(settings, one, asker, partitions.value(), peek);
    }));
  }
  std::vector<std::unique_ptr<EventLog>> all;
  std::optional<Error> failure;
  for (auto& one : opening) {
    auto opened = one.get();
    if (opened) {
      all.push_back(std::move(opened).value());
    } else {
      failure = opened.error();
    }
  }
  if (failure) return *failure;
  return all;
}

Result<std::unique_ptr<KafkaLog>> KafkaLog::open_writer(
    const KafkaSettings& settings, std::uint32_t partition,
    KafkaLogOptions options) {
  std::unique_ptr<KafkaLog> made(
      new KafkaLog(settings, partition, std::move(options)));
  auto asker = kafka::OffsetAsker::make(settings);
  if (!asker) return asker.error();
  made->asker_ = std::move(asker).value();
  const auto partitions = made->asker_->partitions(settings.topic("journal"));
  if (!partitions) return partitions.error();
  made->partitions_ = partitions.value();
  if (auto opened = made->open_producer(); !opened) return opened.error();
  auto reader = kafka::JournalReader::make(settings, partition, made->asker_,
                                           made->options_.peek);
  if (!reader) return reader.error();
  made->reader_ = std::move(reader).value();
  made->writer_ = true;
  if (auto claimed = made->claim(); !claimed) return claimed.error();
  return made;
}

Result<void> KafkaLog::open_producer() {
  const std::string journal = settings_.topic("journal");
  auto producer =
      kafka::Producer::open(settings_, transactional_id(settings_, partition_),
                            {journal, settings_.topic("events")});
  if (!producer) return producer.error();
  producer_ = std::move(producer).value();
  return {};
}

/// After a commit in which a connection was lost: nothing that was sent on it
/// can reach the transactions of a new producer.
Result<void> KafkaLog::renew_producer() {
  producer_.reset();
  if (auto opened = open_producer(); !opened) return opened;
  const auto end = settled_end();
  if (!end) return end.error();
  if (end.value().epoch == epoch_ && end.value().next_sequence == end_)
    return {};
  return Error{ErrorCode::already_held,
               reader_->topic() + ' ' + std::to_string(partition_) +
                   ": another writer took this partition over"};
}

/// The predecessor is fenced by now and what it had open is settled. Where
/// that left the log is not asked but written: a broker that does not know
/// yet that it leads no more names an end that is too low, but it cannot
/// commit, and all there will ever be of the predecessor stands before the
/// barrier.
Result<kafka::JournalEnd> KafkaLog::settled_end() {
  if (auto begun = producer_->begin(); !begun) return begun.error();
  kafka::Outgoing barrier;
  barrier.topic = reader_->topic();
  barrier.partition = static_cast<std::int32_t>(partition_);
  barrier.headers = {{kafka::kind_header, std::string(kafka::barrier_kind)},
                     {kafka::partitions_header, std::to_string(partitions_)}};
  const auto writer = writer_headers(settings_, partition_);
  barrier.headers.insert(barrier.headers.end(), writer.begin(), writer.end());
  if (auto sent = producer_->send(barrier); !sent) return sent.error();
  if (auto done = producer_->commit(); !done) return done.error();
  const auto last = producer_->last_offset(reader_->topic());
  if (auto seen = await_visible(last); !seen) return seen.error();
  if (producer_->shaken()) {
    return Error{ErrorCode::unavailable,
                 reader_->topic() + ' ' + std::to_string(partition_) +
                     ": a connection was lost while it was taken over"};
  }
  return reader_->end();
}

Result<void> KafkaLog::claim() {
  const auto end = settled_end();
  if (!end) return end.error();
  const kafka::JournalEnd& found = end.value();
  if (found.partitions != 0 && found.partitions != partitions_) {
    return refused(settings_.topic("journal") + " has " +
                   std::to_string(partitions_) + " partitions, its log was " +
                   "begun with " + std::to_string(found.partitions) +
                   ": endpoints would change their homes; accepted: topics "
                   "with as many partitions as they began with");
  }
  end_ = found.next_sequence;
  epoch_ = found.epoch + 1;
  const std::string commands = found.commands.value_or("0");
  if (options_.begin) {
    if (auto good = options_.begin(commands); !good) return good;
  }
  if (auto begun = producer_->begin(); !begun) return begun;
  if (auto sent = send_about(kafka::claim_kind, commands,
                             writer_headers(settings_, partition_));
      !sent)
    return sent;
  if (auto done = producer_->commit(); !done) return done;
  const auto last = producer_->last_offset(reader_->topic());
  if (auto seen = await_visible(last); !seen) return seen;
  return producer_->shaken() ? renew_producer() : Result<void>();
}

Result<void> KafkaLog::check_writable() const {
  if (!writer_) return refused("this log was opened for reading only");
  if (broken_) return *broken_;
  return {};
}

Result<void> KafkaLog::check_records(std::uint64_t first,
                                     std::span<const Bytes> records) const {
  if (first != end_) {
    return refused("appending at " + std::to_string(first) +
                   "; accepted: " + std::to_string(end_.load()));
  }
  for (std::size_t at = 0; at < records.size(); ++at) {
    const std::size_t size = records[at].size();
    if (size == 0 || size % 8 != 0 || size > longest_record_bytes) {
      return refused("record " + std::to_string(first + at) + " has " +
                     std::to_string(size) +
                     " bytes; accepted: a multiple of 8, up to " +
                     std::to_string(longest_record_bytes));
    }
  }
  return {};
}

Result<void> KafkaLog::append(std::uint64_t first,
                              std::span<const Bytes> records) {
  const std::lock_guard lock(writing_);
  if (auto good = check_writable(); !good) return good;
  if (auto good = check_records(first, records); !good) return good;
  if (records.empty()) return {};
  return commit(records, {}, {}, {});
}

Result<void> KafkaLog::send(std::span<const kafka::Outgoing> messages,
                            const std::vector<std::uint64_t>& commands,
                            const kafka::TextHeaders& more) {
  const std::lock_guard lock(writing_);
  if (auto good = check_writable(); !good) return good;
  return commit({}, messages, commands, kafka::note_kind, more);
}

Result<void> KafkaLog::commit(std::span<const Bytes> records,
                              std::span<const kafka::Outgoing> messages,
                              std::vector<std::uint64_t> commands,
                              std::string_view kind,
                              const kafka::TextHeaders& more) {
  const auto began = steady_clock::now();
  auto done = fill(records, messages, commands, kind, more);
  if (done) done = producer_->commit();
  if (!done) {
    broken_ = done.error();
    if (options_.on_failed) options_.on_failed(*broken_);
    return done;
  }
  end_ += records.size();
  if (options_.dealt) options_.dealt(commands);
  // Committed: what may go wrong from here on does not undo it.
  if (auto seen = await_visible(producer_->last_offset(reader_->topic()));
      !seen) {
    broken_ = seen.error();
  } else if (producer_->shaken()) {
    if (auto renewed = renew_producer(); !renewed) broken_ = renewed.error();
  }
  if (producer_) producer_->serve();
  if (options_.on_commit) {
    LogCommit commit;
    commit.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                             steady_clock::now() - began)
                             .count();
    commit.records = records.size();
    for (const Bytes record : records)
      commit.bytes += record.size();
    options_.on_commit(commit);
  }
  return {};
}

Result<void> KafkaLog::fill(std::span<const Bytes> records,
                            std::span<const kafka::Outgoing> messages,
                            std::vector<std::uint64_t>& commands,
                            std::string_view kind,
                            const kafka::TextHeaders& more) {
  if (auto begun = producer_->begin(); !begun) return begun;
  for (const auto& message : messages) {
    if (auto sent = producer_->send(message); !sent) return sent;
  }
  std::uint64_t sequence = end_;
  for (std::size_t at = 0; at < records.size(); ++at, ++sequence) {
    const KafkaForm form =
        options_.form ? options_.form(sequence, records[at]) : KafkaForm{};
    if (form.command) commands.push_back(*form.command);
    std::string text;
    const bool last = at + 1 == records.size();
    if (last) text = commands_text(commands);
    auto sent =
        send_record(sequence, records[at], form, last ? &text : nullptr);
    if (!sent) return sent;
  }
  if (kind.empty()) return {};
  return send_about(kind, commands_text(commands), more);
}

std::string KafkaLog::commands_text(
    const std::vector<std::uint64_t>& decided) const {
  return options_.commands ? options_.commands(decided) : "0";
}

Result<void> KafkaLog::send_record(std::uint64_t sequence, Bytes record,
                                   const KafkaForm& form,
                                   const std::string* commands) {
  kafka::Outgoing message;
  message.topic = reader_->topic();
  message.partition = static_cast<std::int32_t>(partition_);
  if (!form.key.empty()) message.key = form.key;
  message.value = record;
  message.headers = {{kafka::sequence_header, std::to_string(sequence)},
                     {kafka::epoch_header, std::to_string(epoch_)}};
  message.headers.insert(message.headers.end(), form.headers.begin(),
                         form.headers.end());
  if (form.command) {
    message.headers.emplace_back("command", std::to_string(partition_) + ':' +
                                                std::to_string(*form.command));
  }
  if (commands != nullptr)
    message.headers.emplace_back(kafka::commands_header, *commands);
  if (auto sent = producer_->send(message); !sent) return sent;
  if (form.event.empty()) return {};
  message.topic = settings_.topic("events");
  message.value = std::as_bytes(std::span(form.event));
  message.headers = form.event_headers;
  return producer_->send(message);
}

Result<void> KafkaLog::send_about(std::string_view kind,
                                  const std::string& commands,
                                  const kafka::TextHeaders& more) {
  kafka::Outgoing message;
  message.topic = reader_->topic();
  message.partition = static_cast<std::int32_t>(partition_);
  message.headers = {{kafka::sequence_header, std::to_string(end_.load())},
                     {kafka::epoch_header, std::to_string(epoch_)},
                     {kafka::kind_header, std::string(kind)},
                     {kafka::partitions_header, std::to_string(partitions_)},
                     {kafka::commands_header, commands}};
  message.headers.insert(message.headers.end(), more.begin(), more.end());
  return producer_->send(message);
}

Result<void> KafkaLog::await_visible(std::int64_t offset) {
  return settling_.await(settings_, reader_->topic(), partition_, offset,
                         [this] { return reader_->stable_offset(); });
}

Result<std::uint64_t> KafkaLog::end() const {
  if (writer_) return end_.load();
  const auto end = reader_->end();
  if (!end) return end.error();
  return end.value().next_sequence;
}

Result<void> KafkaLog::read(
    std::uint64_t from,
    const std::function<Visit(const LogRecord&)>& visit) const {
  return reader_->read(from, visit);
}

}  // namespace understudy
