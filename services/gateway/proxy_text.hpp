#pragma once

/// haproxy.cfg, haproxy_slot.cfg and understudy.lua of this folder, built into
/// the program. @NAME@ stands for what `proxy_config` fills in.

#include <string_view>

namespace understudy::gateway {

[[nodiscard]] std::string_view proxy_front_text();
/// One backend; there are many.
[[nodiscard]] std::string_view proxy_slot_text();
[[nodiscard]] std::string_view proxy_lua_text();

}  // namespace understudy::gateway
