#pragma once

/// What CAF must be told of the runtime's messages: they stay inside this
/// process, so that nothing needs to write or read them.

#include <future>
#include <memory>
#include <utility>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>

#include "actors/runtime/messages.hpp"
#include "actors/runtime/routes.hpp"

namespace understudy {

/// Sent once; answered through the promise when every actor is at rest.
struct StopAll {
  std::shared_ptr<std::promise<void>> done;
};

struct Begin {
  std::shared_ptr<std::vector<std::pair<std::uint64_t, Delivery>>> redo;
};

}  // namespace understudy

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Begin)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Commit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Decided)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Flush)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Handle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Listed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::ProviderNotice)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Rested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Retire)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::StopAll)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Submit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(understudy::Tick)
