#include "services/cli/screen.hpp"

#include <algorithm>
#include <ostream>

namespace understudy {

Screen::Screen(Context& context) : context_(context) {
  // No cursor; long lines are cut, so that one row is one line.
  context_.out << "\x1b[?25l\x1b[?7l";
}

Screen::~Screen() { context_.out << "\x1b[?7h\x1b[?25h" << std::flush; }

void Screen::draw(std::vector<std::string> lines) {
  const std::size_t room =
      std::max<std::size_t>(3, context_.terminal_rows()) - 1;
  if (lines.size() > room) {
    const std::size_t left_out = lines.size() - room + 1;
    lines.resize(room - 1);
    lines.push_back("... and " + std::to_string(left_out) + " more");
  }
  std::ostream& out = context_.out;
  if (drawn_ != 0) out << "\x1b[" << drawn_ << 'A';
  out << "\r\x1b[J";
  for (const std::string& line : lines)
    out << line << '\n';
  out << std::flush;
  drawn_ = lines.size();
}

}  // namespace understudy
