#pragma once

/// One record for every event and every input from outside, with every field
/// set to something else than zero: what the golden files hold.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/runtime/record.hpp"
#include "services/codec/tags.hpp"

namespace understudy::testing {

/// Gives each field a value of its own. The values of a type depend on the
/// order of its fields alone.
class Sampler {
 public:
  template <class T>
  void fill(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = true;
    } else if constexpr (std::is_enum_v<T>) {
      // The last one: its removal must be noticed.
      value = static_cast<T>(names_of(T{}).size() - 1);
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<T>(next());
    } else if constexpr (std::is_same_v<T, Instant>) {
      value = {1'759'536'600'000'000 +
               static_cast<std::int64_t>(next()) * 1'000};
    } else if constexpr (StrongId<T>) {
      value.value = static_cast<decltype(value.value)>(next());
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = "text " + std::to_string(next());
    } else if constexpr (is_vector<T>::value) {
      value.resize(2);
      for (auto& element : value)
        fill(element);
    } else {
      for_each_field(value, [&](std::string_view, auto& f) { fill(f); });
    }
  }

 private:
  std::uint64_t next() { return ++last_; }

  std::uint64_t last_ = 0;
};

struct Golden {
  std::string name;
  Record record;
};

inline Record sample_envelope() {
  Record record;
  record.stream = StreamId::pool("chat", "primary", "p5.48xlarge");
  record.sequence = 0x0102030405060708;
  record.version = 1000;
  record.epoch = 7;
  record.time = {1'759'536'600'123'000};
  record.decider_version = 3;
  record.part = 1;
  record.parts = 2;
  record.delivered = 99;
  record.cause.sequence = 98;
  record.event = endpoint::EndpointDeleted{};
  return record;
}

/// All of them, events first, each named as it is stored.
inline std::vector<Golden> golden_samples() {
  std::vector<Golden> samples;
  const auto add_event = [&]<class Event>(Event event) {
    Sampler().fill(event);
    Golden golden{"event." + std::string(Event::name), sample_envelope()};
    golden.record.event = std::move(event);
    samples.push_back(std::move(golden));
  };
  const auto add_input = [&]<class Input>(Input input) {
    Sampler().fill(input);
    Golden golden{"input." + std::string(Input::name), sample_envelope()};
    golden.record.part = 0;
    golden.record.cause = {0, std::move(input)};
    samples.push_back(std::move(golden));
  };
  using Events = codec::TagsOf<AnyEvent>::List;
  using Inputs = codec::TagsOf<OutsideInput>::List;
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (add_event(Events::At<i>{}), ...);
  }
  (std::make_index_sequence<Events::size>{});
  [&]<std::size_t... i>(std::index_sequence<i...>) {
    (add_input(Inputs::At<i>{}), ...);
  }
  (std::make_index_sequence<Inputs::size>{});
  return samples;
}

}  // namespace understudy::testing
