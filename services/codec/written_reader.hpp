#pragma once

/// Reads described values from tables of schemas/command.fbs, which differ
/// from stored ones: what is absent keeps the struct's own default, and
/// enums are texts. The tables must have passed the verifier.

#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include <flatbuffers/flatbuffers.h>

#include "actors/core/result.hpp"
#include "services/codec/layout.hpp"
#include "services/codec/written_enum.hpp"

namespace understudy::codec {

class WrittenReader {
 public:
  template <Described T>
  void read(const flatbuffers::Table& table, const std::string& path, T& out) {
    constexpr auto all = T::fields();
    read_fields(table, path, out, all,
                std::make_index_sequence<field_count<T>>{});
  }

  /// The first thing that was wrong.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  template <class T, class Fields, std::size_t... i>
  void read_fields(const flatbuffers::Table& table, const std::string& path,
                   T& out, const Fields& fields, std::index_sequence<i...>) {
    [[maybe_unused]] const std::string prefix = path.empty() ? "" : path + ".";
    (read_present(table, static_cast<std::uint16_t>(4 + 2 * i),
                  prefix + std::string(std::get<i>(fields).name),
                  out.*(std::get<i>(fields).member)),
     ...);
  }

  template <class T>
  void read_present(const flatbuffers::Table& table, std::uint16_t slot,
                    const std::string& path, T& out) {
    if (table.CheckField(slot) && !error_) read_field(table, slot, path, out);
  }

  template <class T>
  void read_field(const flatbuffers::Table& table, std::uint16_t slot,
                  const std::string& path, T& out) {
    if constexpr (is_optional<T>::value) {
      read_field(table, slot, path, out.emplace());
    } else if constexpr (std::is_enum_v<T>) {
      error_ = read_enum(text_in(table, slot), path, out);
    } else if constexpr (StoredScalar<T>) {
      out = from_wire<T>(table.GetField<Wire<T>>(slot, 0));
    } else if constexpr (StoredText<T>) {
      text_of(out) = text_in(table, slot);
    } else if constexpr (is_vector<T>::value) {
      read_list(table, slot, path, out);
    } else {
      read(*table.GetPointer<const flatbuffers::Table*>(slot), path, out);
    }
  }

  template <class T>
  void read_list(const flatbuffers::Table& table, std::uint16_t slot,
                 const std::string& path, std::vector<T>& out) {
    using Stored = std::conditional_t<StoredText<T>, flatbuffers::String,
                                      flatbuffers::Table>;
    const auto& list = *table.GetPointer<
        const flatbuffers::Vector<flatbuffers::Offset<Stored>>*>(slot);
    out.resize(list.size());
    for (flatbuffers::uoffset_t i = 0; i < list.size(); ++i) {
      if constexpr (StoredText<T>) {
        out[i] = list.Get(i)->str();
      } else {
        read(*list.Get(i), path + '[' + std::to_string(i) + ']', out[i]);
      }
    }
  }

  static std::string text_in(const flatbuffers::Table& table,
                             std::uint16_t slot) {
    return table.GetPointer<const flatbuffers::String*>(slot)->str();
  }

  std::optional<Error> error_;
};

}  // namespace understudy::codec
