#pragma once

/// Keeps transactions and changes of the map's size apart.
///
/// LMDB moves the whole map when its size changes, so no transaction of this
/// process may be open then. Transactions enter and leave; a change waits
/// until nobody is inside. Entering never waits for a change that only
/// waits, so one thread may be inside more than once.
/// Thread safety: any thread; who enters leaves on the same thread.

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace understudy::lmdb {

class Gate {
 public:
  void enter();
  void leave();

  /// Runs `change` while nobody is inside. Returns EDEADLK at once when this
  /// thread itself is inside, otherwise what `change` returns.
  int alone(const std::function<int()>& change);

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::size_t inside_ = 0;
  bool changing_ = false;
};

}  // namespace understudy::lmdb
