#pragma once

/// Reads any described value back from a FlatBuffers table, by the layout of
/// layout.hpp. The table must have passed the generated verifier, which sees
/// to it that every offset stays inside the buffer; what the verifier lets
/// through (unknown tags and enum values, a tag without its value, parts
/// that overlap) is refused here.

#include <string>
#include <tuple>
#include <utility>

#include <flatbuffers/flatbuffers.h>

#include "actors/core/result.hpp"
#include "services/codec/layout.hpp"
#include "services/codec/tags.hpp"

namespace understudy::codec {

using flatbuffers::Table;

/// Makes `value` what an absent field stands for, keeping its memory.
template <class T>
void clear_stored(T& value) {
  if constexpr (StoredScalar<T>) {
    value = from_wire<T>(Wire<T>{0});
  } else if constexpr (StoredText<T>) {
    text_of(value).clear();
  } else if constexpr (StoredOptional<T>) {
    value.reset();
  } else if constexpr (StoredList<T>) {
    value.clear();
  } else if constexpr (StoredUnion<T>) {
    clear_stored(value.template emplace<0>());
  } else {
    for_each_field(value, [](auto, auto& member) { clear_stored(member); });
  }
}

/// One reader for one buffer. Reads into values that are used again: memory
/// that they hold is kept where it can be.
class TableReader {
 public:
  /// `bytes`: the size of the buffer. Writers never refer to the same bytes
  /// twice, so whoever reads more than that reads something forged.
  explicit TableReader(std::size_t bytes) : left_(bytes) {}

  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] Error take_error() { return std::move(error_); }
  void fail(ErrorCode code, std::string message);

  template <Described T>
  void read(const Table& table, T& out) {
    std::apply(
        [&](const auto&... field) {
          read_fields(table, std::index_sequence_for<decltype(field)...>{},
                      named(field.name, out.*(field.member))...);
        },
        T::fields());
  }

  /// Reads alternative `tag` of a variant. `tag` 0 and no value: absent.
  template <StoredUnion T>
  void read_union(std::string_view name, std::uint8_t tag, const Table* value,
                  T& out) {
    using List = typename TagsOf<T>::List;
    constexpr auto readers =
        union_readers<T>(std::make_index_sequence<List::size>{});
    if (tag == 0 && value == nullptr) {
      clear_stored(out);
    } else if (tag > List::size) {
      refuse_unknown(name, "tag", tag);
    } else if (tag == 0 || value == nullptr) {
      refuse_half_union(name, tag);
    } else {
      readers[tag - 1U](*this, *value, out);
    }
  }

 private:
  /// What stands for one element in a FlatBuffers vector.
  template <class Element>
  struct InVectorOf {
    using Type = flatbuffers::Offset<Table>;
  };
  template <StoredScalar Element>
  struct InVectorOf<Element> {
    using Type = Wire<Element>;
  };
  template <StoredText Element>
  struct InVectorOf<Element> {
    using Type = flatbuffers::Offset<flatbuffers::String>;
  };
  template <class Element>
  using InVector = typename InVectorOf<Element>::Type;

  template <StoredUnion T>
  using UnionReader = void (*)(TableReader&, const Table&, T&);

  template <StoredUnion T, std::size_t... i>
  static constexpr auto union_readers(std::index_sequence<i...>) {
    return std::array<UnionReader<T>, sizeof...(i)>{
        &read_alternative<T, typename TagsOf<T>::List::template At<i>>...};
  }

  template <StoredUnion T, class Alternative>
  static void read_alternative(TableReader& reader, const Table& value,
                               T& out) {
    if (auto* held = std::get_if<Alternative>(&out)) {
      reader.read(value, *held);
    } else {
      reader.read(value, out.template emplace<Alternative>());
    }
  }

  void refuse_unknown(std::string_view name, std::string_view what,
                      std::uint32_t found);
  void refuse_half_union(std::string_view name, std::uint8_t tag);
  void refuse_disorder(std::string_view name);
  void refuse_overlap();

  bool spend(std::size_t bytes) {
    if (bytes > left_) {
      refuse_overlap();
      return false;
    }
    left_ -= bytes;
    return true;
  }

