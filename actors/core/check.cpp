#include "actors/core/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace understudy {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "understudy: invariant broken: %s (%s:%d)\n", condition,
               file, line);
  std::abort();
}

}  // namespace understudy
