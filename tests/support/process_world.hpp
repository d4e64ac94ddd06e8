#pragma once

/// A directory for the process provider, and the end of every process that
/// was started in it, whatever the test came to.
///
/// Thread safety: none.

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/capacity/process_capacity.hpp"
#include "services/capacity/process_identity.hpp"
#include "services/text/text_file.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {

inline bool eventually(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline ProcessOffering offering(const std::string& type, std::uint32_t capacity,
                                std::vector<std::string> command) {
  ProcessOffering one;
  one.instance_type = type;
  one.capacity = capacity;
  one.command = std::move(command);
  return one;
}

inline std::unique_ptr<ProcessCapacity> open_provider(
    Clock& clock, ProcessCatalogue catalogue, const std::string& directory) {
  auto opened = ProcessCapacity::open(clock, std::move(catalogue), directory);
  if (!opened) throw std::runtime_error(opened.error().message);
  return std::move(opened).value();
}

class ProcessWorld {
 public:
  ProcessWorld() = default;
  ProcessWorld(const ProcessWorld&) = delete;
  ProcessWorld& operator=(const ProcessWorld&) = delete;
  ~ProcessWorld() {
    for (const ProcessIdentity& one : processes()) {
      if (is_alive(one)) ::kill(-one.pid, SIGKILL);
    }
  }

  [[nodiscard]] std::string directory() const {
    return (root_.path() / "instances").string();
  }
  [[nodiscard]] const std::filesystem::path& root() const {
    return root_.path();
  }

  /// Every process that ever said who it is.
  [[nodiscard]] std::vector<ProcessIdentity> processes() const {
    std::vector<ProcessIdentity> all;
    std::error_code failed;
    std::filesystem::recursive_directory_iterator entry(directory(), failed);
    for (; !failed && entry != std::filesystem::recursive_directory_iterator();
         entry.increment(failed)) {
      if (entry->path().extension() != ".process") continue;
      const auto text = read_text_file(entry->path().string(), 4096);
      const auto one = parse_process_identity(text ? text.value() : "");
      if (one) all.push_back(*one);
    }
    return all;
  }

  [[nodiscard]] std::size_t alive() const {
    std::size_t count = 0;
    for (const ProcessIdentity& one : processes())
      count += is_alive(one) ? 1 : 0;
    return count;
  }

 private:
  TemporaryDirectory root_;
};

}  // namespace understudy::test