  template <StoredScalar T>
  T checked(std::string_view name, Wire<T> stored) {
    if constexpr (std::is_enum_v<T>) {
      if (stored >= names_of(T{}).size()) {
        refuse_unknown(name, "value", stored);
        return T{};
      }
    }
    return from_wire<T>(stored);
  }

  template <class T>
  struct Named {
    std::string_view name;
    T& value;
  };

  template <class T>
  static Named<T> named(std::string_view name, T& value) {
    return {name, value};
  }

  template <class... T, std::size_t... i>
  void read_fields(const Table& table, std::index_sequence<i...>,
                   Named<T>... fields) {
    [[maybe_unused]] constexpr auto places = slots<T...>();
    if (!spend(sizeof(flatbuffers::soffset_t))) return;
    (read_field(table, places[i], fields.name, fields.value), ...);
  }

  template <StoredScalar T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view name,
                  T& out) {
    out = checked<T>(name, table.GetField<Wire<T>>(slot, 0));
  }

  template <StoredOptional T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view name,
                  T& out) {
    using Held = typename T::value_type;
    if (!table.CheckField(slot)) {
      out.reset();
    } else {
      if (!out) out.emplace();
      if constexpr (StoredText<Held>) {
        read_text(*table.GetPointer<const flatbuffers::String*>(slot),
                  text_of(*out));
      } else {
        read_field(table, slot, name, *out);
      }
    }
  }

  template <StoredUnion T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view name,
                  T& out) {
    read_union(
        name, table.GetField<std::uint8_t>(slot, 0),
        table.GetPointer<const Table*>(static_cast<std::uint16_t>(slot + 2)),
        out);
  }

  template <StoredText T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view,
                  T& out) {
    const auto* text = table.GetPointer<const flatbuffers::String*>(slot);
    if (text == nullptr) {
      text_of(out).clear();
    } else {
      read_text(*text, text_of(out));
    }
  }

  template <Described T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view,
                  T& out) {
    const auto* child = table.GetPointer<const Table*>(slot);
    if (child == nullptr) {
      clear_stored(out);
    } else {
      read(*child, out);
    }
  }

  template <StoredList T>
  void read_field(const Table& table, std::uint16_t slot, std::string_view name,
                  T& out) {
    using Stored = flatbuffers::Vector<InVector<typename T::value_type>>;
    const auto* stored = table.GetPointer<const Stored*>(slot);
    if constexpr (!is_vector<T>::value) out.clear();
    const flatbuffers::uoffset_t size = stored == nullptr ? 0 : stored->size();
    if (!spend(size * sizeof(InVector<typename T::value_type>))) return;
    if constexpr (is_vector<T>::value) out.resize(size);
    for (flatbuffers::uoffset_t i = 0; i < size && !failed_; ++i)
      read_element(name, stored->Get(i), i, out);
    if (out.size() != size && !failed_) refuse_disorder(name);
  }

  template <class Stored, StoredList T>
  void read_element(std::string_view name, Stored stored, std::size_t i,
                    T& out) {
    using Element = typename T::value_type;
    if constexpr (StoredMap<T>) {
      typename T::key_type key{};
      typename T::mapped_type value{};
      read_fields(*stored, std::make_index_sequence<2>{}, named(name, key),
                  named(name, value));
      out.emplace_hint(out.end(), std::move(key), std::move(value));
    } else if constexpr (is_set<T>::value) {
      Element element{};
      read_value(name, stored, element);
      out.emplace_hint(out.end(), std::move(element));
    } else if constexpr (StoredScalar<Element>) {
      out[i] = checked<Element>(name, stored);
    } else {
      read_value(name, stored, out[i]);
    }
  }

  template <class Stored, class T>
  void read_value(std::string_view name, Stored stored, T& out) {
    if constexpr (StoredScalar<T>) {
      out = checked<T>(name, stored);
    } else if constexpr (StoredText<T>) {
      read_text(*stored, text_of(out));
    } else {
      read(*stored, out);
    }
  }

  void read_text(const flatbuffers::String& text, std::string& out) {
    if (!spend(text.size() + sizeof(std::uint32_t))) return;
    out.assign(text.c_str(), text.size());
  }

  std::size_t left_;
  bool failed_ = false;
  Error error_;
};

}  // namespace understudy::codec
