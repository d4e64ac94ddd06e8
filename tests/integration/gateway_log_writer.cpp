/// Writes a log whose instances have addresses of the test's choice, as told
/// line by line on standard input, and says `ok` after each line:
///
///     create E | in-service E | scale E N | deleting E | deleted E | failed E
///     ready E I ADDRESS POOL TYPE MAX_CONCURRENCY | drain E I | gone E I

#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"

namespace understudy {
namespace {

class Writer {
 public:
  explicit Writer(LmdbLog& log) : log_(log), codec_(make_record_codec()) {
    const auto end = log_.end();
    next_ = end ? end.value() : 1;
  }

  bool take(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    std::string endpoint;
    words >> verb >> endpoint;
    const StreamId stream = StreamId::endpoint(endpoint);
    if (verb == "create") {
      return put(stream, endpoint::EndpointCreated{"c", spec(endpoint)});
    }
    if (verb == "in-service") {
      return put(stream, endpoint::EndpointInService{});
    }
    if (verb == "scale") {
      endpoint::ScaleOut out{"", "primary", 0, 0};
      words >> out.to;
      return put(stream, out);
    }
    if (verb == "deleting") return put(stream, endpoint::EndpointDeleting{});
    if (verb == "deleted") return put(stream, endpoint::EndpointDeleted{});
    if (verb == "failed") {
      endpoint::EndpointFailed failed;
      failed.reason = "provisioning-timed-out";
      failed.message = "no pool had the capacity in time";
      return put(stream, failed);
    }
    std::uint32_t number = 0;
    words >> number;
    const auto instance =
        StreamId::instance(endpoint, InstanceId::make({number}, 1, 0));
    if (verb == "ready") return ready(instance, words);
    if (verb == "drain") {
      return put(instance, instance::InstanceDraining{"scale-in", {}});
    }
    return verb == "gone" && put(instance, instance::InstanceDrained{}) &&
           put(instance, instance::InstanceTerminated{});
  }

 private:
  static EndpointSpec spec(const std::string& name) {
    PoolSpec pool;
    pool.name = "pool-1";
    pool.instance_type = "gpu.large";
    pool.zones = {"zone-a"};
    pool.max_concurrency = 8;
    VariantSpec variant;
    variant.pools = {pool};
    return {name, {variant}};
  }

  bool ready(const StreamId& stream, std::istringstream& words) {
    instance::InstanceRegistered born;
    born.variant = "primary";
    words >> born.address >> born.pool >> born.offering.instance_type >>
        born.max_concurrency;
    return put(stream, born) && put(stream, instance::InstanceReady{1, 1});
  }

  bool put(const StreamId& stream, AnyEvent event) {
    Record record;
    record.stream = stream;
    record.sequence = next_;
    record.version = ++versions_[stream.text];
    record.epoch = log_.epoch();
    record.time = {1'767'225'600'000'000 + static_cast<std::int64_t>(next_)};
    record.event = std::move(event);
    std::vector<std::byte> bytes;
    codec_->encode(record, bytes);
    const Bytes view(bytes);
    const auto appended = log_.append(next_, {&view, 1});
    if (!appended) std::cerr << appended.error().message << '\n';
    ++next_;
    return appended.ok();
  }

  LmdbLog& log_;
  const std::unique_ptr<RecordCodec> codec_;
  std::uint64_t next_ = 1;
  std::map<std::string, std::uint64_t> versions_;
};

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  using namespace understudy;
  if (argc != 2) return 2;
  LmdbOptions options;
  options.durability = Durability::os;
  auto log = LmdbLog::open_writer(argv[1], options);
  if (!log) {
    std::cerr << log.error().message << '\n';
    return 1;
  }
  Writer writer(*log.value());
  std::string line;
  while (std::getline(std::cin, line)) {
    if (!writer.take(line)) return 1;
    std::cout << "ok" << std::endl;
  }
  return 0;
}
