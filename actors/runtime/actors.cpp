#include "actors/runtime/actors.hpp"

#include <future>
#include <optional>
#include <string>
#include <unordered_map>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "actors/runtime/answers.hpp"
#include "actors/runtime/message_types.hpp"

namespace understudy {
namespace {

/// One stream at work: an endpoint, a pool, an instance or an autoscaler.
class Shell : public caf::event_based_actor {
 public:
  Shell(caf::actor_config& config, caf::actor journal, StreamId stream,
        std::shared_ptr<AnyState> state)
      : event_based_actor(config),
        journal_(std::move(journal)),
        stream_(std::move(stream)),
        state_(std::move(state)) {}

  caf::behavior make_behavior() override {
    return {
        [this](Handle& message) { handle(message); },
        [this](Retire) {
          send(journal_, Rested{stream_, std::move(state_)});
          journal_ = nullptr;
          quit();
        },
    };
  }

 private:
  void handle(Handle& message) {
    Decided decided;
    decided.stream = stream_;
    decided.now = message.now;
    decided.delivered = message.delivered;
    if (!message.routed) {
      message.routed.emplace();
      const bool ours =
          to_actor_input(stream_.kind(), message.cause.input, *message.routed);
      if (!ours) message.routed.reset();
    }
    if (message.preview) {
      preview(message);
    } else if (message.routed) {
      decided.events = decide(*state_, *message.routed, message.now);
    }
    if (!decided.events.empty()) {
      decided.effects = outstanding(*state_);
      decided.deadline = next_deadline(*state_);
      decided.ended = ended(*state_);
    }
    if (message.reply) {
      decided.answer = answer_to(*state_, message.cause.input);
      decided.reply = std::move(message.reply);
    }
    decided.cause = std::move(message.cause);
    send(journal_, std::move(decided));
  }

  void preview(const Handle& message) const {
    AnyState tried = copy_of(*state_);
    std::vector<AnyEvent> events;
    if (message.routed) events = decide(tried, *message.routed, message.now);
    const auto answer = answer_to(tried, message.cause.input);
    message.preview(answer.value_or(CommandAnswer{}), events);
  }

  caf::actor journal_;
  StreamId stream_;
  std::shared_ptr<AnyState> state_;
};

/// Writes batches, one at a time; the only actor that may block.
class Committer : public caf::event_based_actor {
 public:
  Committer(caf::actor_config& config, EventLog& log, caf::actor journal)
      : event_based_actor(config), log_(log), journal_(std::move(journal)) {}

  caf::behavior make_behavior() override {
    return {[this](const Commit& message) {
      send(journal_, write(*message.batch));
    }};
  }

 private:
  Committed write(const Batch& batch) {
    std::vector<Bytes> records;
    records.reserve(batch.ends.size());
    std::size_t begin = 0;
    for (const std::size_t end : batch.ends) {
      records.push_back(Bytes(batch.bytes).subspan(begin, end - begin));
      begin = end;
    }
    const auto written = log_.append(batch.first, records);
    Committed result{batch.first + batch.ends.size() - 1, std::nullopt};
    if (!written) result.error = written.error();
    return result;
  }

  EventLog& log_;
  caf::actor journal_;
};

}  // namespace

/// Hands its messages to the journal and carries the journal's to others.
class JournalActor : public caf::event_based_actor {
 public:
  JournalActor(caf::actor_config& config, EventLog& log, Runtime::Mode mode,
               std::shared_ptr<Gate> gate)
      : event_based_actor(config),
        log_(log),
        mode_(mode),
        gate_(std::move(gate)) {}

  /// Before its first message.
  void attach(Journal& journal) { journal_ = &journal; }

  caf::behavior make_behavior() override {
    const auto self = caf::actor_cast<caf::actor>(this);
    committer_ = mode_ == Runtime::Mode::threads
                     ? spawn<Committer, caf::detached>(std::ref(log_), self)
                     : spawn<Committer>(std::ref(log_), self);
    return {
        [this](const Begin& m) { journal_->start(std::move(*m.redo)); },
        [this](Submit& m) {
          if (!stopping_) journal_->submit(std::move(m));
          gate_->taken(journal_->live());
          // No actor may have got it: nothing else would send a batch out
          // that waits for this input.
          journal_->flush_if_due();
        },
        [this](Decided& m) {
          journal_->decided(std::move(m));
          wind_down();
        },
        [this](const Rested& m) {
          journal_->rested(m);
          wind_down();
        },
        [this](const Committed& m) {
          journal_->committed(m);
          wind_down();
        },
        [this](Sweep) {
          if (!stopping_) journal_->sweep();
        },
        [this](const Listed& m) {
          if (!stopping_) journal_->listed(m);
        },
        [this](const ProviderNotice& m) {
          if (!stopping_) journal_->noticed(m);
        },
        [this](Tick) {
          if (!stopping_) journal_->tick();
        },
        [this](Flush) { journal_->flush(); },
        [this](const StopAll& m) {
          stopping_ = m.done;
          wind_down();
        },
    };
  }

  void spawn_shell(const StreamId& stream, AnyState state) {
    shells_[stream.text] =
        spawn<Shell>(caf::actor_cast<caf::actor>(this), stream,
                     std::make_shared<AnyState>(std::move(state)));
  }

