#include "actors/runtime/replay.hpp"

#include <algorithm>
#include <optional>

#include "actors/autoscaler/configured.hpp"
#include "actors/pool/configured.hpp"
#include "actors/runtime/routes.hpp"

namespace understudy {
namespace {

/// As users name it: not by the offset that the log's adapter knows.
Position place_of(const LogRecord& entry) {
  return {entry.position.partition, entry.sequence};
}

Error at(const LogRecord& entry, const Error& error) {
  return {error.code, to_string(place_of(entry)) + ": " + error.message};
}

/// A record this build cannot read: stops its stream, or the whole replay
/// when not even the stream can be told.
std::optional<Error> stop_stream(const LogRecord& entry, const Error& error,
                                 const RecordCodec& codec, Fleet& fleet,
                                 Replayed& result) {
  if (error.code != ErrorCode::too_new) return at(entry, error);
  auto stream = codec.stream_of(entry.bytes);
  if (!stream) return at(entry, stream.error());
  fleet.stop(stream.value(), entry.sequence, error.message);
  result.stopped.push_back({stream.value(), place_of(entry), error.message});
  return std::nullopt;
}

/// Blank where nothing was recorded yet.
template <class State>
const State& state_of(const Rest* rest) {
  static const State blank;
  if (rest == nullptr) return blank;
  const auto* state = std::get_if<std::unique_ptr<State>>(&rest->state);
  return state != nullptr ? **state : blank;
}

/// A configuration, or a stop, that its receiver answers with nothing.
bool has_already(const Fleet& fleet, const Delivery& delivery) {
  const Rest* rest = fleet.find(delivery.to.text);
  if (rest != nullptr && !rest->stopped.empty()) return false;
  if (const auto* in = std::get_if<pool::Input>(&delivery.input)) {
    const auto* told = std::get_if<pool::Configure>(in);
    return told != nullptr &&
           pool::is_configured(state_of<pool::State>(rest), *told);
  }
  const auto* in = std::get_if<autoscaler::Input>(&delivery.input);
  if (in == nullptr) return false;
  const auto& state = state_of<autoscaler::State>(rest);
  if (const auto* told = std::get_if<autoscaler::Configure>(in))
    return autoscaler::is_configured(state, *told);
  return std::holds_alternative<autoscaler::Stop>(*in) &&
         autoscaler::is_stopped(state);
}

}  // namespace

Result<Replayed> replay(const EventLog& log, const RecordCodec& codec,
                        Fleet& fleet, ReplayUntil until,
                        const std::function<void(const Record&)>& seen,
                        Causes causes) {
  Replayed result;
  std::optional<Error> failure;
  Record record;
  const auto visit = [&](const LogRecord& entry) {
    if (entry.sequence > until.sequence) return Visit::stop;
    const auto decoded = codec.decode_into(entry.bytes, record, causes);
    if (!decoded) {
      failure = stop_stream(entry, decoded.error(), codec, fleet, result);
      return failure ? Visit::stop : Visit::next;
    }
    if (record.time > until.time) return Visit::stop;
    if (seen) seen(record);
    const auto folded = fleet.apply(record);
    if (!folded) {
      failure = at(entry, folded.error());
      return Visit::stop;
    }
    ++result.records;
    return Visit::next;
  };
  const auto read = log.read(fleet.sequence() + 1, visit);
  if (failure) return *failure;
  if (!read) return read.error();
  return result;
}

void Undelivered::see(const Record& record) {
  const auto own = waiting_.find(record.stream.text);
  if (own != waiting_.end()) {
    auto& sequences = own->second;
    const auto done =
        std::upper_bound(sequences.begin(), sequences.end(), record.delivered);
    sequences.erase(sequences.begin(), done);
    if (sequences.empty()) waiting_.erase(own);
  }
  for (const auto& delivery : route(record.stream, record.event)) {
    const bool first = !waiting_.contains(delivery.to.text);
    if (first && has_already(fleet_, delivery)) continue;
    auto& sequences = waiting_[delivery.to.text];
    if (sequences.empty() || sequences.back() != record.sequence) {
      sequences.push_back(record.sequence);
    }
  }
}

void Undelivered::expect(std::uint64_t told, const StreamId& to) {
  waiting_[to.text].push_back(told);
}

std::vector<std::pair<std::uint64_t, StreamId>> Undelivered::list() const {
  std::vector<std::pair<std::uint64_t, StreamId>> all;
  for (const auto& [stream, sequences] : waiting_) {
    for (const auto sequence : sequences) {
      all.emplace_back(sequence, StreamId{stream});
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace understudy
