#include "services/api/head.hpp"

#include <algorithm>
#include <utility>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

Problem bad(std::string detail) {
  return make_problem("bad-request", std::move(detail));
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// Removes the first line of `rest`; nothing when it does not end with CRLF.
std::optional<std::string_view> take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || end == 0 || rest[end - 1] != '\r')
    return std::nullopt;
  const std::string_view line = rest.substr(0, end - 1);
  rest.remove_prefix(end + 1);
  return line;
}

std::optional<Problem> read_request_line(std::string_view line, ApiCall& call) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return bad("the request line is not METHOD TARGET VERSION");
  const std::string_view method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  std::string_view target = line.substr(first + 1, last - first - 1);
  if (!is_token(method) || method.size() > 20)
    return bad("the method " + in_quotes(method) + " is no token");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    if (!version.starts_with("HTTP/"))
      return bad("the request line does not end with an HTTP version");
    return make_problem("unsupported-version",
                        in_quotes(version) + "; accepted: HTTP/1.1, HTTP/1.0");
  }
  call.method = method;
  call.old = version == "HTTP/1.0";
  call.keep_alive = !call.old;
  // As a client sends it to a proxy; a server takes it as well.
  if (target.starts_with("http://")) {
    const auto path = target.find('/', 7);
    target = path == std::string_view::npos ? "/" : target.substr(path);
  }
  return parse_target(target, call);
}

std::optional<Problem> read_header(std::string_view line, ApiCall& call) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("a header line is not NAME: VALUE");
  const std::string_view value = trimmed(line.substr(colon + 1));
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && c != '\t') || byte == 0x7f)
      return bad("the header " + in_quotes(line.substr(0, colon)) +
                 " holds a control character");
  }
  call.headers.emplace_back(lower(line.substr(0, colon)), value);
  return std::nullopt;
}

std::size_t count_of(const ApiCall& call, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(call.headers.begin(), call.headers.end(),
                    [&](const TextPair& one) { return one.first == name; }));
}

/// How long the body is: one way to say it, said once.
std::optional<Problem> read_framing(ApiCall& call) {
  for (const char* once :
       {"host", "content-length", "transfer-encoding", "content-type",
        "authorization", "idempotency-key", "last-event-id"}) {
    if (count_of(call, once) > 1)
      return bad(std::string("the header ") + once + " stands there twice");
  }
  if (!call.old && !call.header("host"))
    return bad("the header host is missing");
  if (const auto* coding = call.header("transfer-encoding")) {
    if (call.header("content-length") || call.old)
      return bad(
          "transfer-encoding where it may not be: with content-length, "
          "or in HTTP/1.0");
    if (lower(*coding) != "chunked")
      return make_problem("not-implemented",
                          "transfer-encoding " + in_quotes(*coding));
    call.chunked = true;
  }
  if (const auto* length = call.header("content-length")) {
    const auto number = parse_number(*length, UINT64_MAX / 2);
    if (!number)
      return bad("content-length " + in_quotes(*length) + " is no number");
    call.content_length = number;
  }
  if (const auto* expect = call.header("expect")) {
    if (lower(*expect) != "100-continue")
      return bad("expect " + in_quotes(*expect) + "; accepted: 100-continue");
    call.expects_continue = !call.old;
  }
  if (const auto* connection = call.header("connection")) {
    const std::string said = lower(*connection);
    if (said.find("close") != std::string::npos) call.keep_alive = false;
    if (call.old && said.find("keep-alive") != std::string::npos)
      call.keep_alive = true;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Problem> parse_head(std::string_view head, ApiCall& call) {
  bool first = true;
  while (true) {
    const auto line = take_line(head);
    if (!line) return bad("a line of the head does not end with CR LF");
    if (line->empty()) break;
    if (line->size() > longest_line_bytes) {
      return first ? make_problem("target-too-long",
                                  "the request line has " +
                                      std::to_string(line->size()) +
                                      " bytes; accepted: 8000")
                   : make_problem("headers-too-large",
                                  "a header line has " +
                                      std::to_string(line->size()) +
                                      " bytes; accepted: 8000");
    }
    if (call.headers.size() == most_headers)
      return make_problem("headers-too-large", "more than 100 headers");
    auto wrong =
        first ? read_request_line(*line, call) : read_header(*line, call);
    if (wrong) return wrong;
    first = false;
  }
  if (first) return bad("the request line is missing");
  return read_framing(call);
}

}  // namespace understudy
