#include "actors/runtime/snapshot_set.hpp"

#include <cstring>

#include "actors/core/hash.hpp"

namespace understudy {
namespace {

/// Grows when what follows means something else.
constexpr std::uint64_t layout = 1;

class Writer {
 public:
  void number(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte)
      bytes_.push_back(static_cast<std::byte>(value >> (8 * byte)));
  }
  void text(std::string_view value) {
    number(value.size());
    const auto bytes = std::as_bytes(std::span(value));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    const Bytes from = take(8);
    for (std::size_t byte = 0; byte < from.size(); ++byte)
      value |= std::to_integer<std::uint64_t>(from[byte]) << (8 * byte);
    return value;
  }
  std::string_view text() {
    const Bytes from = take(number());
    return {reinterpret_cast<const char*>(from.data()), from.size()};
  }
  [[nodiscard]] bool whole() const { return !short_ && bytes_.empty(); }
  [[nodiscard]] bool more() const { return !short_ && !bytes_.empty(); }

 private:
  Bytes take(std::uint64_t count) {
    short_ = short_ || count > bytes_.size();
    if (short_) return {};
    const Bytes taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

  Bytes bytes_;
  bool short_ = false;
};

std::uint64_t checksum(Bytes bytes) {
  return mix(hash_text(
      {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, layout));
}

}  // namespace

std::string SnapshotSet::name_of(std::string_view stream) const {
  return std::string{prefix, '/'}.append(stream);
}

std::optional<std::string_view> SnapshotSet::stream_of(
    std::string_view name) const {
  if (name.size() < 3 || name[0] != prefix || name[1] != '/')
    return std::nullopt;
  return name.substr(2);
}

Snapshot SnapshotSet::encode() const {
  Writer content;
  content.number(layout);
  content.number(static_cast<unsigned char>(prefix));
  content.number(sequence);
  content.number(epoch);
  content.number(static_cast<std::uint64_t>(time.us));
  content.number(streams);
  for (const auto& [told, to] : undelivered) {
    content.number(told);
    content.text(to.text);
  }
  auto bytes = content.take();
  Writer end;
  end.number(checksum(bytes));
  const auto sum = end.take();
  bytes.insert(bytes.end(), sum.begin(), sum.end());
  return {std::string(name_of_place), sequence, std::move(bytes)};
}

std::optional<SnapshotSet> SnapshotSet::decode(Bytes bytes) {
  if (bytes.size() < 8) return std::nullopt;
  const Bytes content = bytes.first(bytes.size() - 8);
  if (Reader(bytes.last(8)).number() != checksum(content)) return std::nullopt;
  Reader reader(content);
  if (reader.number() != layout) return std::nullopt;
  SnapshotSet set;
  const auto prefix = reader.number();
  if (prefix != 'a' && prefix != 'b') return std::nullopt;
  set.prefix = static_cast<char>(prefix);
  set.sequence = reader.number();
  set.epoch = static_cast<std::uint32_t>(reader.number());
  set.time.us = static_cast<std::int64_t>(reader.number());
  set.streams = reader.number();
  while (reader.more()) {
    const auto told = reader.number();
    auto to = StreamId::parse(reader.text());
    if (!to) return std::nullopt;
    set.undelivered.emplace_back(told, std::move(*to));
  }
  if (!reader.whole()) return std::nullopt;
  return set;
}

}  // namespace understudy
