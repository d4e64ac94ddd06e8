#include "services/capacity/process_grants.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "actors/core/hash.hpp"
#include "services/capacity/process_command.hpp"
#include "services/capacity/process_refusal.hpp"

namespace understudy {
namespace {

/// A grant that was never carried out, by a daemon that never came back,
/// does not hold its place for ever.
constexpr std::chrono::minutes intent_holds{10};

bool is_recent(const std::string& file) {
  std::error_code failed;
  const auto written = std::filesystem::last_write_time(file, failed);
  return !failed &&
         std::filesystem::file_time_type::clock::now() - written < intent_holds;
}

/// Nobody listens there, on any address of the machine.
bool is_free(std::uint32_t port, bool six) {
  const Descriptor socket(
      ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return true;
  if (six) {
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    any.sin6_port = htons(static_cast<std::uint16_t>(port));
    return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any),
                  sizeof(any)) == 0;
  }
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_port = htons(static_cast<std::uint16_t>(port));
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any),
                sizeof(any)) == 0;
}

std::string endpoint_of(const std::string& token) {
  return token.substr(0, token.find('/'));
}

LaunchAnswer answer_of(const std::string& key, const ProcessRecord& record) {
  LaunchAnswer answer;
  for (std::uint32_t i = 0; i < record.granted(); ++i) {
    answer.granted.push_back({process_ref(key, i),
                              process_address(record.host, record.ports[i]),
                              record.token, i});
  }
  answer.refused = record.refused;
  answer.kind = record.kind;
  answer.code = record.code;
  answer.message = record.message;
  return answer;
}

LaunchAnswer all_refused(LaunchAnswer refusal, std::uint32_t count) {
  const bool settles = refusal.kind != RefusalKind::throttled &&
                       refusal.kind != RefusalKind::unknown;
  refusal.refused = settles ? count : 0;
  return refusal;
}

}  // namespace

Result<ProcessGrants::Use> ProcessGrants::use() const {
  Use use;
  const auto keys = directory_.keys();
  if (!keys) return keys.error();
  for (const std::string& key : keys.value()) {
    const auto record = directory_.read(key);
    if (!record) continue;
    const bool recent = is_recent(directory_.folder(key) + "/call");
    for (std::uint32_t i = 0; i < record.value().granted(); ++i) {
      const ProcessPlace place{key, i};
      if (directory_.has(place, "gone")) continue;
      const auto identity = directory_.identity(place);
      if (identity ? !is_alive(*identity) : !recent) continue;
      use.held[record.value().offering] += 1;
      use.ports.push_back(record.value().ports[i]);
    }
  }
  return use;
}

std::vector<std::uint32_t> ProcessGrants::free_ports(
    const std::vector<std::uint32_t>& taken, const std::string& token,
    std::uint32_t count) const {
  const PortRange& range = catalogue_.ports;
  const std::uint32_t size = range.to - range.from + 1;
  const bool six = catalogue_.host.find(':') != std::string::npos;
  // Not always from the first on: a port that somebody may still send
  // requests to is given out again as late as can be.
  const auto begin = static_cast<std::uint32_t>(mix(hash_text(token)) % size);
  std::vector<std::uint32_t> free;
  for (std::uint32_t i = 0; i < size && free.size() < count; ++i) {
    const std::uint32_t port = range.from + (begin + i) % size;
    if (std::find(taken.begin(), taken.end(), port) == taken.end() &&
        is_free(port, six))
      free.push_back(port);
  }
  return free;
}

/// Decides what the call gets and writes it down.
Result<ProcessRecord> ProcessGrants::intend(const LaunchCall& call,
                                            LaunchAnswer& refusal) const {
  ProcessRecord record{call.owner,        call.token, call.offering,
                       catalogue_.host,   {},         call.count,
                       RefusalKind::none, {},         {}};
  const ProcessOffering* offering = catalogue_.find(call.offering);
  if (offering == nullptr) {
    refusal = process_refusal::unknown_offering(call.offering);
    return record;
  }
  if (const auto program = find_program(*offering); !program) {
    refusal = process_refusal::no_program(program.error().message);
    return record;
  }
  const auto used = use();
  if (!used) return used.error();
  const auto held = used.value().held.find(call.offering);
  const std::uint32_t taken =
      held == used.value().held.end() ? 0 : held->second;
  const std::uint32_t room =
      offering->capacity > taken ? offering->capacity - taken : 0;
  std::uint32_t count = std::min(call.count, room);
  if (count < call.count)
    refusal = process_refusal::full(call.offering, offering->capacity);
  const auto closed = directory_.closed();
  if (!closed) return closed.error();
  if (closed.value().contains(to_string(call.offering))) {
    refusal = process_refusal::closed(call.offering);
    count = 0;
  }
  record.ports = free_ports(used.value().ports, call.token, count);
  if (record.granted() < count) {
    refusal =
        process_refusal::no_port(catalogue_.ports.from, catalogue_.ports.to);
  }
  record.refused = call.count - record.granted();
  record.kind = refusal.kind;
  record.code = refusal.code;
  record.message = refusal.message;
  if (record.ports.empty()) return record;
  auto written = directory_.write(process_key(call.owner, call.token), record);
  if (!written) return written.error();
  return record;
}

