#pragma once

/// Grants: which launch call gets how many processes, and their start.
///
/// Every grant is made under the directory's lock, so any number of these,
/// in any number of processes, give one answer for one token.
///
/// Thread safety: all calls from any thread; they wait for the lock.
/// Ownership: directory and catalogue must outlive it.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "actors/ports/capacity_provider.hpp"
#include "services/capacity/operated_capacity.hpp"
#include "services/capacity/process_catalogue.hpp"
#include "services/capacity/process_directory.hpp"
#include "services/capacity/process_spawn.hpp"

namespace understudy {

/// An instance that the directory knows of and that is not gone.
struct ProcessInstance {
  ProcessPlace place;
  std::string owner;
  std::string token;
  std::string address;
  bool child = false;  ///< Started by this very call.
};

class ProcessGrants {
 public:
  ProcessGrants(const ProcessDirectory& directory,
                const ProcessCatalogue& catalogue)
      : directory_(directory), catalogue_(catalogue) {}

  struct Granted {
    LaunchAnswer answer;
    std::vector<ProcessInstance> started;  ///< By this call.
  };
  [[nodiscard]] Granted launch(const LaunchCall& call) const;

  /// Those of an owner that are not known to be gone, ordered by token and
  /// index; of all owners where it is empty.
  [[nodiscard]] Result<std::vector<ProcessInstance>> instances(
      const std::string& owner) const;

  [[nodiscard]] Result<std::vector<OfferingState>> states() const;

 private:
  struct Use {
    std::map<Offering, std::uint32_t> held;
    std::vector<std::uint32_t> ports;
  };
  [[nodiscard]] Result<Use> use() const;
  [[nodiscard]] Result<ProcessRecord> intend(const LaunchCall& call,
                                             LaunchAnswer& refusal) const;
  [[nodiscard]] std::vector<std::uint32_t> free_ports(
      const std::vector<std::uint32_t>& taken, const std::string& token,
      std::uint32_t count) const;
  void start(const LaunchCall& call, const std::string& key,
             ProcessRecord& record, Granted& granted) const;
  [[nodiscard]] SpawnAnswer spawn(const LaunchCall& call,
                                  const ProcessRecord& record,
                                  const ProcessPlace& place,
                                  LaunchAnswer& refusal) const;

  const ProcessDirectory& directory_;
  const ProcessCatalogue& catalogue_;
};

}  // namespace understudy
