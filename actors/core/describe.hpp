#pragma once

/// One description of a value's fields, used by everything that walks them:
/// codec, JSON, digest, differences, test generators.
///
/// A described struct lists its members once, in the order they are stored:
///
///     struct PoolReopened {
///       static constexpr std::string_view name = "pool-reopened";
///       Offering offering;
///       UNDERSTUDY_FIELDS(PoolReopened, offering)
///     };
///
/// The order of fields is the order of slots in the schema: append only,
/// never reorder, never remove. A described enum lists its names in
/// `names_of(E)`; its values count from 0 without gaps.

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace understudy {

template <class Owner, class T>
struct Field {
  std::string_view name;
  T Owner::*member;
};

template <class Owner, class T>
constexpr Field<Owner, T> make_field(std::string_view name, T Owner::*member) {
  return {name, member};
}

template <class T>
concept Described = requires {
  T::fields();
};

/// Calls `visit(name, member)` for each field of `value`, in order.
template <Described T, class Visitor>
constexpr void for_each_field(T& value, Visitor&& visit) {
  std::apply(
      [&](const auto&... field) {
        (visit(field.name, value.*(field.member)), ...);
      },
      std::remove_const_t<T>::fields());
}

template <class T>
constexpr std::size_t field_count = std::tuple_size_v<decltype(T::fields())>;

template <class E>
concept DescribedEnum = std::is_enum_v<E> && requires(E e) {
  names_of(e);
};

template <DescribedEnum E>
constexpr std::string_view name_of(E value) {
  constexpr auto names = names_of(E{});
  const auto index = static_cast<std::size_t>(value);
  return index < names.size() ? names[index] : std::string_view("invalid");
}

template <DescribedEnum E>
constexpr std::optional<E> parse_enum(std::string_view text) {
  constexpr auto names = names_of(E{});
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_vector<std::deque<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class K, class V>
struct is_map<std::map<K, V>> : std::true_type {};
template <class T>
struct is_set : std::false_type {};
template <class T>
struct is_set<std::set<T>> : std::true_type {};
template <class T>
struct is_variant : std::false_type {};
template <class... T>
struct is_variant<std::variant<T...>> : std::true_type {};

/// `OperationId` and its kin: a struct around one integer called `value`.
template <class T>
concept StrongId = std::is_class_v<T> && !Described<T> && requires(T id) {
  requires std::integral<decltype(id.value)>;
};

}  // namespace understudy

#define UNDERSTUDY_PARENS ()
#define UNDERSTUDY_EXPAND(...) \
  UNDERSTUDY_EXPAND3(UNDERSTUDY_EXPAND3(UNDERSTUDY_EXPAND3(__VA_ARGS__)))
#define UNDERSTUDY_EXPAND3(...) \
  UNDERSTUDY_EXPAND2(UNDERSTUDY_EXPAND2(UNDERSTUDY_EXPAND2(__VA_ARGS__)))
#define UNDERSTUDY_EXPAND2(...) \
  UNDERSTUDY_EXPAND1(UNDERSTUDY_EXPAND1(UNDERSTUDY_EXPAND1(__VA_ARGS__)))
#define UNDERSTUDY_EXPAND1(...) __VA_ARGS__
#define UNDERSTUDY_EACH(type, first, ...)        \
  ::understudy::make_field(#first, &type::first) \
      __VA_OPT__(, UNDERSTUDY_EACH_AGAIN UNDERSTUDY_PARENS(type, __VA_ARGS__))
#define UNDERSTUDY_EACH_AGAIN() UNDERSTUDY_EACH

/// Inside a struct: lists its fields in stored order and compares by value.
#define UNDERSTUDY_FIELDS(type, ...)                                        \
  static constexpr auto fields() {                                          \
    return std::tuple{                                                      \
        __VA_OPT__(UNDERSTUDY_EXPAND(UNDERSTUDY_EACH(type, __VA_ARGS__)))}; \
  }                                                                         \
  friend bool operator==(const type&, const type&) = default;