SpawnAnswer ProcessGrants::spawn(const LaunchCall& call,
                                 const ProcessRecord& record,
                                 const ProcessPlace& place,
                                 LaunchAnswer& refusal) const {
  const ProcessOffering* offering = catalogue_.find(record.offering);
  if (offering == nullptr) {
    refusal = process_refusal::unknown_offering(record.offering);
    return {};
  }
  const auto program = find_program(*offering);
  if (!program) {
    refusal = process_refusal::no_program(program.error().message);
    return {};
  }
  ProcessTold told;
  told.reference = process_ref(place.key, place.index);
  told.owner = record.owner;
  told.token = record.token;
  told.endpoint = endpoint_of(record.token);
  told.model = call.model;
  told.host = record.host;
  told.port = record.ports[place.index];
  told.max_concurrency = offering->max_concurrency == 0
                             ? call.max_concurrency
                             : offering->max_concurrency;
  told.environment = call.environment;
  const std::string folder = offering->working_directory.empty()
                                 ? directory_.folder(place.key)
                                 : offering->working_directory;
  const SpawnAnswer answer = spawn_process(
      {program.value(), process_arguments(*offering, told),
       process_environment(*offering, told), folder,
       directory_.file(place, "output"), directory_.file(place, "process")});
  if (answer.pid == 0)
    refusal = process_refusal::spawn(answer, program.value(), folder);
  return answer;
}

/// Starts what the record grants and is not started yet. What cannot be
/// started is taken out of it again.
void ProcessGrants::start(const LaunchCall& call, const std::string& key,
                          ProcessRecord& record, Granted& granted) const {
  for (std::uint32_t i = 0; i < record.granted(); ++i) {
    const ProcessPlace place{key, i};
    if (directory_.has(place, "process") || directory_.has(place, "gone"))
      continue;
    LaunchAnswer refusal;
    const SpawnAnswer spawned = spawn(call, record, place, refusal);
    if (spawned.pid != 0) {
      granted.started.push_back({place, record.owner, record.token,
                                 process_address(record.host, record.ports[i]),
                                 true});
      continue;
    }
    if (i == 0) {
      directory_.remove(key);
      granted.answer = all_refused(refusal, call.count);
      return;
    }
    // A partial answer settles the rest: it is asked for again as a new one.
    record.ports.resize(i);
    record.refused = call.count - i;
    record.kind = refusal.kind == RefusalKind::throttled ? RefusalKind::capacity
                                                         : refusal.kind;
    record.code = refusal.code;
    record.message = refusal.message;
    // On failure the next call for this token finds the old record, and
    // starts what is missing then.
    [[maybe_unused]] const auto written = directory_.write(key, record);
    break;
  }
  granted.answer = answer_of(key, record);
}

ProcessGrants::Granted ProcessGrants::launch(const LaunchCall& call) const {
  Granted granted;
  const auto lock = directory_.lock();
  if (!lock) {
    granted.answer = process_refusal::directory(lock.error().message);
    return granted;
  }
  const std::string key = process_key(call.owner, call.token);
  LaunchAnswer refusal;
  auto record = directory_.read(key);
  if (!record && record.error().code == ErrorCode::not_found)
    record = intend(call, refusal);
  if (!record) {
    granted.answer = process_refusal::directory(record.error().message);
    return granted;
  }
  ProcessRecord known = std::move(record).value();
  if (known.granted() == 0) {
    granted.answer = all_refused(refusal, call.count);
    return granted;
  }
  start(call, key, known, granted);
  return granted;
}

Result<std::vector<ProcessInstance>> ProcessGrants::instances(
    const std::string& owner) const {
  const auto lock = directory_.lock();
  if (!lock) return lock.error();
  const auto keys = directory_.keys();
  if (!keys) return keys.error();
  std::vector<ProcessInstance> all;
  for (const std::string& key : keys.value()) {
    const auto record = directory_.read(key);
    if (!record) {
      // A daemon that was killed before it wrote what it intended.
      if (record.error().code == ErrorCode::not_found) continue;
      return record.error();
    }
    const ProcessRecord& known = record.value();
    if (!owner.empty() && known.owner != owner) continue;
    for (std::uint32_t i = 0; i < known.granted(); ++i) {
      const ProcessPlace place{key, i};
      if (directory_.has(place, "gone") || !directory_.has(place, "process"))
        continue;
      all.push_back({place, known.owner, known.token,
                     process_address(known.host, known.ports[i]), false});
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.token, a.place.index, a.owner) <
           std::tie(b.token, b.place.index, b.owner);
  });
  return all;
}

Result<std::vector<OfferingState>> ProcessGrants::states() const {
  const auto lock = directory_.lock();
  if (!lock) return lock.error();
  const auto used = use();
  if (!used) return used.error();
  const auto closed = directory_.closed();
  if (!closed) return closed.error();
  std::vector<OfferingState> all;
  for (const ProcessOffering& one : catalogue_.offerings) {
    const Offering offering = one.offering();
    const auto held = used.value().held.find(offering);
    all.push_back({offering,
                   one.capacity,
                   held == used.value().held.end() ? 0 : held->second,
                   closed.value().contains(to_string(offering)),
                   {}});
  }
  return all;
}

}  // namespace understudy
