#pragma once

/// One table on a terminal, drawn over itself.

#include <cstddef>
#include <string>
#include <vector>

#include "services/cli/context.hpp"

namespace understudy {

/// Needs `context.terminal_rows`. Hides the cursor while it lives.
class Screen {
 public:
  explicit Screen(Context& context);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// As many lines as there is room for.
  void draw(std::vector<std::string> lines);

 private:
  Context& context_;
  std::size_t drawn_ = 0;
};

}  // namespace understudy
