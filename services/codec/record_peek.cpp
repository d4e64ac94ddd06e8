#include "services/codec/record_peek.hpp"

#include <cstring>

#include "record_generated.h"
#include "services/codec/frame.hpp"

namespace understudy {
namespace {

/// Reads numbers of a buffer that nobody has verified.
class Peeker {
 public:
  explicit Peeker(Bytes bytes) : bytes_(bytes) {}

  template <class Number>
  Number at(std::size_t offset) {
    Number number{};
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof number) {
      good_ = false;
      return number;
    }
    std::memcpy(&number, bytes_.data() + offset, sizeof number);
    return flatbuffers::EndianScalar(number);
  }

  /// A field of the table at `table`; absent ones are 0.
  template <class Number>
  Number field(std::size_t table, std::uint16_t slot) {
    const auto back = at<std::int32_t>(table);
    const auto vtable = static_cast<std::int64_t>(table) - back;
    if (!good_ || vtable < 0) {
      good_ = false;
      return Number{};
    }
    const auto start = static_cast<std::size_t>(vtable);
    if (slot >= at<std::uint16_t>(start)) return Number{};
    const auto offset = at<std::uint16_t>(start + slot);
    return offset == 0 ? Number{} : at<Number>(table + offset);
  }

  [[nodiscard]] bool good() const { return good_; }

 private:
  const Bytes bytes_;
  bool good_ = true;
};

}  // namespace

std::optional<RecordPlace> peek_record(Bytes bytes) {
  if (bytes.size() < codec::frame_header_size) return std::nullopt;
  Peeker peeker(bytes.subspan(codec::frame_header_size));
  const auto table = peeker.at<std::uint32_t>(0);
  RecordPlace place;
  place.sequence = peeker.field<std::uint64_t>(table, fb::Record::VT_SEQUENCE);
  place.epoch = peeker.field<std::uint32_t>(table, fb::Record::VT_EPOCH);
  if (!peeker.good() || place.sequence == 0 || place.epoch == 0)
    return std::nullopt;
  return place;
}

}  // namespace understudy
