#pragma once

/// `get --watch`: a list that follows its log.

#include <string>

#include "services/cli/context.hpp"
#include "services/rendering/lists.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

struct WatchOrder {
  std::string what;  ///< As `list_of` takes it.
  Selection selection;
  Output output = Output::table;  ///< Not yaml.
};

/// On a terminal the table is drawn again in place, as far as it fits.
/// Elsewhere the list is written once, then each item that changed: a row, a
/// name, or one JSON object a line. Goes on until `context.pause` says no.
Result<int> watch(Context& context, LogReader& reader, const WatchOrder& order);

}  // namespace understudy
