#include "services/capacity/process_capacity.hpp"

#include <array>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "services/capacity/process_grants.hpp"
#include "services/capacity/process_reading.hpp"
#include "services/capacity/process_watch.hpp"

namespace understudy {
namespace {

constexpr int quiet_ms = 1000;
constexpr int busy_ms = 20;
/// So long an end is kept back, for a failed start to be known first.
constexpr std::int64_t starting_notice_ms = 250;
constexpr std::int64_t unknown_notice_ms = 3000;
/// An ending that takes longer is answered `ending`, and asked for again.
constexpr std::int64_t ending_answer_ms = 2000;

}  // namespace

/// One thread does everything in the order in which it was asked for.
class ProcessCapacity::Inside {
 public:
  Inside(Clock& clock, ProcessCatalogue catalogue, ProcessDirectory directory)
      : clock_(clock),
        catalogue_(std::move(catalogue)),
        directory_(std::move(directory)),
        grants_(directory_, catalogue_),
        watch_(directory_, catalogue_.termination_grace_ms),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this] { run(); }) {}

  ~Inside() {
    post([this] { stopping_ = true; });
    thread_.join();
  }

  void post(std::function<void()> task) {
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written =
        ::write(wake_.get(), &one, sizeof(one));
  }

  void launch(const LaunchCall& call,
              const std::function<void(LaunchAnswer)>& done) {
    auto granted = grants_.launch(call);
    for (const ProcessInstance& one : granted.started)
      watch_.adopt(one);
    done(std::move(granted.answer));
  }

  void terminate(const std::string& ref,
                 std::function<void(TerminateAnswer)> done) {
    const auto place = parse_process_ref(ref);
    if (!place || is_gone(*place)) return done(TerminateAnswer::gone);
    if (!watch_.watches(*place)) adopt(*place);
    if (!watch_.terminate(*place, clock_.now()))
      return done(is_gone(*place) ? TerminateAnswer::gone
                                  : TerminateAnswer::failed);
    endings_.push_back(
        {*place, after_ms(clock_.now(), ending_answer_ms), std::move(done)});
  }

  void list(
      const std::string& owner,
      const std::function<void(Result<std::vector<ProviderInstance>>)>& done) {
    const auto known = grants_.instances(owner);
    if (!known) return done(known.error());
    std::vector<ProviderInstance> all;
    for (const ProcessInstance& one : known.value()) {
      watch_.adopt(one);
      const auto identity = directory_.identity(one.place);
      if (!identity || !is_alive(*identity)) continue;
      all.push_back({process_ref(one.place.key, one.place.index), one.address,
                     one.token, one.place.index});
    }
    done(std::move(all));
  }

  /// What ended while nobody looked, whoever owned it, gives its place back.
  void recover() {
    const auto known = grants_.instances({});
    for (std::size_t i = 0; known && i < known.value().size(); ++i) {
      const auto identity = directory_.identity(known.value()[i].place);
      if (identity && !is_alive(*identity)) watch_.adopt(known.value()[i]);
    }
    if (const auto lock = directory_.lock()) directory_.tidy();
  }

  std::function<void(ProviderNotice)> notice_;  ///< Its thread's alone.
  EndReceiver end_;                             ///< Its thread's alone.

  [[nodiscard]] const ProcessGrants& grants() const { return grants_; }
  [[nodiscard]] const ProcessDirectory& directory() const { return directory_; }
  [[nodiscard]] const ProcessCatalogue& catalogue() const { return catalogue_; }

 private:
  struct Ending {
    ProcessPlace place;
    Instant answer_at;
    std::function<void(TerminateAnswer)> done;
  };

  /// Nothing of it runs and nothing of it will.
  [[nodiscard]] bool is_gone(const ProcessPlace& place) const {
    const auto record = directory_.read(place.key);
    if (!record) return record.error().code == ErrorCode::not_found;
    return place.index >= record.value().granted() ||
           directory_.has(place, "gone");
  }

  void adopt(const ProcessPlace& place) {
    // One that was granted and never started: it never will be.
    const auto lock = directory_.lock();
    if (!lock) return;
    const auto record = directory_.read(place.key);
    if (!record) return;
    if (!directory_.identity(place)) {
      return directory_.mark_gone(place, "it was never started");
    }
    watch_.adopt(
        {place, record.value().owner, record.value().token, {}, false});
  }

  void run() {
    recover();
    while (!stopping_) {
      work();
      see_ends();
      answer_endings();
      give_notices();
      if (const Instant now = clock_.now(); now >= bound_at_) {
        watch_.bound_outputs();
        bound_at_ = after_ms(now, quiet_ms);
      }
      if (!stopping_) wait();
    }
  }

  void work() {
    std::deque<std::function<void()>> tasks;
    {
      const std::lock_guard lock(mutex_);
      tasks.swap(tasks_);
    }
    for (const auto& task : tasks)
      task();
  }

  void see_ends() {
    const Instant now = clock_.now();
    for (ProcessEnd& end : watch_.look(now)) {
      if (end.asked_for) continue;
      const std::string ref = process_ref(end.place.key, end.place.index);
      const EndSeen seen = end_ ? end_(ref, end.detail) : EndSeen::serving;
      Instant at = now;
      if (seen == EndSeen::starting) at = after_ms(now, starting_notice_ms);
      if (seen == EndSeen::unknown) at = after_ms(now, unknown_notice_ms);
      notices_.emplace(at, ProviderNotice{ref, end.token, end.place.index, true,
                                          now, end.detail});
    }
  }

  void answer_endings() {
    const Instant now = clock_.now();
    std::vector<
        std::pair<std::function<void(TerminateAnswer)>, TerminateAnswer>>
        answers;
    std::erase_if(endings_, [&](Ending& one) {
      const bool gone = !watch_.watches(one.place);
      if (!gone && now < one.answer_at) return false;
      answers.emplace_back(std::move(one.done), gone ? TerminateAnswer::gone
                                                     : TerminateAnswer::ending);
      return true;
    });
    for (const auto& [done, answer] : answers)
      done(answer);
  }

  void give_notices() {
    while (!notices_.empty() && notices_.begin()->first <= clock_.now()) {
      const ProviderNotice notice = std::move(notices_.begin()->second);
      notices_.erase(notices_.begin());
      if (notice_) notice_(notice);
    }
  }

  void wait() const {
    std::vector<pollfd> all = watch_.descriptors();
    all.push_back({wake_.get(), POLLIN, 0});
    const bool busy = watch_.busy() || !notices_.empty() || !endings_.empty();
    ::poll(all.data(), all.size(), busy ? busy_ms : quiet_ms);
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got =
        ::read(wake_.get(), &count, sizeof(count));
  }

  Clock& clock_;
  const ProcessCatalogue catalogue_;
  const ProcessDirectory directory_;
  const ProcessGrants grants_;
  ProcessWatch watch_;
  std::vector<Ending> endings_;
  std::multimap<Instant, ProviderNotice> notices_;
  Instant bound_at_;
  bool stopping_ = false;

  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  Descriptor wake_;
  std::thread thread_;  // Last: it uses everything above.
};

