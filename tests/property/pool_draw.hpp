#pragma once

#include <rapidcheck.h>

namespace understudy::pool {

/// A number in [low, high), the whole range from the first story on:
/// RapidCheck by itself begins with narrow ranges.
template <class T = int>
T draw(int low, int high) {
  return static_cast<T>(
      *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int>(low, high)));
}

}  // namespace understudy::pool
