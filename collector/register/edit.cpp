#include "collector/register/edit.hpp"

#include "collector/register/read.hpp"

namespace vg::collector::registry {
namespace {

// The device's line behind "devices:", or in a table of its own at the end.
std::string add_line(const std::string& text, const std::string& line) {
    const std::string head = "devices:\n";
    auto at = text.starts_with(head) ? 0 : text.find("\n" + head);
    if (at == std::string::npos) return text + (text.ends_with('\n') ? "" : "\n") + head + line;
    at = text.find('\n', at == 0 ? 0 : at + 1) + 1;
    return text.substr(0, at) + line + text.substr(at);
}

Result<Edited> read(std::string text) {
    Problems problems;
    auto reg = std::make_shared<Register>(read_yaml(text, "register", problems));
    if (!problems.empty())
        return fail(Errc::invalid_input, Text{problems.text(Language::vi), problems.text(Language::en)});
    return Edited{std::move(text), std::move(reg)};
}

bool has(const Register& reg, const Device& device) {
    for (const auto& one : reg.devices)
        if (one.site == device.site && one.name == device.name && one.mac == device.mac) return true;
    return false;
}

}  // namespace

Result<Edited> with_device(const std::string& text, const Register& reg, const Device& device) {
    auto edited = read(add_line(text, "  - " + device_row(device) + "\n"));
    if (!text.empty() && edited && edited->reg->devices.size() == reg.devices.size() + 1 && has(*edited->reg, device))
        return edited;
    Register more = reg;
    more.devices.push_back(device);
    return read(to_yaml(more));
}

}  // namespace vg::collector::registry
