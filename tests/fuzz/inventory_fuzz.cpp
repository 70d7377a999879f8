// Any bytes as what the inventory reads of a machine; the first byte says which file they stand for.
#include "probes/inventory/accounts.hpp"
#include "probes/inventory/disk_health.hpp"
#include "probes/inventory/dpkg.hpp"
#include "probes/inventory/nftables.hpp"
#include "probes/inventory/root_look.hpp"
#include "probes/inventory/settings.hpp"
#include "probes/inventory/smbios.hpp"
#include "probes/inventory/sockets.hpp"
#include "probes/inventory/system_files.hpp"
#include "probes/inventory/telling.hpp"
#include "probes/inventory/words.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace vg;
using namespace vg::probes::inventory;

namespace {

// What is shown and stored holds no control characters, and what was cleaned once stays as it is.
void clean_enough(const std::string& text) {
    fuzz::require(text.size() <= 200 && clean(text) == text);
    for (const char c : text) fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

// The same however the file was cut.
template <class Reader, class Give>
void in_pieces(std::string_view text, Give&& give) {
    Reader whole, cut;
    whole.feed(text);
    for (std::size_t at = 0; at < text.size(); at += 7) cut.feed(text.substr(at, 7));
    fuzz::require(give(whole) == give(cut));
}

void software(std::string_view text) {
    in_pieces<DpkgStatus>(text, [](DpkgStatus& reader) {
        std::string all;
        for (const auto& package : reader.finish()) {
            clean_enough(package.name);
            clean_enough(package.version);
            all += package.name + "=" + package.version + "\n";
        }
        return all;
    });
}

void accounts(std::string_view text) {
    AccountSources from;
    from.passwd = read_passwd(text);
    from.administrators = read_administrators(text);
    from.shadow = read_shadow(text);
    from.last_in.emplace();
    Reading reading;
    reading.accounts = make_accounts(from);
    wire::Observation seen;
    tell_facts(Part::accounts, reading, seen.facts);
    tell_lists(Part::accounts, reading, seen);
    for (const auto& fact : seen.facts) fuzz::require(fact.name.size() > 5 && fact.name.size() <= 220);
}

void sockets(std::string_view text) {
    std::vector<Socket> found;
    read_listeners(text, "tcp", 32768, found);
    read_listeners(text, "udp", 32768, found);
    for (const auto& socket : found) clean_enough(socket.where);
}

void modules(std::string_view text) {
    const auto found = read_memory_modules(view_of(text));
    for (const auto& module : found) {
        clean_enough(module.vendor);
        fuzz::require(module.mib > 0);
        for (const auto& other : found) fuzz::require(&other == &module || other.slot != module.slot);
    }
}

void as_root(std::string_view text) {
    wire::Observation seen;
    seen.facts = {{{wire::SubjectKind::device, "host"}, "board_serial", {}}};
    fill_from_root(text, seen);
    for (const auto& fact : seen.facts) fuzz::require(fact.name.size() <= 220);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    System system;
    PacketFilter filter;
    switch (data[0]) {
        case 'd': software(text); break;
        case 'a': accounts(text); break;
        case 'w': in_pieces<Wtmp>(text, [](Wtmp& reader) { return reader.last(); }); break;
        case 's': sockets(text); break;
        case 'm': modules(text); break;
        case 'n':
            read_nftables(view_of(text), filter);
            (void)filter.keeps_out();
            break;
        case 'u': (void)read_units(text, [](const std::string&) { return true; }); break;
        case 'r': as_root(text); break;
        case 'l': in_pieces<DpkgLog>(text, [](DpkgLog& reader) { return reader.last_upgrade(); }); break;
        case 'o':
            read_os_release(text, system);
            clean_enough(system.os_name);
            clean_enough(read_processor_model(text));
            (void)read_memory_mib(text);
            (void)iso_of_bios_date(text);
            (void)is_placeholder(text);
            break;
        case 'h':
            (void)nvme_is_failing(view_of(text));
            (void)ata_is_failing(view_of(text));
            (void)ata_is_asleep(view_of(text));
            (void)emmc_is_failing(text);
            break;
        default:
            clean_enough(clean(text));
            (void)keyfile_number(keyfile_value(text, "a", "x"));
            (void)read_lockout(text, text);
            (void)read_clamav_day(text);
            (void)nftables_conf_filters(text);
            clean_enough(read_snap_version(text));
            for (const auto& package : read_apk_installed(text)) clean_enough(package.name);
    }
    return 0;
}