  void tell(const StreamId& stream, Handle message) {
    send(shells_.at(stream.text), std::move(message));
  }

  void retire(const StreamId& stream) {
    const auto shell = shells_.find(stream.text);
    send(shell->second, Retire{});
    shells_.erase(shell);
  }

  void commit(Commit message) { send(committer_, std::move(message)); }

 private:
  /// Ends once nothing is under way, if it was asked to.
  void wind_down() {
    if (!stopping_) return;
    journal_->flush();
    if (!journal_->idle()) return;
    if (journal_->live() > 0 && !journal_->failed()) {
      journal_->retire_all();
      return;
    }
    for (const auto& [stream, shell] : shells_) {
      send_exit(shell, caf::exit_reason::user_shutdown);
    }
    shells_.clear();
    send_exit(committer_, caf::exit_reason::user_shutdown);
    committer_ = nullptr;
    stopping_->set_value();
    quit();
  }

  EventLog& log_;
  Runtime::Mode mode_;
  std::shared_ptr<Gate> gate_;
  Journal* journal_ = nullptr;
  caf::actor committer_;
  std::unordered_map<std::string, caf::actor> shells_;
  std::shared_ptr<std::promise<void>> stopping_;
};

void Gate::open(caf::actor journal) {
  const std::lock_guard lock(mutex_);
  journal_ = std::move(journal);
}

void Gate::shut() {
  const std::lock_guard lock(mutex_);
  journal_ = nullptr;
}

template <class Message>
void Gate::deliver(Message message) {
  const std::lock_guard lock(mutex_);
  if (journal_) caf::anon_send(journal_, std::move(message));
}

void Gate::send(Submit message) {
  const std::lock_guard lock(mutex_);
  if (!journal_) return;
  ++waiting_;
  caf::anon_send(journal_, std::move(message));
}

void Gate::taken(std::size_t live) {
  --waiting_;
  live_ = live;
}

void Gate::send(Listed message) { deliver(std::move(message)); }
void Gate::send(ProviderNotice message) { deliver(std::move(message)); }
void Gate::send(Tick message) { deliver(message); }
void Gate::send(Flush message) { deliver(message); }

ActorSide::ActorSide(caf::actor_system& system, Runtime::Mode mode,
                     EventLog& log, const RecordCodec& codec, World world,
                     const PartitionOptions& options,
                     const PartitionEvents& events, Fleet& fleet, Redo redo)
    : mode_(mode),
      clock_(world.clock),
      gate_(std::make_shared<Gate>()),
      effects_(
          world, options.owner,
          [gate = gate_](StreamId to, OutsideInput input) {
            gate->send(Submit{std::move(to), std::move(input)});
          },
          [gate = gate_](ProviderNotice notice) {
            gate->send(std::move(notice));
          }) {
  JournalOptions journal_options;
  journal_options.epoch = log.epoch();
  journal_options.max_live = options.max_live;
  journal_options.eager = mode == Runtime::Mode::threads;
  journal_actor_ = system.spawn<JournalActor>(std::ref(log), mode, gate_);
  auto* actor = caf::actor_cast<caf::abstract_actor*>(journal_actor_);
  auto& wiring = static_cast<JournalActor&>(*actor);
  journal_ = std::make_unique<Journal>(journal_options, fleet, codec, clock_,
                                       effects_, links(wiring, events));
  wiring.attach(*journal_);
  gate_->open(journal_actor_);
  caf::anon_send(journal_actor_,
                 Begin{std::make_shared<Redo>(std::move(redo))});
}

JournalLinks ActorSide::links(JournalActor& wiring,
                              const PartitionEvents& events) {
  JournalLinks links;
  links.spawn = [&wiring](const StreamId& to, AnyState state) {
    wiring.spawn_shell(to, std::move(state));
  };
  links.tell = [&wiring](const StreamId& to, Handle message) {
    wiring.tell(to, std::move(message));
  };
  links.retire = [&wiring](const StreamId& to) { wiring.retire(to); };
  links.commit = [&wiring](Commit message) {
    wiring.commit(std::move(message));
  };
  links.set_timer = [this](Instant at) { set_timer(at); };
  links.waiting = [gate = gate_] { return gate->load().waiting_inputs > 0; };
  links.list = [gate = gate_](Listed message) {
    gate->send(std::move(message));
  };
  links.committed = events.committed;
  links.failed = events.failed;
  links.refused = events.refused;
  return links;
}

ActorSide::~ActorSide() = default;

void ActorSide::set_timer(Instant at) {
  if (timer_ != 0) clock_.cancel(timer_);
  timer_ = 0;
  if (at == Instant::never()) return;
  timer_ = clock_.at(at, "deadline", [gate = gate_] { gate->send(Tick{}); });
}

void ActorSide::sweep() { caf::anon_send(journal_actor_, Sweep{}); }

void ActorSide::stop(const std::function<void()>& drain) {
  auto done = std::make_shared<std::promise<void>>();
  auto finished = done->get_future();
  gate_->shut();
  effects_.close();
  caf::anon_send(journal_actor_, StopAll{std::move(done)});
  journal_actor_ = nullptr;
  if (mode_ == Runtime::Mode::stepped) drain();
  finished.wait();
  if (timer_ != 0) clock_.cancel(timer_);
}

}  // namespace understudy
