#pragma once

/// Finding things in a reflected schema. Not with FlatBuffers' LookupByKey:
/// instrumented, GCC takes its strcmp for an overrun.

#include <string_view>

#include <flatbuffers/reflection.h>

namespace understudy::testing {

/// The element of that name, or null.
template <class T>
const T* named(const flatbuffers::Vector<flatbuffers::Offset<T>>& list,
               std::string_view name) {
  for (const T* element : list) {
    if (element->name()->string_view() == name) return element;
  }
  return nullptr;
}

}  // namespace understudy::testing
