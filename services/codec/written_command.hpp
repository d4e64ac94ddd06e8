#pragma once

/// The tables of schemas/command.fbs that the domain has no structs for.

#include <cstdint>
#include <optional>
#include <string>

#include "actors/core/describe.hpp"
#include "actors/core/specification.hpp"

namespace understudy::codec::written {

struct Create {
  EndpointSpec spec;
  UNDERSTUDY_FIELDS(Create, spec)
};

struct Update {
  EndpointSpec spec;
  UNDERSTUDY_FIELDS(Update, spec)
};

struct Scale {
  std::string variant;
  std::optional<std::uint32_t> desired;
  UNDERSTUDY_FIELDS(Scale, variant, desired)
};

struct Delete {
  UNDERSTUDY_FIELDS(Delete)
};

struct Command {
  std::string command;
  std::string endpoint;
  std::optional<Create> create;
  std::optional<Update> update;
  std::optional<Scale> scale;
  std::optional<Delete> delete_;
  UNDERSTUDY_FIELDS(Command, command, endpoint, create, update, scale, delete_)
};

}  // namespace understudy::codec::written
