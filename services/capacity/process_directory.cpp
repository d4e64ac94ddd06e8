#include "services/capacity/process_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "services/text/text_file.hpp"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_file = 1U << 20U;
/// A token is not asked for again after so long: its log knows better.
constexpr std::chrono::hours kept{7 * 24};
/// Calls that are over and whose output can still be read.
constexpr std::size_t kept_outputs = 200;

Error trouble(const std::string& path, const char* what, int error) {
  return {ErrorCode::unavailable,
          path + ": cannot " + what + ": " + std::strerror(error) +
              "; accepted: a directory that the daemon may write to"};
}

/// Whole before it has its name. Processes do not outlive their machine, so
/// only what must be read after its crash is made durable.
Result<void> write_file(const std::string& path, const std::string& text,
                        bool durable) {
  const std::string fresh = path + ".new";
  const Descriptor file(
      ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640));
  if (!file) return trouble(fresh, "be opened", errno);
  const ssize_t written = ::write(file.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size()))
    return trouble(fresh, "be written", written < 0 ? errno : ENOSPC);
  if (durable && ::fdatasync(file.get()) != 0)
    return trouble(fresh, "be made durable", errno);
  if (::rename(fresh.c_str(), path.c_str()) != 0)
    return trouble(path, "be named", errno);
  return {};
}

}  // namespace

Result<ProcessDirectory> ProcessDirectory::open(const std::string& path) {
  std::error_code failed;
  // A program runs in another working directory.
  const fs::path whole = fs::absolute(path, failed);
  for (const char* one : {"calls", "ended"}) {
    fs::create_directories(whole / one, failed);
    if (failed) return trouble(path, "be made", failed.value());
  }
  if (::access((whole / "calls").c_str(), R_OK | W_OK | X_OK) != 0)
    return trouble(path, "be used", errno);
  return ProcessDirectory(whole.string());
}

Result<ProcessDirectory::Lock> ProcessDirectory::lock() const {
  const std::string path = path_ + "/lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (!file) return trouble(path, "be opened", errno);
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return trouble(path, "be locked", errno);
  }
  return Lock(std::move(file));
}

ProcessDirectory::Lock::~Lock() {
  // A child that is on its way to its program holds the same lock: it is
  // waited for before, so there is nobody left to keep it for.
  if (file_) ::flock(file_.get(), LOCK_UN);
}

Result<std::vector<std::string>> ProcessDirectory::keys() const {
  std::vector<std::string> all;
  std::error_code failed;
  fs::directory_iterator entry(path_ + "/calls", failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed))
    all.push_back(entry->path().filename().string());
  if (failed) return trouble(path_ + "/calls", "be read", failed.value());
  std::sort(all.begin(), all.end());
  return all;
}

std::string ProcessDirectory::folder(const std::string& key) const {
  std::string now = path_ + "/calls/" + key;
  if (::access(now.c_str(), F_OK) == 0) return now;
  std::string past = path_ + "/ended/" + key;
  return ::access(past.c_str(), F_OK) == 0 ? past : now;
}

Result<ProcessRecord> ProcessDirectory::read(const std::string& key) const {
  const std::string path = folder(key) + "/call";
  const auto text = read_text_file(path, largest_file);
  if (!text) return text.error();
  return parse_process_record(path, text.value());
}

Result<void> ProcessDirectory::write(const std::string& key,
                                     const ProcessRecord& record) const {
  const std::string path = path_ + "/calls/" + key;
  std::error_code failed;
  fs::create_directory(path, failed);
  if (failed) return trouble(path, "be made", failed.value());
  return write_file(path + "/call", to_text(record), true);
}

void ProcessDirectory::remove(const std::string& key) const {
  std::error_code ignored;
  fs::remove_all(path_ + "/calls/" + key, ignored);
}

std::string ProcessDirectory::file(const ProcessPlace& place,
                                   const char* suffix) const {
  return folder(place.key) + '/' + std::to_string(place.index) + '.' + suffix;
}

bool ProcessDirectory::has(const ProcessPlace& place,
                           const char* suffix) const {
  return ::access(file(place, suffix).c_str(), F_OK) == 0;
}

std::string ProcessDirectory::text(const ProcessPlace& place,
                                   const char* suffix) const {
  auto read = read_text_file(file(place, suffix), largest_file);
  return read ? std::move(read).value() : std::string();
}

Result<void> ProcessDirectory::put(const ProcessPlace& place,
                                   const char* suffix,
                                   const std::string& text) const {
  return write_file(file(place, suffix), text, false);
}

std::optional<ProcessIdentity> ProcessDirectory::identity(
    const ProcessPlace& place) const {
  return parse_process_identity(text(place, "process"));
}

void ProcessDirectory::mark_gone(const ProcessPlace& place,
                                 const std::string& words) const {
  // Without the mark it is found to be dead again by whoever looks next.
  if (has(place, "gone") || !put(place, "gone", words)) return;
  const auto record = read(place.key);
  if (!record) return;
  for (std::uint32_t i = 0; i < record.value().granted(); ++i) {
    if (!has({place.key, i}, "gone")) return;
  }
  std::error_code ignored;
  fs::rename(path_ + "/calls/" + place.key, path_ + "/ended/" + place.key,
             ignored);
}

void ProcessDirectory::tidy() const {
  std::error_code failed;
  std::vector<std::pair<fs::file_time_type, fs::path>> all;
  fs::directory_iterator entry(path_ + "/ended", failed);
  for (; !failed && entry != fs::directory_iterator();
       entry.increment(failed)) {
    std::error_code ignored;
    all.emplace_back(entry->last_write_time(ignored), entry->path());
  }
  std::sort(all.rbegin(), all.rend());
  const auto oldest = fs::file_time_type::clock::now() - kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::error_code ignored;
    if (all[i].first < oldest) {
      fs::remove_all(all[i].second, ignored);
    } else if (i >= kept_outputs) {
      for (const auto& one : fs::directory_iterator(all[i].second, ignored)) {
        std::error_code left;
        const std::string name = one.path().filename().string();
        if (name.find(".output") != std::string::npos)
          fs::remove(one.path(), left);
        // The age of the call is that of its directory.
        fs::last_write_time(all[i].second, all[i].first, left);
      }
    }
  }
}

Result<std::set<std::string>> ProcessDirectory::closed() const {
  std::set<std::string> all;
  const auto read = read_text_file(path_ + "/closed", largest_file);
  if (!read) {
    if (read.error().code == ErrorCode::not_found) return all;
    return read.error();
  }
  std::string line;
  for (const char c : read.value()) {
    if (c != '\n') {
      line += c;
    } else if (!line.empty()) {
      all.insert(std::exchange(line, {}));
    }
  }
  return all;
}

Result<void> ProcessDirectory::set_closed(const std::string& offering,
                                          bool closed) const {
  auto all = this->closed();
  if (!all) return all.error();
  if (closed) {
    all.value().insert(offering);
  } else {
    all.value().erase(offering);
  }
  std::string text;
  for (const std::string& one : all.value())
    text += one + '\n';
  return write_file(path_ + "/closed", text, true);
}

}  // namespace understudy
