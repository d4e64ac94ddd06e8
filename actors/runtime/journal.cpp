#include "actors/runtime/journal.hpp"

#include <algorithm>

#include "actors/core/check.hpp"
#include "actors/runtime/answers.hpp"
#include "actors/runtime/not_listed.hpp"

namespace understudy {
namespace {

/// A list may be stale: what it lacks is lost when a later one lacks it too.
constexpr std::int64_t missing_ms = 30'000;

/// A batch of so many records waits for nobody.
constexpr std::size_t large_batch = 1024;

}  // namespace

Journal::Journal(JournalOptions options, Fleet& fleet, const RecordCodec& codec,
                 const Clock& clock, Effects& effects, JournalLinks links)
    : options_(options),
      fleet_(fleet),
      codec_(codec),
      clock_(clock),
      effects_(effects),
      links_(std::move(links)),
      next_sequence_(fleet.sequence() + 1),
      last_now_(fleet.time()),
      batch_(std::make_shared<Batch>()) {}

Instant Journal::now() {
  last_now_ = std::max(last_now_, clock_.now());
  return last_now_;
}

void Journal::start(std::vector<std::pair<std::uint64_t, Delivery>> redo) {
  for (const auto& stream : fleet_.streams()) {
    const Rest& rest = *fleet_.find(stream.text);
    if (!rest.stopped.empty()) continue;
    set_deadline(stream, next_deadline(rest.state));
    effects_.update(stream, outstanding(rest.state));
  }
  for (auto& [sequence, delivery] : redo) {
    Rest& rest = fleet_.rest(delivery.to);
    rest.delivered = std::max(rest.delivered, sequence);
    tell(delivery.to, {{sequence, DeadlineReached{}},
                       std::move(delivery.input),
                       now(),
                       rest.delivered,
                       {}});
  }
}

void Journal::submit(Submit message) {
  if (failed_) return;
  const auto delivered = fleet_.rest(message.to).delivered;
  tell(message.to, {{0, std::move(message.input)},
                    std::nullopt,
                    now(),
                    delivered,
                    std::move(message.reply),
                    std::move(message.preview)});
}

void Journal::tell(const StreamId& to, Handle handle) {
  Rest& rest = fleet_.rest(to);
  if (!rest.stopped.empty()) {
    if (links_.refused) links_.refused(to, rest.stopped);
    const CommandAnswer answer = stopped_answer(to, rest.stopped);
    if (handle.reply) handle.reply(answer);
    if (handle.preview) handle.preview(answer, {});
    return;
  }
  auto found = live_.find(to.text);
  if (found == live_.end()) {
    found = live_.emplace(to.text, Live{}).first;
    found->second.place = idle_.end();
    links_.spawn(to, std::move(rest.state));
  }
  Live& live = found->second;
  if (live.retiring) {
    live.held.push_back(std::move(handle));
    return;
  }
  if (live.under_way++ == 0 && live.place != idle_.end()) {
    idle_.erase(live.place);
    live.place = idle_.end();
  }
  ++under_way_;
  links_.tell(to, std::move(handle));
}

void Journal::decided(Decided message) {
  if (failed_) return;
  const auto found = live_.find(message.stream.text);
  UNDERSTUDY_CHECK(found != live_.end() && found->second.under_way > 0);
  --under_way_;
  if (--found->second.under_way == 0) {
    found->second.place = idle_.insert(idle_.end(), message.stream.text);
  }
  const StreamId stream = message.stream;
  const bool over = message.ended;
  if (!message.events.empty()) {
    record(message);
    if (message.answer) message.answer->sequence = next_sequence_ - 1;
  }
  if (message.reply && message.answer) {
    staged_.replies.emplace_back(std::move(message.reply), *message.answer);
  }
  settle(stream, over);
  flush_if_due();
}

/// What a decision leads to inside is stored with it: a refusal and the next
/// pool's request are one commit, not two. So are inputs that came together.
void Journal::flush_if_due() {
  if (!options_.eager) return;
  const bool more = under_way_ > 0 || (links_.waiting && links_.waiting());
  if (!more || batch_->ends.size() >= large_batch) flush();
}

void Journal::record(Decided& message) {
  Rest& rest = fleet_.rest(message.stream);
  Record record;
  record.stream = message.stream;
  record.epoch = options_.epoch;
  record.time = message.now;
  record.decider_version = decider_version(message.stream.kind());
  record.parts = static_cast<std::uint16_t>(message.events.size());
  record.delivered = message.delivered;
  record.cause = std::move(message.cause);
  const std::uint64_t first = next_sequence_;
  for (auto& event : message.events) {
    record.sequence = next_sequence_++;
    record.version = ++rest.version;
    record.event = std::move(event);
    codec_.encode(record, batch_->bytes);
    batch_->ends.push_back(batch_->bytes.size());
    event = std::move(record.event);
    ++record.part;
    record.cause = {};
  }
  fleet_.set_position(next_sequence_ - 1, options_.epoch,
                      std::max(fleet_.time(), message.now));
  if (batch_->first == 0) batch_->first = first;
  staged_.effects[message.stream] = std::move(message.effects);
  set_deadline(message.stream, message.deadline);
  std::uint64_t sequence = first;
  for (const auto& event : message.events) {
    forward(message.stream, event, sequence++, message.now);
  }
}

void Journal::forward(const StreamId& from, const AnyEvent& event,
                      std::uint64_t sequence, Instant now) {
  for (auto& delivery : route(from, event)) {
    Rest& rest = fleet_.rest(delivery.to);
    rest.delivered = sequence;
    last_now_ = std::max(last_now_, now);
    tell(delivery.to, {{sequence, DeadlineReached{}},
                       std::move(delivery.input),
                       last_now_,
                       sequence,
                       {}});
  }
}

void Journal::settle(const StreamId& stream, bool over) {
  auto found = live_.find(stream.text);
  if (found != live_.end() && over && found->second.under_way == 0) {
    retire(stream.text, found->second);
    return;
  }
  if (live_.size() <= options_.max_live || idle_.empty()) return;
  const std::string idlest = idle_.front();
  retire(idlest, live_.at(idlest));
}

void Journal::retire(const std::string& stream, Live& live) {
  idle_.erase(live.place);
  live.place = idle_.end();
  live.retiring = true;
  links_.retire({stream});
}

void Journal::rested(const Rested& message) {
  const auto found = live_.find(message.stream.text);
  UNDERSTUDY_CHECK(found != live_.end() && found->second.retiring);
  auto held = std::move(found->second.held);
  live_.erase(found);
  Rest& rest = fleet_.rest(message.stream);
  const bool nothing_to_keep = rest.version == 0 || ended(*message.state);
  if (nothing_to_keep && held.empty()) {
    fleet_.forget(message.stream);
    return;
  }
  rest.state = std::move(*message.state);
  for (auto& handle : held)
    tell(message.stream, std::move(handle));
}

void Journal::set_deadline(const StreamId& stream, Instant deadline) {
  const auto known = deadline_of_.find(stream.text);
  if (known != deadline_of_.end()) {
    deadlines_.erase({known->second, stream.text});
    deadline_of_.erase(known);
  }
  if (deadline != Instant::never()) {
    deadline_of_.emplace(stream.text, deadline);
    deadlines_.emplace(deadline, stream.text);
  }
  const Instant earliest =
      deadlines_.empty() ? Instant::never() : deadlines_.begin()->first;
  if (earliest != timer_) {
    timer_ = earliest;
    links_.set_timer(earliest);
  }
}

void Journal::tick() {
  if (failed_) return;
  const Instant due = now();
  timer_ = Instant::never();
  std::vector<StreamId> late;
  while (!deadlines_.empty() && deadlines_.begin()->first <= due) {
    late.push_back({deadlines_.begin()->second});
    deadline_of_.erase(deadlines_.begin()->second);
    deadlines_.erase(deadlines_.begin());
  }
  if (!deadlines_.empty()) {
    timer_ = deadlines_.begin()->first;
    links_.set_timer(timer_);
  }
  for (const auto& stream : late)
    submit({stream, DeadlineReached{}});
}

void Journal::flush() {
  if (failed_ || on_its_way_) return;
  if (batch_->ends.empty()) {
    if (!staged_.replies.empty()) release(std::exchange(staged_, {}));
    return;
  }
  on_its_way_ = std::exchange(staged_, {});
  links_.commit({std::exchange(batch_, std::make_shared<Batch>())});
}

void Journal::committed(const Committed& message) {
  if (message.error) {
    failed_ = true;
    effects_.close();
    if (links_.failed) links_.failed(*message.error);
    return;
  }
  Staged done = std::move(*on_its_way_);
  on_its_way_.reset();
  if (links_.committed) links_.committed(message.last);
  release(std::move(done));
  flush_if_due();
}

void Journal::release(Staged staged) {
  for (auto& [stream, wanted] : staged.effects) {
    effects_.update(stream, std::move(wanted));
  }
  for (const auto& [reply, answer] : staged.replies)
    reply(answer);
}

void Journal::sweep() {
  if (failed_) return;
  // Shared: a call that fails is made again, and its copies must cost nothing.
  const auto alive =
      std::make_shared<const std::vector<StreamId>>(effects_.live_instances());
  effects_.list([list = links_.list, alive](std::vector<ProviderInstance> all) {
    list({std::move(all), *alive});
  });
}

void Journal::listed(const Listed& message) {
  std::set<StreamId> seen;
  bool again = false;
  for (const auto& one : message.instances) {
    const auto parts = parse_token(one.token);
    const auto found =
        effects_.instance_of(one.provider_ref, one.token, one.index);
    if (!parts || !found) continue;
    const StreamId& stream = *found;
    seen.insert(stream);
    if (effects_.owes(stream) || live_.contains(stream.text)) continue;
    // An outcome that its pool is still deciding may be this very instance.
    const auto pool = live_.find(parts->pool.text);
    if (pool != live_.end() && pool->second.under_way > 0) {
      again = true;
      continue;
    }
    const Rest* rest = fleet_.find(stream.text);
    if (rest != nullptr && rest->version > 0) continue;
    submit({parts->pool, pool::OrphanFound{parts->request, parts->attempt,
                                           one.provider_ref}});
  }
  std::map<StreamId, Instant> missing;
  for (const auto& stream : message.alive) {
    if (seen.contains(stream) || !effects_.owes(stream)) continue;
    const auto known = missing_since_.find(stream);
    const Instant since = known == missing_since_.end() ? now() : known->second;
    if (now() < after_ms(since, missing_ms)) {
      missing.emplace(stream, since);
    } else {
      submit({stream, instance::Gone{std::string(not_listed_detail)}});
    }
  }
  missing_since_ = std::move(missing);
  if (again) sweep();
}

void Journal::noticed(const ProviderNotice& message) {
  const auto stream =
      effects_.instance_of(message.provider_ref, message.token, message.index);
  if (!stream) return;
  if (message.gone) {
    submit({*stream, instance::Gone{message.detail}});
  } else {
    submit({*stream, instance::ReclaimNotice{message.reclaim_at}});
  }
}

void Journal::retire_all() {
  while (!idle_.empty()) {
    const std::string stream = idle_.front();
    retire(stream, live_.at(stream));
  }
}

bool Journal::idle() const {
  if (failed_) return true;
  const bool waiting = !batch_->ends.empty() || !staged_.replies.empty();
  return !on_its_way_ && !waiting && idle_.size() == live_.size();
}

}  // namespace understudy
