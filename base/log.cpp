#include "base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace vg::log {
namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>("vonggac", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        made->flush_on(spdlog::level::debug);
        return made;
    }();
    return *instance;
}

spdlog::level::level_enum spd(Level level) {
    switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

}  // namespace

void set_level(Level lowest) { logger().set_level(spd(lowest)); }

void write(Level level, std::string_view area, std::string_view sentence) {
    logger().log(spd(level), "{}: {}", area, tamed(sentence));
}

std::string tamed(std::string_view sentence) {
    std::string out;
    out.reserve(sentence.size());
    for (const char c : sentence) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n')
            out += "\n    ";
        else if (byte < 0x20 || byte == 0x7f)
            out += fmt::format("\\x{:02x}", byte);
        else
            out += c;
    }
    return out;
}

}  // namespace vg::log
