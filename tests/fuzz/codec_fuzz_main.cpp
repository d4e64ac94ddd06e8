/// Runs codec_fuzz.cpp without a fuzzer: changes known inputs at random, the
/// same way for the same seed.
///
///     codec_fuzz [RUNS [SEED]]      default: 200000 runs, seed 1
///     codec_fuzz FILE...            each file as one input

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/hash.hpp"
#include "services/codec/snapshot.hpp"
#include "tests/unit/codec/golden_files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}

  /// A number below `limit`, which is not 0.
  std::size_t below(std::size_t limit) {
    state_ = understudy::mix(state_);
    return static_cast<std::size_t>(state_ % limit);
  }

 private:
  std::uint64_t state_;
};

Input input_of(std::uint8_t door, understudy::Bytes bytes) {
  Input input{door};
  for (const auto byte : bytes)
    input.push_back(std::to_integer<std::uint8_t>(byte));
  return input;
}

template <class State>
void add_snapshot(const State& state, std::vector<Input>& inputs) {
  std::vector<std::byte> bytes;
  understudy::encode_snapshot(state, 1, {9, 8, 7}, bytes);
  inputs.push_back(input_of(2, bytes));
}

void add_snapshots(std::vector<Input>& inputs) {
  using namespace understudy;
  endpoint::State endpoint;
  endpoint.spec.variants.resize(2);
  endpoint.variants["primary"].desired = 3;
  endpoint.pools[1].name = "p5";
  endpoint.operations[{1}].asked = {1, 2};
  endpoint.requests[{1}].released = {InstanceId{5}};
  endpoint.instances[InstanceId{5}] = {};
  add_snapshot(endpoint, inputs);
  pool::State pool;
  pool.offerings.resize(2);
  pool.requests[{1}].attempt.emplace();
  pool.giving_back["i-1"] = {5};
  add_snapshot(pool, inputs);
  add_snapshot(instance::State{}, inputs);
  autoscaler::State autoscaler;
  autoscaler.seen_to = Instant{5};
  add_snapshot(autoscaler, inputs);
}

std::vector<Input> seeds() {
  std::vector<Input> inputs;
  for (const auto& folder : understudy::testing::golden_generations()) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".bin") continue;
      const auto bytes = understudy::testing::read_bytes(entry.path());
      inputs.push_back(input_of(1, bytes));
    }
  }
  std::sort(inputs.begin(), inputs.end());
  if (!inputs.empty()) {
    inputs.push_back(inputs.front());
    inputs.back().front() = 0;
  }
  add_snapshots(inputs);
  for (const std::string_view text :
       {R"({"command":"c","endpoint":"chat","delete":{}})",
        R"({"command":"c","endpoint":"e","scale":{"variant":"v","desired":6}})",
        R"({"command":"c","endpoint":"e","create":{"spec":{"variants":[{
            "model":"m","pools":[{"instance_type":"p5","zones":["a"],
            "market":"spot","priority":2}],"scaling":{"enabled":true,
            "targets":[{"metric":"weighted-utilisation"}]}}]}}})"}) {
    Input input{3};
    input.insert(input.end(), text.begin(), text.end());
    inputs.push_back(input);
  }
  return inputs;
}

/// One change: a bit, a byte, a word of two or four, a cut, a repetition, or
/// the middle of another input.
void change(Input& input, const std::vector<Input>& all, Chance& chance) {
  static constexpr std::uint8_t telling[] = {0, 1, 0x7f, 0x80, 0xff, '"', '{'};
  if (input.size() < 2) input.resize(2);
  const std::size_t at = 1 + chance.below(input.size() - 1);
  const std::size_t left = input.size() - at;
  const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
  switch (chance.below(7)) {
    case 0:
      input[at] ^= static_cast<std::uint8_t>(1U << chance.below(8));
      break;
    case 1:
      input[at] = telling[chance.below(std::size(telling))];
      break;
    case 2:
      input[at] = static_cast<std::uint8_t>(chance.below(256));
      break;
    case 3:
      for (std::size_t i = 0; i < std::min<std::size_t>(left, 4); ++i)
        input[at + i] = telling[chance.below(3)];
      break;
    case 4:
      input.resize(at + chance.below(left));
      break;
    case 5:
      input.insert(place, 1 + chance.below(16), input[at]);
      break;
    default: {
      const Input& other = all[chance.below(all.size())];
      const std::size_t from = chance.below(other.size());
      const std::size_t count =
          std::min({left, other.size() - from, 1 + chance.below(32)});
      std::copy_n(other.begin() + static_cast<std::ptrdiff_t>(from), count,
                  place);
    }
  }
}

int run(std::uint64_t runs, std::uint64_t seed) {
  const auto all = seeds();
  Chance chance(seed);
  for (const auto& input : all)
    LLVMFuzzerTestOneInput(input.data(), input.size());
  for (std::uint64_t i = 0; i < runs; ++i) {
    Input input = all[chance.below(all.size())];
    for (std::size_t n = 1 + chance.below(3); n > 0; --n)
      change(input, all, chance);
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  std::printf("codec_fuzz: %llu runs from %zu inputs, seed %llu\n",
              static_cast<unsigned long long>(runs), all.size(),
              static_cast<unsigned long long>(seed));
  return all.size() > 10 ? 0 : 1;
}

bool to_number(std::string_view text, std::uint64_t& out) {
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, out);
  return result.ec == std::errc{} && result.ptr == end;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t runs = 200'000;
  std::uint64_t seed = 1;
  if (argc == 1 || (argc <= 3 && to_number(argv[1], runs) &&
                    (argc == 2 || to_number(argv[2], seed))))
    return run(runs, seed);
  for (int i = 1; i < argc; ++i) {
    const auto bytes = understudy::testing::read_bytes(argv[i]);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                           bytes.size());
  }
  return 0;
}
