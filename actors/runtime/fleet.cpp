#include "actors/runtime/fleet.hpp"

#include <algorithm>

#include "actors/core/digest.hpp"

namespace understudy {
namespace {

Error broken(const Record& record, const std::string& what, std::uint64_t found,
             std::uint64_t expected) {
  return {ErrorCode::corrupt, "record " + std::to_string(record.sequence) +
                                  " of stream " + record.stream.text + ": " +
                                  what + ' ' + std::to_string(found) +
                                  ", expected " + std::to_string(expected)};
}

}  // namespace

Result<void> Fleet::apply(Record& record) {
  auto admitted = admit(record);
  if (!admitted) return admitted.error();
  Rest& rest = *admitted.value();
  if (rest.stopped.empty()) {
    if (!evolve(rest.state, record.event, record.time)) {
      return Error{ErrorCode::corrupt,
                   "record " + std::to_string(record.sequence) + ": stream " +
                       record.stream.text + " does not hold such events"};
    }
  }
  advance(record, rest);
  if (rest.stopped.empty() && ended(rest.state)) forget(record.stream);
  return {};
}

Result<Rest*> Fleet::admit(const Record& record) {
  if (record.sequence != sequence_ + 1) {
    return broken(record, "sequence", record.sequence, sequence_ + 1);
  }
  if (record.epoch < epoch_) {
    return broken(record, "epoch", record.epoch, epoch_);
  }
  Rest& found = rest(record.stream);
  if (found.stopped.empty() && record.version != found.version + 1) {
    return broken(record, "version", record.version, found.version + 1);
  }
  return &found;
}

void Fleet::advance(const Record& record, Rest& rest) {
  rest.version = record.version;
  rest.delivered = std::max(rest.delivered, record.delivered);
  sequence_ = record.sequence;
  epoch_ = record.epoch;
  time_ = std::max(time_, record.time);
}

void Fleet::stop(const StreamId& stream, std::uint64_t sequence,
                 std::string reason) {
  Rest& found = rest(stream);
  if (found.stopped.empty()) found.stopped = std::move(reason);
  sequence_ = sequence;
}

Rest& Fleet::rest(const StreamId& stream) {
  return rests_.find_or_make(stream.text, [&stream] {
    return Rest{blank_state(stream.kind()), 0, 0, {}};
  });
}

const Rest* Fleet::find(std::string_view stream) const {
  return rests_.find(stream);
}

void Fleet::forget(const StreamId& stream) { rests_.erase(stream.text); }

void Fleet::restore(const StreamId& stream, Rest rest) {
  this->rest(stream) = std::move(rest);
}

void Fleet::set_position(std::uint64_t sequence, std::uint32_t epoch,
                         Instant time) {
  sequence_ = sequence;
  epoch_ = epoch;
  time_ = time;
}

std::vector<StreamId> Fleet::streams() const {
  std::vector<StreamId> all;
  all.reserve(rests_.size());
  rests_.for_each(
      [&all](const std::string& name, const Rest&) { all.push_back({name}); });
  std::sort(all.begin(), all.end());
  return all;
}

std::uint64_t Fleet::digest() const {
  std::uint64_t hash = hash_text("fleet");
  for (const auto& stream : streams()) {
    const Rest& rest = *find(stream.text);
    hash = understudy::digest(stream.text, hash);
    hash = mix(hash ^ rest.version);
    if (rest.state.index() != std::variant_npos) {
      hash = mix(hash ^ digest_of(rest.state));
    }
  }
  return hash;
}

}  // namespace understudy
