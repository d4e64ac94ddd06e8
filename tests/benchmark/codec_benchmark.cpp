/// What the codec costs, beside what FlatBuffers alone costs on the same
/// bytes. The last lines are ratios of one run:
///   codec_benchmark

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <flatbuffers/flatbuffers.h>

#include "record_generated.h"
#include "services/codec/frame.hpp"
#include "services/codec/record_codec.hpp"

namespace understudy {
namespace {

/// Events in about the shares in which a fleet's log holds them.
AnyEvent event_of(std::size_t i) {
  const Offering offering{"p5.48xlarge", "us-central1-a", Market::spot};
  const OperationId operation{i};
  const RequestId request{static_cast<std::uint32_t>(i)};
  switch (i % 8) {
    case 0:
      return endpoint::InstanceRequested{operation, request, "primary",
                                         "h100-us-west1", 3};
    case 1:
      return pool::LaunchAttempted{operation, request, 1, offering, 3};
    case 2:
      return pool::InstanceLaunched{
          operation,
          request,
          1,
          offering,
          {{InstanceId::make(request, 1, 0), "sim-i-12", "10.0.0.1:80"}},
          "s3://models/m",
          64,
          98'320'000,
          {}};
    case 3:
      return pool::LaunchRefused{operation,
                                 request,
                                 1,
                                 offering,
                                 2,
                                 RefusalKind::capacity,
                                 "ZONE_EXHAUSTED",
                                 "no capacity in us-central1-a"};
    case 4:
      return instance::InstanceReady{2, 61'000};
    case 5:
      return endpoint::InstanceJoined{InstanceId::make(request, 1, 0),
                                      "primary", "h100-us-west1"};
    case 6:
      return autoscaler::LoadObserved{{1}, {2}, 20,  20, 20, 1280,
                                      900, 0,   703, 1,  0};
    default:
      return instance::InstanceTerminated{3'600'000};
  }
}

std::vector<Record> sample_records() {
  std::vector<Record> records(4096);
  for (std::size_t i = 0; i < records.size(); ++i) {
    Record& record = records[i];
    record.stream = StreamId::pool("chat-large", "primary", "h100-us-west1");
    record.sequence = i + 1;
    record.version = i / 8 + 1;
    record.epoch = 1;
    record.time = {1'759'536'600'000'000 + static_cast<std::int64_t>(i)};
    record.decider_version = 1;
    record.cause.sequence = i % 4 == 0 ? 0 : i;
    if (record.cause.sequence == 0)
      record.cause.input = instance::ProbeReport{true, false, 2, {}};
    record.event = event_of(i);
  }
  return records;
}

struct Encoded {
  std::vector<std::byte> bytes;
  std::vector<Bytes> records;
};

const Encoded& encoded() {
  static const Encoded all = [] {
    Encoded result;
    const auto codec = make_record_codec();
    std::vector<std::size_t> ends;
    for (const auto& record : sample_records()) {
      codec->encode(record, result.bytes);
      ends.push_back(result.bytes.size());
    }
    std::size_t start = 0;
    for (const auto end : ends) {
      result.records.push_back(Bytes(result.bytes).subspan(start, end - start));
      start = end;
    }
    return result;
  }();
  return all;
}

void count(benchmark::State& state) {
  const auto& all = encoded();
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(all.records.size()));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(all.bytes.size()));
}

void encode(benchmark::State& state) {
  const auto codec = make_record_codec();
  const auto records = sample_records();
  std::vector<std::byte> out;
  for (auto _ : state) {
    out.clear();
    for (const auto& record : records)
      codec->encode(record, out);
    benchmark::DoNotOptimize(out.data());
  }
  count(state);
}

void checksum(benchmark::State& state) {
  for (auto _ : state) {
    for (const auto bytes : encoded().records) {
      auto content = codec::open_frame(bytes);
      benchmark::DoNotOptimize(content);
    }
  }
  count(state);
}

void verify(benchmark::State& state) {
  for (auto _ : state) {
    for (const auto bytes : encoded().records) {
      const auto content = bytes.subspan(codec::frame_header_size);
      flatbuffers::Verifier verifier(
          reinterpret_cast<const std::uint8_t*>(content.data()),
          content.size());
      benchmark::DoNotOptimize(fb::VerifyRecordBuffer(verifier));
    }
  }
  count(state);
}

void checksum_verify_decode(benchmark::State& state) {
  const auto codec = make_record_codec();
  Record record;
  for (auto _ : state) {
    for (const auto bytes : encoded().records) {
      auto done = codec->decode_into(bytes, record);
      benchmark::DoNotOptimize(done);
    }
  }
  count(state);
}

void decode_into_new_records(benchmark::State& state) {
  const auto codec = make_record_codec();
  for (auto _ : state) {
    for (const auto bytes : encoded().records) {
      auto record = codec->decode(bytes);
      benchmark::DoNotOptimize(record);
    }
  }
  count(state);
}

BENCHMARK(encode);
BENCHMARK(checksum);
BENCHMARK(verify);
BENCHMARK(checksum_verify_decode);
BENCHMARK(decode_into_new_records);

/// Remembers the rates, so that ratios can be printed.
class Ratios : public benchmark::ConsoleReporter {
 public:
  Ratios() : ConsoleReporter(OO_None) {}

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const auto& run : runs)
      rates_[run.benchmark_name()] = run.counters.at("items_per_second");
  }

  void print() const {
    const auto raw = rates_.find("verify");
    if (raw == rates_.end()) return;
    for (const auto& [name, rate] : rates_) {
      std::printf("%-24s %6.2f M records/s, %5.2f of FlatBuffers' verify\n",
                  name.c_str(), rate / 1e6, rate / raw->second);
    }
  }

 private:
  std::map<std::string, double> rates_;
};

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  understudy::Ratios ratios;
  benchmark::RunSpecifiedBenchmarks(&ratios);
  ratios.print();
  benchmark::Shutdown();
  return 0;
}