Result<std::unique_ptr<ProcessCapacity>> ProcessCapacity::open(
    Clock& clock, ProcessCatalogue catalogue, const std::string& directory) {
  auto opened = ProcessDirectory::open(directory);
  if (!opened) return opened.error();
  return std::unique_ptr<ProcessCapacity>(
      new ProcessCapacity(std::make_unique<Inside>(clock, std::move(catalogue),
                                                   std::move(opened).value())));
}

ProcessCapacity::ProcessCapacity(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) {}
ProcessCapacity::~ProcessCapacity() = default;

void ProcessCapacity::launch(const LaunchCall& call,
                             std::function<void(LaunchAnswer)> done) {
  inside_->post([inside = inside_.get(), call, done = std::move(done)] {
    inside->launch(call, done);
  });
}

void ProcessCapacity::terminate(const std::string& provider_ref,
                                Instant /*requested_at*/,
                                std::function<void(TerminateAnswer)> done) {
  inside_->post([inside = inside_.get(), provider_ref, done = std::move(done)] {
    inside->terminate(provider_ref, done);
  });
}

void ProcessCapacity::list(
    const std::string& owner,
    std::function<void(Result<std::vector<ProviderInstance>>)> done) {
  inside_->post([inside = inside_.get(), owner, done = std::move(done)] {
    inside->list(owner, done);
  });
}

void ProcessCapacity::on_notice(std::function<void(ProviderNotice)> notice) {
  inside_->post([inside = inside_.get(), notice = std::move(notice)] {
    inside->notice_ = notice;
  });
}

void ProcessCapacity::on_end(EndReceiver receive) {
  std::promise<void> done;
  inside_->post([&] {
    inside_->end_ = std::move(receive);
    done.set_value();
  });
  done.get_future().wait();
}

Result<std::vector<OfferingState>> ProcessCapacity::offering_states() const {
  return inside_->grants().states();
}

Result<OfferingState> ProcessCapacity::change_offering(
    const CapacityChange& change) {
  if (inside_->catalogue().find(change.offering) == nullptr) {
    return Error{ErrorCode::not_found, "there is no offering " +
                                           to_string(change.offering) +
                                           " in the catalogue"};
  }
  if (change.action != CapacityAction::close &&
      change.action != CapacityAction::open) {
    return Error{ErrorCode::invalid_input,
                 "action: " + std::string(name_of(change.action)) +
                     " is for simulated capacity alone; accepted: close, open"};
  }
  {
    const auto lock = inside_->directory().lock();
    if (!lock) return lock.error();
    const auto written = inside_->directory().set_closed(
        to_string(change.offering), change.action == CapacityAction::close);
    if (!written) return written.error();
  }
  const auto states = offering_states();
  if (!states) return states.error();
  for (const OfferingState& one : states.value()) {
    if (one.offering == change.offering) return one;
  }
  return Error{ErrorCode::internal, "the offering is not there any more"};
}

Result<OutputPiece> ProcessCapacity::output(const std::string& provider_ref,
                                            const OutputPlace& from,
                                            std::size_t most) const {
  return read_process_output(inside_->directory(), provider_ref, from, most);
}

std::optional<std::string> ProcessCapacity::how_it_ended(
    const std::string& provider_ref) const {
  const auto place = parse_process_ref(provider_ref);
  if (!place || !inside_->directory().has(*place, "gone")) return std::nullopt;
  return inside_->directory().text(*place, "gone");
}

}  // namespace understudy
