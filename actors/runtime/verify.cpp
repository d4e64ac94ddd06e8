#include "actors/runtime/verify.hpp"

#include <optional>
#include <set>
#include <utility>

#include "actors/runtime/routes.hpp"

namespace understudy {
namespace {

/// The records of one decision as they are read, and the decider run on them.
class Verifier {
 public:
  Verifier(const EventLog& log, const RecordCodec& codec)
      : log_(log), codec_(codec) {}

  /// Called with each record before it is folded.
  void see(const Record& record, const Fleet& fleet) {
    if (differing_.contains(record.stream.text)) return;
    if (record.part != open_.size() ||
        (record.part > 0 && record.stream != stream_)) {
      differ(record, {}, "a decision that does not hold together");
      return;
    }
    if (record.part == 0) begin(record, fleet);
    open_.push_back(record.event);
    if (open_.size() == record.parts) end(record);
  }

  Verification take() {
    if (!open_.empty()) {
      result_.differences.push_back({{0, first_},
                                     stream_,
                                     open_.size(),
                                     open_,
                                     decided_,
                                     "the log ends inside a decision"});
    }
    return std::move(result_);
  }

 private:
  void begin(const Record& record, const Fleet& fleet) {
    stream_ = record.stream;
    first_ = record.sequence;
    decided_.clear();
    ++result_.decisions;
    const ActorKind kind = record.stream.kind();
    known_ = record.decider_version == decider_version(kind);
    if (!known_) {
      ++result_.not_verifiable;
      return;
    }
    AnyInput input;
    if (auto problem = input_of(record, input); !problem.empty()) {
      cause_problem_ = std::move(problem);
      return;
    }
    cause_problem_.clear();
    AnyState state = copy_of(record.stream, fleet);
    decided_ = decide(state, input, record.time);
  }

  void end(const Record& record) {
    const auto recorded = std::exchange(open_, {});
    if (!known_) return;
    if (!cause_problem_.empty()) {
      open_ = recorded;
      differ(record, decided_, cause_problem_);
      return;
    }
    if (recorded == decided_) return;
    open_ = recorded;
    differ(record, decided_, "decided anew, the events differ");
  }

  void differ(const Record& record, std::vector<AnyEvent> decided,
              std::string detail) {
    auto recorded = std::exchange(open_, {});
    std::size_t part = 0;
    while (part < recorded.size() && part < decided.size() &&
           recorded[part] == decided[part]) {
      ++part;
    }
    const std::uint64_t first = recorded.empty() ? record.sequence : first_;
    differing_.insert(record.stream.text);
    result_.differences.push_back({{0, first + part},
                                   record.stream,
                                   part,
                                   std::move(recorded),
                                   std::move(decided),
                                   std::move(detail)});
  }

  /// Finds the input again; an empty answer means that it was found.
  std::string input_of(const Record& record, AnyInput& input) {
    if (record.cause.sequence == 0) {
      return to_actor_input(record.stream.kind(), record.cause.input, input)
                 ? ""
                 : "its input is not one of this kind of actor";
    }
    const std::string where = std::to_string(record.cause.sequence);
    if (record.cause.sequence >= record.sequence) {
      return "its cause " + where + " is not before it";
    }
    std::optional<Record> cause;
    const auto read =
        log_.read(record.cause.sequence, [&](const LogRecord& entry) {
          auto decoded = codec_.decode(entry.bytes);
          if (decoded) cause = std::move(decoded).value();
          return Visit::stop;
        });
    if (!read || !cause) return "its cause " + where + " cannot be read";
    for (auto& delivery : route(cause->stream, cause->event)) {
      if (delivery.to == record.stream) {
        input = std::move(delivery.input);
        return "";
      }
    }
    return "its cause " + where + " is not told to this stream";
  }

  static AnyState copy_of(const StreamId& stream, const Fleet& fleet) {
    const Rest* rest = fleet.find(stream.text);
    if (rest == nullptr) return blank_state(stream.kind());
    return std::visit(
        [](const auto& box) -> AnyState {
          using State = std::decay_t<decltype(*box)>;
          return std::make_unique<State>(*box);
        },
        rest->state);
  }

  const EventLog& log_;
  const RecordCodec& codec_;
  Verification result_;
  std::set<std::string> differing_;
  StreamId stream_;
  std::uint64_t first_ = 0;
  std::vector<AnyEvent> open_;
  std::vector<AnyEvent> decided_;
  std::string cause_problem_;
  bool known_ = true;
};

}  // namespace

Result<Verification> verify(
    const EventLog& log, const RecordCodec& codec,
    const std::function<void(std::uint64_t)>& progress) {
  Fleet fleet;
  Verifier verifier(log, codec);
  const auto see = [&](const Record& record) {
    verifier.see(record, fleet);
    if (progress && record.sequence % 4096 == 0) progress(record.sequence);
  };
  auto replayed = replay(log, codec, fleet, {}, see, Causes::read);
  if (!replayed) return replayed.error();
  Verification result = verifier.take();
  result.records = replayed.value().records;
  result.stopped = std::move(replayed.value().stopped);
  result.digest = fleet.digest();
  return result;
}

}  // namespace understudy
