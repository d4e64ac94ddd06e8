#pragma once

/// The socket that a server listens on. Thread safety: functions without
/// state.

#include <cstdint>

#include "actors/core/result.hpp"
#include "services/config/settings.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy {

/// Binds and listens. Errors: `unavailable` when the host has no address
/// here or the port is taken.
[[nodiscard]] Result<Descriptor> listen_on(const ListenAddress& address);

/// The port that it got.
[[nodiscard]] std::uint16_t port_of(const Descriptor& listening);

}  // namespace understudy
