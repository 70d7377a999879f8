#include "probes/inventory/system_files.hpp"

#include "probes/inventory/words.hpp"

#include <algorithm>

namespace vg::probes::inventory {
namespace {

// A value of os-release as the shell would read it, of what is used there: quotes and backslashes.
std::string unquoted(std::string_view value) {
    value = trim(value);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
        value = value.substr(1, value.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && i + 1 < value.size()) ++i;
        out += value[i];
    }
    return clean(out);
}

}  // namespace

void read_os_release(std::string_view text, System& into) {
    for (std::string_view line; next_line(text, line);) {
        const auto key = trim(next_piece(line, '='));
        if (key == "ID") into.os_id = unquoted(line);
        if (key == "VERSION_ID") into.os_version = unquoted(line);
        if (key == "PRETTY_NAME") into.os_name = unquoted(line);
    }
}

std::string read_processor_model(std::string_view cpuinfo) {
    std::string board;  // the machine's name where the processor has none (ARM, MIPS)
    for (std::string_view line; next_line(cpuinfo, line);) {
        const auto key = trim(next_piece(line, ':'));
        if (key == "model name" || key == "cpu model" || key == "Processor") {
            auto model = clean(line);
            // Makers pad the name with blanks.
            const auto same = [](char a, char b) { return a == ' ' && b == ' '; };
            model.erase(std::unique(model.begin(), model.end(), same), model.end());
            if (!model.empty()) return model;
        }
        if (key == "Hardware" || key == "system type") board = clean(line);
    }
    return board;
}

std::optional<std::int64_t> read_memory_mib(std::string_view meminfo) {
    for (std::string_view line; next_line(meminfo, line);) {
        if (next_piece(line, ':') != "MemTotal") continue;
        const auto kib = to_number<std::int64_t>(next_word(line));
        if (!kib || *kib <= 0) return std::nullopt;
        return *kib / 1024;
    }
    return std::nullopt;
}

std::string_view chassis_word(int type) {
    switch (type & 0x7f) {  // the highest bit says that there is a lock
        case 3:             // desktop
        case 4:             // low profile
        case 5:             // pizza box
        case 6:             // mini tower
        case 7:             // tower
        case 13:            // all in one
        case 15:            // space-saving
        case 16:            // lunch box
        case 24:            // sealed case
        case 35:            // mini PC
        case 36:            // stick PC
            return "desktop";
        case 8:   // portable
        case 9:   // laptop
        case 10:  // notebook
        case 11:  // hand held
        case 14:  // sub notebook
        case 30:  // tablet
        case 31:  // convertible
        case 32:  // detachable
            return "laptop";
        case 17:  // main server chassis
        case 22:  // RAID chassis
        case 23:  // rack mount
        case 25:  // multi-system
        case 28:  // blade
        case 29:  // blade enclosure
            return "server";
        default: return {};
    }
}

bool is_placeholder(std::string_view text) {
    static constexpr std::string_view empty_words[] = {"to be filled by o.e.m.",
                                                       "to be filled by oem",
                                                       "default string",
                                                       "system manufacturer",
                                                       "system product name",
                                                       "system serial number",
                                                       "system version",
                                                       "not specified",
                                                       "not applicable",
                                                       "not available",
                                                       "n/a",
                                                       "none",
                                                       "o.e.m.",
                                                       "oem",
                                                       "unknown",
                                                       "invalid",
                                                       "123456789",
                                                       "0123456789",
                                                       "1234567890",
                                                       "no enclosure",
                                                       "chassis serial number",
                                                       "base board serial number",
                                                       "empty",
                                                       "undefined"};
    const auto word = lower(trim(text));
    if (word.empty() || std::ranges::find(empty_words, word) != std::end(empty_words)) return true;
    // "00000000", "-------", "xxxxx", "........"
    return std::ranges::all_of(word, [&](char c) { return c == word.front(); }) &&
           (word.front() == '0' || word.front() == '-' || word.front() == 'x' || word.front() == '.' ||
            word.front() == 'f' || word.front() == '*');
}

std::string iso_of_bios_date(std::string_view text) {
    auto rest = trim(text);
    const auto month = to_number<int>(next_piece(rest, '/')), day = to_number<int>(next_piece(rest, '/'));
    const auto year = to_number<int>(rest);
    if (!month || !day || !year || *month < 1 || *month > 12 || *day < 1 || *day > 31) return {};
    const int full = *year < 100 ? *year + (*year < 80 ? 2000 : 1900) : *year;  // SMBIOS before 2.3 has two digits
    if (full < 1980 || full > 2200) return {};
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(full) + "-" + two(*month) + "-" + two(*day);
}

bool is_virtual_board(std::string_view vendor, std::string_view model) {
    const auto who = lower(vendor), what = lower(model);
    static constexpr std::string_view makers[] = {"qemu",   "vmware",    "innotek", "xen",
                                                  "bochs",  "parallels", "red hat", "amazon ec2",
                                                  "google", "openstack", "nutanix", "proxmox"};
    static constexpr std::string_view models[] = {
        "virtual machine",       "virtualbox", "vmware", "kvm", "bochs", "standard pc (",
        "google compute engine", "openstack"};
    const auto stands_in = [](const std::string& text) {
        return [&](std::string_view w) { return text.find(w) != std::string::npos; };
    };
    return std::ranges::any_of(makers, stands_in(who)) || std::ranges::any_of(models, stands_in(what));
}

}  // namespace vg::probes::inventory
