#pragma once

/// Writes any described value as a FlatBuffers table, by the layout of
/// layout.hpp. Equal values give equal bytes.
///
/// FlatBuffers are built from the leaves up: what a table refers to is
/// written before the table itself.

#include <array>
#include <tuple>
#include <vector>

#include <flatbuffers/flatbuffers.h>

#include "services/codec/layout.hpp"
#include "services/codec/tags.hpp"

namespace understudy::codec {

using Builder = flatbuffers::FlatBufferBuilder;
using flatbuffers::uoffset_t;

/// Whether a table that holds nothing is written all the same: in a list or
/// a union its place says something.
enum class IfEmpty : std::uint8_t { omit, write };

template <Described T>
uoffset_t write_table(Builder& builder, const T& value, IfEmpty if_empty);

template <class... Fields>
uoffset_t write_fields(Builder& builder, IfEmpty if_empty,
                       const Fields&... fields);

template <class T>
uoffset_t write_child(Builder& builder, const T& value);

/// The offset of one element of a list; 0 has no meaning here.
template <class T>
uoffset_t write_element(Builder& builder, const T& value) {
  if constexpr (StoredText<T>) {
    return builder.CreateString(text_of(value)).o;
  } else if constexpr (Described<T>) {
    return write_table(builder, value, IfEmpty::write);
  } else {
    return write_fields(builder, IfEmpty::write, value.first, value.second);
  }
}

template <StoredList T>
uoffset_t write_list(Builder& builder, const T& list) {
  using Element = typename T::value_type;
  if (list.empty()) return 0;
  if constexpr (StoredScalar<Element>) {
    using Stored = Wire<Element>;
    builder.StartVector(list.size(), sizeof(Stored));
    for (auto it = list.rbegin(); it != list.rend(); ++it)
      builder.PushElement(to_wire(static_cast<Element>(*it)));
    return builder.EndVector(list.size());
  } else {
    std::vector<flatbuffers::Offset<void>> offsets;
    offsets.reserve(list.size());
    for (const auto& element : list)
      offsets.emplace_back(write_element(builder, element));
    return builder.CreateVector(offsets).o;
  }
}

template <class T>
uoffset_t write_child(Builder& builder, const T& value) {
  if constexpr (stored_inline<T>) {
    return 0;
  } else if constexpr (StoredText<T>) {
    return text_of(value).empty() ? 0 : builder.CreateString(text_of(value)).o;
  } else if constexpr (StoredOptional<T>) {
    return value ? write_element(builder, *value) : 0;
  } else if constexpr (StoredList<T>) {
    return write_list(builder, value);
  } else if constexpr (StoredUnion<T>) {
    return std::visit(
        [&](const auto& held) {
          return write_table(builder, held, IfEmpty::write);
        },
        value);
  } else {
    return write_table(builder, value, IfEmpty::omit);
  }
}

template <class T>
std::uint8_t tag_in(const T& variant) {
  return std::visit(
      [](const auto& held) { return tag_of<T, std::decay_t<decltype(held)>>; },
      variant);
}

template <class T>
bool says_something(const T& value, uoffset_t child) {
  if constexpr (StoredScalar<T>) {
    return to_wire(value) != 0;
  } else if constexpr (stored_inline<T>) {
    return value.has_value();
  } else {
    return child != 0;
  }
}

/// Adds the field when its slot is `width` bytes wide.
template <std::size_t width, class T>
void add_field(Builder& builder, std::uint16_t slot, const T& value,
               uoffset_t child) {
  if constexpr (StoredScalar<T>) {
    using Stored = Wire<T>;
    if constexpr (sizeof(Stored) == width)
      builder.AddElement<Stored>(slot, to_wire(value), Stored{0});
  } else if constexpr (stored_inline<T>) {
    using Stored = Wire<typename T::value_type>;
    if constexpr (sizeof(Stored) == width) {
      if (value) builder.AddElement<Stored>(slot, to_wire(*value));
    }
  } else if constexpr (StoredUnion<T>) {
    const auto value_slot = static_cast<std::uint16_t>(slot + 2);
    if constexpr (width == sizeof(uoffset_t))
      builder.AddOffset(value_slot, flatbuffers::Offset<void>(child));
    if constexpr (width == 1)
      builder.AddElement<std::uint8_t>(slot, tag_in(value), 0);
  } else if constexpr (width == sizeof(uoffset_t)) {
    builder.AddOffset(slot, flatbuffers::Offset<void>(child));
  }
}

template <std::size_t width, class... Fields, std::size_t... i>
void add_fields(Builder& builder,
                const std::array<uoffset_t, sizeof...(Fields)>& children,
                std::index_sequence<i...>, const Fields&... fields) {
  [[maybe_unused]] constexpr auto places = slots<Fields...>();
  (add_field<width>(builder, places[i], fields, children[i]), ...);
}

template <class... Fields>
uoffset_t write_fields(Builder& builder, IfEmpty if_empty,
                       const Fields&... fields) {
  constexpr std::index_sequence_for<Fields...> all;
  const std::array<uoffset_t, sizeof...(Fields)> children = {
      write_child(builder, fields)...};
  if (if_empty == IfEmpty::omit) {
    [[maybe_unused]] std::size_t i = 0;
    if (!(says_something(fields, children[i++]) || ...)) return 0;
  }
  const uoffset_t start = builder.StartTable();
  // Wide ones first: no padding between them.
  add_fields<8>(builder, children, all, fields...);
  add_fields<4>(builder, children, all, fields...);
  add_fields<2>(builder, children, all, fields...);
  add_fields<1>(builder, children, all, fields...);
  return builder.EndTable(start);
}

template <Described T>
uoffset_t write_table(Builder& builder, const T& value, IfEmpty if_empty) {
  return std::apply(
      [&](const auto&... field) {
        return write_fields(builder, if_empty, value.*(field.member)...);
      },
      T::fields());
}

}  // namespace understudy::codec
