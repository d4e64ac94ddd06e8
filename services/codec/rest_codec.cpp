#include "services/codec/rest_codec.hpp"

#include "services/codec/snapshot.hpp"

namespace understudy {
namespace {

ActorKind kind_of(const AnyState& state) {
  constexpr std::array kinds = {ActorKind::endpoint, ActorKind::pool,
                                ActorKind::instance, ActorKind::autoscaler};
  return kinds[state.index()];
}

class SnapshotRestCodec final : public RestCodec {
 public:
  void encode(const Rest& rest, std::uint64_t sequence,
              std::vector<std::byte>& out) const override {
    const SnapshotPlace place{sequence, rest.version, rest.delivered};
    std::visit(
        [&](const auto& state) {
          encode_snapshot(*state, decider_version(kind_of(rest.state)), place,
                          out);
        },
        rest.state);
  }

  Result<void> decode(Bytes bytes, Rest& rest) const override {
    const auto version = decider_version(kind_of(rest.state));
    auto place = std::visit(
        [&](auto& state) { return decode_snapshot(bytes, version, *state); },
        rest.state);
    if (!place) return place.error();
    rest.version = place.value().version;
    rest.delivered = place.value().delivered;
    return {};
  }
};

}  // namespace

std::unique_ptr<RestCodec> make_rest_codec() {
  return std::make_unique<SnapshotRestCodec>();
}

}  // namespace understudy
