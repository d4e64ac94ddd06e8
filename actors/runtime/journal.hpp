#pragma once

/// The one road: every input goes through here to its actor, every event
/// comes back here to be numbered, stored and forwarded.
///
/// Optimistic inside, durable outside: an event is forwarded to other actors
/// at once; effects start and commands are answered when the batch that holds
/// their events is durable. If a commit fails nothing had left the building,
/// and this journal does nothing any more.
///
/// Actors are made when there is an input for them. When more than
/// `max_live` exist, those idle for longest go back to rest; one whose stream
/// is over goes at once.
///
/// Thread safety: none; it lives inside one CAF actor. It knows no CAF:
/// whatever it wants sent goes through `Links`.

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "actors/ports/clock.hpp"
#include "actors/runtime/effects.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/messages.hpp"
#include "actors/runtime/routes.hpp"

namespace understudy {

struct JournalOptions {
  std::uint32_t epoch = 1;
  std::size_t max_live = 10'000;
  /// A batch goes out when none is on its way and nothing that is here is
  /// about to add to it, or when it is large; else on `flush` only.
  bool eager = true;
};

/// What the journal has sent. Called from within its functions.
struct JournalLinks {
  std::function<void(const StreamId&, AnyState)> spawn;
  std::function<void(const StreamId&, Handle)> tell;
  std::function<void(const StreamId&)> retire;
  std::function<void(Commit)> commit;
  std::function<void(Instant)> set_timer;  ///< Replaces the last one.
  /// Thread-safe: brings a list back to `listed`.
  std::function<void(Listed)> list;
  // From here on any may be empty.
  std::function<bool()> waiting;  ///< Inputs came that were not handed over.
  std::function<void(std::uint64_t)> committed;  ///< Up to a sequence.
  std::function<void(const Error&)> failed;
  std::function<void(const StreamId&, const std::string&)> refused;
};

class Journal {
 public:
  /// `fleet` is what recovery folded. All references must outlive it.
  Journal(JournalOptions options, Fleet& fleet, const RecordCodec& codec,
          const Clock& clock, Effects& effects, JournalLinks links);

  /// Starts what the recovered fleet owes. `redo` are the deliveries that
  /// nobody recorded to have got, with the sequences of their causes.
  void start(std::vector<std::pair<std::uint64_t, Delivery>> redo);

  void submit(Submit message);
  void decided(Decided message);
  void rested(const Rested& message);
  void committed(const Committed& message);
  void tick();
  void flush();
  /// To be called once an input that was `waiting` is handed over.
  void flush_if_due();
  /// Compares the provider's list with the log, both ways: what the log does
  /// not know is given back; what the provider does not know, and did not in
  /// a sweep half a minute before, is lost.
  void sweep();
  void listed(const Listed& message);
  void noticed(const ProviderNotice& message);

  /// Sends every idle actor to rest; with nothing under way, all of them.
  void retire_all();

  [[nodiscard]] bool idle() const;
  [[nodiscard]] std::size_t live() const { return live_.size(); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  struct Live {
    std::uint32_t under_way = 0;  ///< Inputs told and not yet decided.
    bool retiring = false;
    std::vector<Handle> held;                ///< Arrived while retiring.
    std::list<std::string>::iterator place;  ///< In `idle_`, while idle.
  };

  /// What waits for one batch to be durable.
  struct Staged {
    std::map<StreamId, std::vector<AnyEffect>> effects;
    std::vector<std::pair<Reply, CommandAnswer>> replies;
  };

  void tell(const StreamId& to, Handle handle);
  void record(Decided& message);
  void forward(const StreamId& from, const AnyEvent& event,
               std::uint64_t sequence, Instant now);
  void settle(const StreamId& stream, bool over);
  void retire(const std::string& stream, Live& live);
  void set_deadline(const StreamId& stream, Instant deadline);
  void release(Staged staged);
  [[nodiscard]] Instant now();

  JournalOptions options_;
  Fleet& fleet_;
  const RecordCodec& codec_;
  const Clock& clock_;
  Effects& effects_;
  JournalLinks links_;

  std::unordered_map<std::string, Live> live_;
  std::size_t under_way_ = 0;    ///< Inputs told and not yet decided, of all.
  std::list<std::string> idle_;  ///< Nothing under way; longest idle first.
  std::set<std::pair<Instant, std::string>> deadlines_;
  std::unordered_map<std::string, Instant> deadline_of_;
  Instant timer_ = Instant::never();
  std::map<StreamId, Instant> missing_since_;  ///< In the provider's list.

  std::uint64_t next_sequence_ = 1;
  Instant last_now_;
  std::shared_ptr<Batch> batch_;  ///< Being filled; may be empty.
  Staged staged_;
  std::optional<Staged> on_its_way_;  ///< Of the commit under way.
  bool failed_ = false;
};

}  // namespace understudy
