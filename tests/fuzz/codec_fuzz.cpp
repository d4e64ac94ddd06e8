/// Whatever bytes come: no crash, no error without a message, and what is
/// accepted is written again as it was read.
///
/// The first byte chooses the door: a record as it is and signed anew, the
/// content of a record or of a snapshot in a good frame (so that the frame
/// does not shield what lies behind it), a command in JSON. Built with
/// `-fsanitize=fuzzer` it is a libFuzzer target.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "actors/core/check.hpp"
#include "services/codec/command_json.hpp"
#include "services/codec/frame.hpp"
#include "services/codec/json.hpp"
#include "services/codec/record_codec.hpp"
#include "services/codec/snapshot.hpp"

namespace understudy {
namespace {

void check_message(const Error& error) {
  UNDERSTUDY_CHECK(!error.message.empty());
  UNDERSTUDY_CHECK(error.code == ErrorCode::corrupt ||
                   error.code == ErrorCode::too_new ||
                   error.code == ErrorCode::invalid_input);
}

void try_record(Bytes bytes) {
  static const auto codec = make_record_codec();
  static Record reused;
  const auto fresh = codec->decode(bytes);
  const auto again = codec->decode_into(bytes, reused);
  UNDERSTUDY_CHECK(fresh.ok() == again.ok());
  const auto stream = codec->stream_of(bytes);
  if (!stream) check_message(stream.error());
  if (!fresh) {
    check_message(fresh.error());
    return;
  }
  UNDERSTUDY_CHECK(fresh.value() == reused);
  UNDERSTUDY_CHECK(!json_text(to_json(reused.event)).empty());
  std::vector<std::byte> written;
  codec->encode(reused, written);
  const auto back = codec->decode(written);
  UNDERSTUDY_CHECK(back.ok());
  UNDERSTUDY_CHECK(back.value() == reused);
}

template <class State>
void try_snapshot(Bytes bytes) {
  static State state;
  const auto place = decode_snapshot(bytes, 1, state);
  if (!place) {
    check_message(place.error());
    return;
  }
  std::vector<std::byte> written;
  encode_snapshot(state, 1, place.value(), written);
  State back;
  UNDERSTUDY_CHECK(decode_snapshot(written, 1, back).ok());
  UNDERSTUDY_CHECK(back == state);
}

void try_snapshots(Bytes bytes) {
  try_snapshot<endpoint::State>(bytes);
  try_snapshot<pool::State>(bytes);
  try_snapshot<instance::State>(bytes);
  try_snapshot<autoscaler::State>(bytes);
}

void try_command(std::string_view text) {
  const auto command = decode_command_json(text);
  if (command) return;
  check_message(command.error());
  UNDERSTUDY_CHECK(command.error().message.find('\n') == std::string::npos);
}

std::vector<std::byte> signed_anew(Bytes bytes) {
  std::vector<std::byte> copy(bytes.begin(), bytes.end());
  if (copy.size() >= codec::frame_header_size) {
    const std::uint64_t checksum = codec::frame_checksum(copy);
    std::memcpy(copy.data(), &checksum, sizeof checksum);
  }
  return copy;
}

/// What stands after the header, in a frame of its own.
std::vector<std::byte> framed_anew(Bytes bytes) {
  std::vector<std::byte> out;
  if (bytes.size() > codec::frame_header_size)
    codec::append_frame(bytes.subspan(codec::frame_header_size), out);
  return out;
}

}  // namespace
}  // namespace understudy

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace understudy;
  if (size == 0) return 0;
  const Bytes bytes(reinterpret_cast<const std::byte*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      try_record(bytes);
      try_record(signed_anew(bytes));
      break;
    case 1:
      try_record(framed_anew(bytes));
      break;
    case 2:
      try_snapshots(framed_anew(bytes));
      break;
    default:
      try_command({reinterpret_cast<const char*>(data) + 1, size - 1});
  }
  return 0;
}
