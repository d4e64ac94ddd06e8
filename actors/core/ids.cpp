#include "actors/core/ids.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "actors/core/check.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_name = 63;
constexpr std::array<std::string_view, 4> kinds = {"endpoint", "pool",
                                                   "instance", "autoscaler"};
constexpr std::array<int, 4> parts_per_kind = {1, 3, 2, 2};

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9');
}

bool valid(std::string_view name, std::string_view inner) {
  if (name.empty() || name.size() > longest_name) return false;
  if (!alphanumeric(name.front()) || !alphanumeric(name.back())) return false;
  return std::all_of(name.begin(), name.end(), [inner](char c) {
    return alphanumeric(c) || inner.find(c) != std::string_view::npos;
  });
}

std::string joined(ActorKind kind, std::string_view a, std::string_view b = {},
                   std::string_view c = {}) {
  std::string text(kinds[static_cast<std::size_t>(kind)]);
  for (std::string_view part : {a, b, c}) {
    if (part.empty()) break;
    text += '/';
    text += part;
  }
  return text;
}

bool parse_number(std::string_view& text, std::uint64_t limit,
                  std::uint64_t& out) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || out > limit) return false;
  if (text.front() == '0' && end != text.data() + 1) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool skip_hyphen(std::string_view& text) {
  if (text.empty() || text.front() != '-') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

InstanceId InstanceId::make(RequestId request, std::uint16_t attempt,
                            std::uint16_t index) {
  return {static_cast<std::uint64_t>(request.value) << 32 |
          static_cast<std::uint64_t>(attempt) << 16 | index};
}

RequestId InstanceId::request() const {
  return {static_cast<std::uint32_t>(value >> 32)};
}

std::uint16_t InstanceId::attempt() const {
  return static_cast<std::uint16_t>(value >> 16 & 0xffff);
}

std::uint16_t InstanceId::index() const {
  return static_cast<std::uint16_t>(value & 0xffff);
}

std::string to_string(OperationId id) { return std::to_string(id.value); }

std::string to_string(RequestId id) { return std::to_string(id.value); }

std::string to_string(InstanceId id) {
  return std::to_string(id.request().value) + '-' +
         std::to_string(id.attempt()) + '-' + std::to_string(id.index());
}

std::optional<InstanceId> parse_instance_id(std::string_view text) {
  std::uint64_t request = 0;
  std::uint64_t attempt = 0;
  std::uint64_t index = 0;
  const bool ok = parse_number(text, 0xffff'ffff, request) &&
                  skip_hyphen(text) && parse_number(text, 0xffff, attempt) &&
                  skip_hyphen(text) && parse_number(text, 0xffff, index) &&
                  text.empty();
  if (!ok) return std::nullopt;
  return InstanceId::make({static_cast<std::uint32_t>(request)},
                          static_cast<std::uint16_t>(attempt),
                          static_cast<std::uint16_t>(index));
}

StreamId StreamId::endpoint(std::string_view endpoint) {
  return {joined(ActorKind::endpoint, endpoint)};
}

StreamId StreamId::pool(std::string_view endpoint, std::string_view variant,
                        std::string_view pool) {
  return {joined(ActorKind::pool, endpoint, variant, pool)};
}

StreamId StreamId::instance(std::string_view endpoint, InstanceId id) {
  return {joined(ActorKind::instance, endpoint, to_string(id))};
}

StreamId StreamId::autoscaler(std::string_view endpoint,
                              std::string_view variant) {
  return {joined(ActorKind::autoscaler, endpoint, variant)};
}

std::optional<StreamId> StreamId::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto kind =
      std::find(kinds.begin(), kinds.end(), text.substr(0, slash));
  if (slash == std::string_view::npos || kind == kinds.end()) {
    return std::nullopt;
  }
  StreamId id{std::string(text)};
  const int expected =
      parts_per_kind[static_cast<std::size_t>(kind - kinds.begin())];
  for (int n = 0; n < expected; ++n) {
    if (!valid_pool_name(id.part(n))) return std::nullopt;
  }
  if (std::count(text.begin(), text.end(), '/') != expected) {
    return std::nullopt;
  }
  return id;
}

ActorKind StreamId::kind() const {
  switch (text.empty() ? '\0' : text.front()) {
    case 'p':
      return ActorKind::pool;
    case 'i':
      return ActorKind::instance;
    case 'a':
      return ActorKind::autoscaler;
    default:
      return ActorKind::endpoint;
  }
}

std::string_view StreamId::part(int n) const {
  std::string_view rest = text;
  for (int i = 0; i <= n; ++i) {
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return {};
    rest.remove_prefix(slash + 1);
  }
  return rest.substr(0, rest.find('/'));
}

bool valid_name(std::string_view name) { return valid(name, "-"); }

bool valid_pool_name(std::string_view name) { return valid(name, "-._"); }

}  // namespace understudy
