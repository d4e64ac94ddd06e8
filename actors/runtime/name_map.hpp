#pragma once

/// A hash table of values by name, for tables far larger than a cache: one
/// that is asked for something else each time waits for memory, not for
/// work. A name's place and its hash lie side by side in one array, so that
/// a search touches that array once and then the entry it looks for.
///
/// Values stay where they are until they are erased.
///
/// Thread safety: none.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace understudy {

template <class T>
class NameMap {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Null when there is none.
  [[nodiscard]] T* find(std::string_view name) const {
    if (slots_.empty()) return nullptr;
    const auto& entry = slots_[place(hash_of(name), name)].entry;
    return entry ? &entry->value : nullptr;
  }

  /// The value of `name`, made by `make()` when there is none.
  template <class Make>
  T& find_or_make(std::string_view name, Make&& make) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    const std::size_t hash = hash_of(name);
    Slot& slot = slots_[place(hash, name)];
    if (!slot.entry) {
      slot = {hash,
              std::unique_ptr<Entry>(new Entry{std::string(name), make()})};
      ++size_;
    }
    return slot.entry->value;
  }

  void erase(std::string_view name) {
    if (slots_.empty()) return;
    std::size_t hole = place(hash_of(name), name);
    if (!slots_[hole].entry) return;
    slots_[hole].entry.reset();
    --size_;
    // Whatever a search would not reach beyond the hole moves into it.
    for (std::size_t i = after(hole); slots_[i].entry; i = after(i)) {
      const std::size_t from_home = (i - slots_[i].hash) & mask();
      if (from_home < ((i - hole) & mask())) continue;
      slots_[hole] = std::move(slots_[i]);
      hole = i;
    }
  }

  /// Calls `visit(name, value)` for all, in no order.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.entry) visit(slot.entry->name, slot.entry->value);
    }
  }

 private:
  struct Entry {
    std::string name;
    T value;
  };
  struct Slot {
    std::size_t hash = 0;
    std::unique_ptr<Entry> entry;  ///< Null: free.
  };

  static std::size_t hash_of(std::string_view name) {
    return std::hash<std::string_view>{}(name);
  }
  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }
  [[nodiscard]] std::size_t after(std::size_t i) const {
    return (i + 1) & mask();
  }

  /// Where `name` is, or would be.
  [[nodiscard]] std::size_t place(std::size_t hash,
                                  std::string_view name) const {
    std::size_t i = hash & mask();
    while (slots_[i].entry &&
           (slots_[i].hash != hash || slots_[i].entry->name != name)) {
      i = after(i);
    }
    return i;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (!slot.entry) continue;
      std::size_t i = slot.hash & mask();
      while (slots_[i].entry)
        i = after(i);
      slots_[i] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;  ///< None, or a power of two, never full.
  std::size_t size_ = 0;
};

}  // namespace understudy
