#pragma once

/// The processes that one daemon keeps an eye on: those it started and those
/// it found. It notices their end, ends them when asked, and writes down what
/// became of them.
///
/// Thread safety: none; its owner's thread alone uses it. Ownership: the
/// directory must outlive it.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <poll.h>

#include "actors/core/instant.hpp"
#include "services/capacity/process_directory.hpp"
#include "services/capacity/process_grants.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy {

struct ProcessEnd {
  ProcessPlace place;
  std::string token;
  bool asked_for = false;  ///< By this daemon or by another.
  std::string detail;
};

class ProcessWatch {
 public:
  ProcessWatch(const ProcessDirectory& directory, std::uint32_t grace_ms)
      : directory_(directory), grace_ms_(grace_ms) {}

  /// Again: nothing happens.
  void adopt(const ProcessInstance& instance);

  /// Asks it to end, or reminds it. False when it is gone already.
  bool terminate(const ProcessPlace& place, Instant now);

  /// Looks after all that ended or shall end; returns those that are gone.
  std::vector<ProcessEnd> look(Instant now);

  /// So that none of them writes more than is kept.
  void bound_outputs() const;

  [[nodiscard]] bool watches(const ProcessPlace& place) const {
    return watched_.contains(place);
  }
  /// Something is to be looked after soon.
  [[nodiscard]] bool busy() const;
  /// Becomes readable when a process ends.
  [[nodiscard]] std::vector<pollfd> descriptors() const;

 private:
  struct Watched {
    std::string token;
    ProcessIdentity identity;
    Descriptor descriptor;  ///< Of the process; empty when it is dead.
    bool child = false;
    bool alive = true;
    Instant dead_since;
    Instant kill_at = Instant::never();
    std::string exit;  ///< How it ended, once that is known.
  };

  void see_death(const ProcessPlace& place, Watched& watched, Instant now);
  void reap(const ProcessPlace& place, Watched& watched) const;
  /// True when nothing of it is left.
  bool clear(const ProcessPlace& place, Watched& watched, Instant now);
  ProcessEnd close(const ProcessPlace& place, const Watched& watched);

  const ProcessDirectory& directory_;
  const std::uint32_t grace_ms_;
  std::map<ProcessPlace, Watched> watched_;
};

}  // namespace understudy
