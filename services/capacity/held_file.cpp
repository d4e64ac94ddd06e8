#include "services/capacity/held_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "actors/core/check.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 30;
constexpr std::uint64_t any = std::numeric_limits<std::uint32_t>::max();

std::string market_text(Market market) { return std::string(name_of(market)); }

/// So many lines are no reason to write a file anew.
constexpr std::size_t few_lines = 10'000;

std::string line_of(const HeldInstance& instance) {
  const Offering& offering = instance.offering;
  return "+ " + instance.owner + ' ' + instance.token + ' ' +
         std::to_string(instance.index) + ' ' + offering.instance_type + ' ' +
         offering.zone + ' ' + market_text(offering.market) + ' ' +
         std::to_string(instance.launched_at.us) + '\n';
}

Error failed(const std::string& path) {
  return {ErrorCode::unavailable, path + ": " + std::strerror(errno) +
                                      "; accepted: a file that can be written"};
}

}  // namespace

Result<std::unique_ptr<HeldFile>> HeldFile::open(const std::string& path) {
  const int descriptor =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return failed(path);
  std::unique_ptr<HeldFile> file(new HeldFile(path, descriptor));
  auto text = read_text_file(path, largest_file);
  if (!text) return text.error();
  const std::size_t whole = text.value().rfind('\n') + 1;  // npos + 1 is 0
  if (whole < text.value().size() &&
      ::ftruncate(descriptor, static_cast<::off_t>(whole)) != 0) {
    return failed(path);
  }
  if (auto read = file->read(text.value().substr(0, whole)); !read)
    return read.error();
  file->size_ = whole;
  file->write_anew();
  return file;
}

HeldFile::~HeldFile() { ::close(descriptor_); }

Result<void> HeldFile::read(const std::string& text) {
  LineReader lines(path_, text);
  while (lines.next()) {
    ++lines_;
    const auto& f = lines.fields();
    if (f[0] == "+" && f.size() == 8) {
      const auto index = parse_number(f[3], any);
      const auto market = parse_enum<Market>(f[6]);
      const auto at = parse_number(f[7], std::uint64_t{1} << 62U);
      if (index && market && at) {
        const auto number = static_cast<std::uint32_t>(*index);
        const std::string token(f[2]);
        held_[{token, number}] = {
            std::string(f[1]),
            token,
            number,
            {std::string(f[4]), std::string(f[5]), *market},
            {static_cast<std::int64_t>(*at)}};
        continue;
      }
    } else if (f[0] == "-" && f.size() == 3) {
      const auto index = parse_number(f[2], any);
      if (index) {
        held_.erase({std::string(f[1]), static_cast<std::uint32_t>(*index)});
        continue;
      }
    }
    Error wrong = lines.error("a line that is neither launch nor end",
                              "+ OWNER TOKEN INDEX TYPE ZONE MARKET AT, or "
                              "- TOKEN INDEX");
    wrong.code = ErrorCode::corrupt;
    return wrong;
  }
  return {};
}

std::vector<HeldInstance> HeldFile::held() const {
  std::vector<HeldInstance> all;
  for (const auto& [key, instance] : held_)
    all.push_back(instance);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.launched_at < b.launched_at;
  });
  return all;
}

Result<void> HeldFile::launched(const std::vector<HeldInstance>& instances) {
  std::string lines;
  for (const HeldInstance& one : instances)
    lines += line_of(one);
  if (auto written = write(lines); !written) return written;
  for (const HeldInstance& one : instances)
    held_[{one.token, one.index}] = one;
  lines_ += instances.size();
  return {};
}

Result<void> HeldFile::gone(const std::string& token, std::uint32_t index) {
  const std::string line = "- " + token + ' ' + std::to_string(index) + '\n';
  held_.erase({token, index});
  ++lines_;
  if (auto written = write(line); !written) {
    owed_ += line;
    return written;
  }
  write_anew();
  return {};
}

/// One call for all lines: whoever ends the process ends it between them. A
/// full disk may take a part, which is taken back.
Result<void> HeldFile::write(const std::string& lines) {
  const std::string all = owed_ + lines;
  const auto written = ::write(descriptor_, all.data(), all.size());
  if (written == static_cast<::ssize_t>(all.size())) {
    size_ += all.size();
    owed_.clear();
    return {};
  }
  if (written >= 0) errno = ENOSPC;
  Error error = failed(path_);
  if (written > 0) {
    // What is left otherwise is a cut line, and the next one would join it.
    UNDERSTUDY_CHECK(::ftruncate(descriptor_, static_cast<::off_t>(size_)) ==
                     0);
  }
  return error;
}

/// Beside the old one, which stays when anything goes wrong.
void HeldFile::write_anew() {
  if (lines_ <= few_lines + 2 * held_.size()) return;
  lines_ = held_.size();  // Not tried again at once.
  std::string text;
  for (const HeldInstance& one : held())
    text += line_of(one);
  const std::string beside = path_ + ".new";
  const int descriptor = ::open(
      beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  const auto written = ::write(descriptor, text.data(), text.size());
  if (written != static_cast<::ssize_t>(text.size()) ||
      ::rename(beside.c_str(), path_.c_str()) != 0) {
    ::close(descriptor);
    ::unlink(beside.c_str());
    return;
  }
  ::close(std::exchange(descriptor_, descriptor));
  size_ = text.size();
  owed_.clear();
}

}  // namespace understudy
