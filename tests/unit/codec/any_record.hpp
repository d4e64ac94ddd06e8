#pragma once

/// Arbitrary records as the log may hold them: exactly one cause.

#include "actors/runtime/record.hpp"
#include "tests/support/generate.hpp"

namespace understudy::testing {

inline rc::Gen<Record> any_record() {
  return rc::gen::exec([] {
    Record record;
    record.stream = *any<StreamId>();
    record.sequence = *any<std::uint64_t>();
    record.version = *any<std::uint64_t>();
    record.epoch = *any<std::uint32_t>();
    record.time = *any<Instant>();
    record.decider_version = *any<std::uint16_t>();
    record.parts = *rc::gen::inRange<std::uint16_t>(1, 0xffff);
    record.part = *rc::gen::inRange<std::uint16_t>(0, 2);
    if (record.part >= record.parts) record.part = 0;
    if (*any<bool>()) record.cause.sequence = *any<std::uint64_t>();
    if (record.part == 0 && record.cause.sequence == 0)
      record.cause.input = *any<OutsideInput>();
    record.event = *any<AnyEvent>();
    return record;
  });
}

}  // namespace understudy::testing
