#pragma once

/// librdkafka's errors, sorted by what to do next: one table.
///
/// Thread safety: functions without state.

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"

namespace understudy::kafka {

/// What whoever met the error does next.
enum class Remedy : std::uint8_t {
  retry,    ///< The same call again; nothing is lost.
  rebuild,  ///< A new handle, and read the log to its end before deciding.
  give_up,  ///< Another owner took over: this one has nothing more to say.
  stop,     ///< A person must mend a setting, a topic or a right first.
};

/// Of a `rd_kafka_resp_err_t`. What the table does not know is `rebuild`:
/// that is always right, and costs time only.
[[nodiscard]] Remedy remedy_of(int code);

/// `where` names the cluster or topic, `doing` what failed ("commit"); both
/// stand in the one line. `detail` is the broker's or librdkafka's own text.
[[nodiscard]] Error make_error(std::string_view where, std::string_view doing,
                               int code, std::string_view detail = {});

}  // namespace understudy::kafka
