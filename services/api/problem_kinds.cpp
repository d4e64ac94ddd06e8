#include <algorithm>
#include <array>

#include "services/api/problem.hpp"

namespace understudy {
namespace {

// By status, then by reason. Titles have no full stop, help ends with one.
constexpr auto kinds = std::to_array<ProblemKind>({
    {"bad-request", 400, "The request is not HTTP as RFC 9112 has it",
     "The detail names what could not be read. Mend the client; the "
     "connection was closed."},
    {"command-id-conflict", 400, "Two different command ids",
     "The body's member `command` and the header Idempotency-Key both name "
     "the command, differently. Send one of them."},
    {"invalid-json", 400, "The body is no JSON",
     "The detail begins with the line and column."},
    {"invalid-parameter", 400, "A query parameter is wrong",
     "`field` names it, `accepted` says what it may be. Parameters that a "
     "path does not know are refused too, so that a misspelt one is not "
     "passed over."},
    {"missing-command-id", 400, "The command has no id",
     "Put an id of your own into the body's member `command` or into the "
     "header Idempotency-Key. The same id again gets the same answer and "
     "changes nothing, so a command whose answer was lost can be repeated."},
    {"unauthorized", 401, "A token is needed",
     "Send the header `Authorization: Bearer TOKEN` with a token of the "
     "daemon's token files."},
    {"forbidden", 403, "This token may only read",
     "Use the token that may operate."},
    {"capacity-not-simulated", 404, "Capacity is not simulated here",
     "Offerings of a process catalogue can be closed and opened; answers on "
     "demand are for the simulated provider alone."},
    {"command-not-seen", 404, "Nothing is known of this command",
     "It was not handled yet, never arrived, or is older than what is kept: "
     "ask again, or search the log with `understudy wait command`."},
    {"endpoint-not-found", 404, "There is no such endpoint",
     "The name is misspelt, or the endpoint was deleted."},
    {"load-not-metered", 404, "Load is not metered by gateways here",
     "Capacity is simulated, and its load with it."},
    {"no-such-path", 404, "There is no such path",
     "GET /openapi.json lists all of them."},
    {"not-found", 404, "There is no such thing",
     "The detail says what was not found and what there is."},
    {"offering-not-found", 404, "There is no such offering",
     "GET /v1/capacity lists the offerings there are."},
    {"variant-not-found", 404, "The endpoint has no such variant",
     "GET /v1/endpoints/NAME shows its variants."},
    {"method-not-allowed", 405, "This path does not take this method",
     "The header Allow lists the methods that it takes."},
    {"request-timeout", 408, "The request did not arrive in time",
     "Send it faster, or raise `api.io_timeout_ms`. Nothing was done."},
    {"cannot-change", 409, "This cannot be changed while instances run",
     "What instances run or are launched with stays as it is. Delete the "
     "endpoint and create it anew, or add a pool."},
    {"command-refused", 409, "The command was refused", "The detail says why."},
    {"endpoint-deleting", 409, "The endpoint is being deleted",
     "Wait until it is gone, then create it again."},
    {"endpoint-exists", 409, "An endpoint of this name exists",
     "Update it, or delete it first."},
    {"endpoint-failed", 409, "The endpoint failed",
     "Only its deletion is accepted. The description says why it failed."},
    {"endpoint-not-in-service", 409, "The endpoint is still being created",
     "Wait until it is in service."},
    {"stream-stopped", 409, "The endpoint's history cannot be read here",
     "The log holds an event of it that this build does not know: use the "
     "build that wrote it, or a later one. Other endpoints are served."},
    {"position-out-of-range", 410, "The log does not hold this position",
     "`oldest` and `newest` say what it holds. Read the state first, then "
     "follow from the position that came with it."},
    {"body-too-large", 413, "The body is too large",
     "`accepted` names the limit, which is `api.max_body_bytes`."},
    {"target-too-long", 414, "The address is too long",
     "It may be 8000 bytes long."},
    {"unsupported-media-type", 415, "The body is of another type",
     "Send JSON with `Content-Type: application/json`, not compressed."},
    {"untrusted-host", 421, "The header Host names another host",
     "Without tokens, a daemon on a loopback address answers only those who "
     "call it by that address or as localhost: a web page that had its name "
     "resolve to this machine could send commands otherwise."},
    {"container-start-failed", 422, "Containers failed to start",
     "The endpoint's containers failed more often in a row than allowed."},
    {"duplicate-pool", 422, "Two pools have the same name",
     "Names of pools differ within a variant."},
    {"duplicate-target", 422, "Two scaling targets use one metric",
     "Each metric has one target."},
    {"duplicate-variable", 422, "An environment sets a variable twice",
     "Names of variables differ within a variant."},
    {"duplicate-variant", 422, "Two variants have the same name",
     "Names of variants differ within an endpoint."},
    {"duplicate-zone", 422, "A pool lists a zone twice",
     "Each zone is asked once."},
    {"empty-pools", 422, "A variant has no pool",
     "A variant needs one pool at least."},
    {"empty-targets", 422, "Scaling has nothing to aim at",
     "Name a target, or leave scaling disabled."},
    {"empty-variants", 422, "The endpoint has no variant",
     "An endpoint needs one variant at least."},
    {"empty-zones", 422, "A pool has no zone",
     "A pool needs one zone at least."},
    {"invalid-command", 422, "The command is not of the right form",
     "The detail names the field and what is accepted there."},
    {"invalid-command-id", 422, "The command's id cannot be used",
     "An id is 1 to 128 printable bytes."},
    {"invalid-name", 422, "A name cannot be used",
     "Names are 1 to 63 letters, digits and inner hyphens; those of pools may "
     "hold inner dots and underscores too. Names of variables are letters, "
     "digits and underscores, with no digit first; those that begin with "
     "UNDERSTUDY_ are set by the provider."},
    {"invalid-path", 422, "A path cannot be used",
     "It begins with a slash and holds printable ASCII without blanks, "
     "quotes, backslashes, `?` and `#`."},
    {"invalid-text", 422, "A text cannot be used",
     "It is too long or holds control characters."},
    {"out-of-range", 422, "A number is outside its limits",
     "`accepted` names the limits."},
    {"provisioning-timed-out", 422, "No pool had the capacity in time",
     "The endpoint's creation ran past its deadline."},
    {"too-many-pools", 422, "A variant has too many pools",
     "`accepted` names the limit."},
    {"too-many-variables", 422, "An environment has too many variables",
     "`accepted` names the limit."},
    {"too-many-variants", 422, "The endpoint has too many variants",
     "`accepted` names the limit."},
    {"too-many-zones", 422, "A pool has too many zones",
     "`accepted` names the limit."},
    {"headers-too-large", 431, "The headers are too large",
     "A line may have 8000 bytes, all of them 16384, and there may be 100."},
    {"internal-error", 500, "The daemon has a fault",
     "Please report it with the detail and the daemon's log."},
    {"not-implemented", 501, "This transfer coding is not known",
     "Send Content-Length, or `Transfer-Encoding: chunked`."},
    {"log-unreadable", 503, "The log could not be read",
     "The detail says why. It is tried anew with each request."},
    {"not-ready", 503, "The daemon is not ready",
     "It recovers from its log, or waits for what holds it, disk or broker; "
     "GET /readyz says how far it is. Nothing was done: try again later."},
    {"overloaded", 503, "Too much is under way",
     "Nothing was done: try again after the time in Retry-After."},
    {"stopping", 503, "The daemon is stopping",
     "Nothing was done: try again when it runs again."},
    {"too-many-connections", 503, "Too many connections",
     "Close those that are not needed, or raise the limits of the API."},
    {"too-many-followers", 503, "Too many follow the events",
     "The bound is `api.max_followers`. Read pages of events meanwhile."},
    {"outcome-unknown", 504, "No answer in time",
     "The command may have been carried out, now or later. Repeat it with "
     "the same id: that never does it twice and tells what came of it."},
    {"position-timeout", 504, "The position was not reached in time",
     "What is shown has not come so far. Ask again."},
    {"unsupported-version", 505, "This version of HTTP is not spoken here",
     "Use HTTP/1.1."},
});

}  // namespace

std::span<const ProblemKind> problem_kinds() { return kinds; }

const ProblemKind* find_problem_kind(std::string_view reason) {
  const auto found = std::find_if(
      kinds.begin(), kinds.end(),
      [&](const ProblemKind& one) { return one.reason == reason; });
  return found == kinds.end() ? nullptr : found;
}

}  // namespace understudy
