#include "services/control/process_surroundings.hpp"

#include <utility>

#include "services/config/catalogue_document.hpp"

namespace understudy {
namespace {

EndSeen seen_of(HttpProbe::Seen seen) {
  switch (seen) {
    case HttpProbe::Seen::starting:
      return EndSeen::starting;
    case HttpProbe::Seen::serving:
      return EndSeen::serving;
    case HttpProbe::Seen::unknown:
      break;
  }
  return EndSeen::unknown;
}

}  // namespace

Result<std::unique_ptr<ProcessSurroundings>> ProcessSurroundings::open(
    const ProcessOptions& options) {
  auto catalogue = read_catalogue(options.catalogue);
  if (!catalogue) return catalogue.error();
  std::unique_ptr<ProcessSurroundings> made(new ProcessSurroundings(options));
  auto capacity = ProcessCapacity::open(
      made->clock_, std::move(catalogue).value(), options.directory);
  if (!capacity) return capacity.error();
  made->capacity_ = std::move(capacity).value();
  made->join();
  return made;
}

ProcessSurroundings::ProcessSurroundings(const ProcessOptions& options)
    : options_(options) {}

/// The probe tells a failed start from a loss, the provider knows the end.
void ProcessSurroundings::join() {
  bounded_ =
      std::make_unique<BoundedCapacity>(clock_, *capacity_, options_.limits);
  HttpProbeOptions probing;
  probing.load = options_.load;
  probing.how_it_ended = [this](const std::string& ref) {
    return capacity_->how_it_ended(ref);
  };
  probe_ = std::make_unique<HttpProbe>(clock_, std::move(probing));
  capacity_->on_end([this](const std::string& ref, const std::string& detail) {
    return seen_of(probe_->ended(ref, detail));
  });
}

/// Each may call the other until both have stopped.
ProcessSurroundings::~ProcessSurroundings() {
  if (capacity_) {
    capacity_->on_end([](const std::string&, const std::string&) {
      return EndSeen::unknown;
    });
  }
  probe_.reset();
}

World ProcessSurroundings::world() {
  LoadMeter& meter = options_.meter == nullptr
                         ? static_cast<LoadMeter&>(no_load_)
                         : *options_.meter;
  return {clock_, *bounded_, *probe_, meter};
}

}  // namespace understudy
