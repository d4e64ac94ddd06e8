#pragma once

/// Reason codes of refused commands and failed endpoints. They are an API:
/// never rename one, never give one a second meaning.

#include <string_view>

namespace understudy::endpoint::reasons {

using Reason = std::string_view;

// --- the command itself ----------------------------------------------------

/// The command's id is empty, too long or not printable.
constexpr Reason invalid_command_id = "invalid-command-id";

// --- the specification -----------------------------------------------------

/// A name is empty, too long or has characters that names may not have.
constexpr Reason invalid_name = "invalid-name";
/// A text is too long or holds control characters.
constexpr Reason invalid_text = "invalid-text";
/// A number is outside its limits.
constexpr Reason out_of_range = "out-of-range";
/// The endpoint has no variant.
constexpr Reason empty_variants = "empty-variants";
/// The endpoint has more variants than are accepted.
constexpr Reason too_many_variants = "too-many-variants";
/// Two variants have the same name.
constexpr Reason duplicate_variant = "duplicate-variant";
/// A variant has no pool.
constexpr Reason empty_pools = "empty-pools";
/// A variant has more pools than are accepted.
constexpr Reason too_many_pools = "too-many-pools";
/// Two pools of a variant have the same name.
constexpr Reason duplicate_pool = "duplicate-pool";
/// A pool has no zone.
constexpr Reason empty_zones = "empty-zones";
/// A pool has more zones than are accepted.
constexpr Reason too_many_zones = "too-many-zones";
/// A pool lists a zone twice.
constexpr Reason duplicate_zone = "duplicate-zone";
/// A variant's environment has more variables than are accepted.
constexpr Reason too_many_variables = "too-many-variables";
/// Two variables of an environment have the same name.
constexpr Reason duplicate_variable = "duplicate-variable";
/// A path does not begin with `/`, or has characters that it may not have.
constexpr Reason invalid_path = "invalid-path";
/// Scaling is enabled and has nothing to aim at.
constexpr Reason empty_targets = "empty-targets";
/// Two scaling targets use the same metric.
constexpr Reason duplicate_target = "duplicate-target";

// --- the endpoint's state --------------------------------------------------

/// An endpoint of this name exists: delete it first, or update it.
constexpr Reason endpoint_exists = "endpoint-exists";
/// There is no endpoint of this name.
constexpr Reason endpoint_not_found = "endpoint-not-found";
/// The endpoint failed: only its deletion is accepted.
constexpr Reason endpoint_failed = "endpoint-failed";
/// The endpoint is being deleted: wait until it is gone.
constexpr Reason endpoint_deleting = "endpoint-deleting";
/// The endpoint is still being created: wait until it is in service.
constexpr Reason endpoint_not_in_service = "endpoint-not-in-service";
/// The endpoint has no variant of this name.
constexpr Reason variant_not_found = "variant-not-found";
/// What instances run or are being launched with may not change.
constexpr Reason cannot_change = "cannot-change";

// --- why an endpoint failed ------------------------------------------------

/// No pool had the capacity before the deadline of the creation.
constexpr Reason provisioning_timed_out = "provisioning-timed-out";
/// Containers failed to start more often in a row than is allowed.
constexpr Reason container_start_failed = "container-start-failed";

}  // namespace understudy::endpoint::reasons
