#pragma once

/// Bounds the bytes that values take in a data file, before they are stored.

#include <algorithm>
#include <cstdint>

namespace understudy::lmdb {

class Room {
 public:
  explicit Room(std::uint64_t page_bytes) : page_bytes_(page_bytes) {}

  void add(std::uint64_t key_bytes, std::uint64_t value_bytes) {
    const auto node = kNodeBytes + key_bytes + value_bytes;
    const auto payload = page_bytes_ - kHeadBytes;
    if (node <= payload / 2) {
      inline_bytes_ += node;
      largest_ = std::max(largest_, node);
    } else {
      // A large value has pages of its own and leaves a pointer behind.
      own_pages_ += (kHeadBytes + value_bytes) / page_bytes_ + 1;
      inline_bytes_ += kNodeBytes + key_bytes + sizeof(std::uint64_t);
      largest_ =
          std::max(largest_, kNodeBytes + key_bytes + sizeof(std::uint64_t));
    }
  }

  /// For keys that arrive in order and fill page after page. What a page
  /// leaves empty is shorter than one node.
  [[nodiscard]] std::uint64_t bytes() const {
    const auto used = page_bytes_ - kHeadBytes -
                      std::min(largest_, (page_bytes_ - kHeadBytes) / 2);
    return (own_pages_ + inline_bytes_ / used + 1) * page_bytes_;
  }

 private:
  static constexpr std::uint64_t kHeadBytes = 16;         ///< Of a page.
  static constexpr std::uint64_t kNodeBytes = 8 + 2 + 1;  ///< And padding.

  std::uint64_t page_bytes_;
  std::uint64_t inline_bytes_ = 0;
  std::uint64_t own_pages_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace understudy::lmdb
