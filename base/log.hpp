#pragma once
// One log for the process: an entry on standard error is "time level area: sentence". No secret ever enters it.
// May be called from any thread. The library behind it is named in log.cpp only.

#include <string>
#include <string_view>

namespace vg::log {

enum class Level { debug, info, warning, error };

void set_level(Level lowest);
void write(Level level, std::string_view area, std::string_view sentence);

// How a sentence stands in the log: what agents and people wrote into it begins no line that could be taken for an
// entry, and steers no terminal.
[[nodiscard]] std::string tamed(std::string_view sentence);

inline void debug(std::string_view area, std::string_view sentence) { write(Level::debug, area, sentence); }
inline void info(std::string_view area, std::string_view sentence) { write(Level::info, area, sentence); }
inline void warning(std::string_view area, std::string_view sentence) { write(Level::warning, area, sentence); }
inline void error(std::string_view area, std::string_view sentence) { write(Level::error, area, sentence); }

}  // namespace vg::log
