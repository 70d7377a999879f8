// Keeping: who is known, what of it, within which bounds. What the protocols mean stands in hearing*.cpp.
#include "probes/lan/device_table.hpp"

#include "probes/lan/dissect/text.hpp"

#include <algorithm>

namespace vg::probes::lan {

void DeviceTable::forget_longest_unheard() {
    const auto& last = devices_.back();
    if (last.is_touched) --touched_;
    if (last.mac == last_mac_) last_mac_ = {};
    if (last.mac.value != 0)
        by_mac_.erase(last.mac.value);
    else
        by_ip_.erase(last.key);
    devices_.pop_back();
}

Device& DeviceTable::add() {
    if (devices_.size() >= limits_.devices) forget_longest_unheard();
    auto& device = devices_.emplace_front();
    device.first = now_;
    return device;
}

// Moves to the front; those that were touched since the last question stay together there.
Device& DeviceTable::touch(Place place) {
    if (place != devices_.begin()) devices_.splice(devices_.begin(), devices_, place);
    auto& device = *place;
    if (!device.is_touched) {
        device.is_touched = true;
        ++touched_;
    }
    device.protocols |= protocol_;
    device.last = now_;
    return device;
}

DeviceTable::Place DeviceTable::place_of(Mac mac) {
    if (mac == last_mac_ && mac.value != 0) return last_place_;
    const auto found = by_mac_.find(mac.value);
    if (found == by_mac_.end()) return devices_.end();
    last_mac_ = mac;
    return last_place_ = found->second;
}

Device& DeviceTable::heard(Mac mac, std::uint16_t vlan) {
    auto found = place_of(mac);
    if (found == devices_.end()) {
        auto& made = add();
        made.mac = mac;
        made.frames = limits_.counts_plain_frames ? 0 : 1;  // its first frame was not counted
        by_mac_.emplace(mac.value, found = devices_.begin());
    }
    auto& device = touch(found);
    if (vlan != 0) device.vlan = vlan;
    return device;
}

Device& DeviceTable::heard(const Ip& ip) {
    auto found = by_ip_.find(ip);
    if (found == by_ip_.end()) {
        auto& made = add();
        made.key = ip;
        if (ip.size != 0) made.ips.push_back(ip);
        found = by_ip_.emplace(ip, devices_.begin()).first;
    }
    return touch(found->second);
}

Device* DeviceTable::find(Mac mac) {
    const auto found = place_of(mac);
    return found == devices_.end() ? nullptr : &*found;
}

std::vector<Device*> DeviceTable::take_touched() {
    std::vector<Device*> out;
    out.reserve(touched_);
    for (auto at = devices_.begin(); touched_ > 0 && at != devices_.end(); ++at) {
        if (!at->is_touched) continue;
        at->is_touched = false;
        --touched_;
        out.push_back(&*at);
    }
    std::reverse(out.begin(), out.end());
    return out;
}

void DeviceTable::add_ip(Device& device, const Ip& ip) {
    if (!ip.is_host() || device.mac.value == 0) return;
    auto& ips = device.ips;
    if (!ips.empty() && ips.back() == ip) return;
    if (const auto known = std::find(ips.begin(), ips.end(), ip); known != ips.end()) {
        std::rotate(known, known + 1, ips.end());
        return;
    }
    if (ips.size() >= limits_.ips) ips.erase(ips.begin());
    ips.push_back(ip);
}

void DeviceTable::add_name(Device& device, NameSource source, std::string_view raw, std::uint8_t suffix) {
    auto& names = device.names;
    const auto is = [&](std::string_view text) {
        return std::find_if(names.begin(), names.end(), [&](const Name& n) {
                   return n.source == source && n.suffix == suffix && n.text == text;
               }) != names.end();
    };
    if (raw.empty() || is(raw)) return;
    auto text = dissect::clean_text(raw);
    if (text.empty() || is(text)) return;
    if (names.size() >= limits_.names) names.erase(names.begin());
    names.push_back({source, suffix, std::move(text)});
}

void DeviceTable::add_service(Device& device, std::string_view kind, std::string_view text) {
    auto& services = device.services;
    const auto is = [&](std::string_view k, std::string_view t) {
        return std::find_if(services.begin(), services.end(),
                            [&](const Service& s) { return s.kind == k && s.text == t; }) != services.end();
    };
    if (kind.empty() || is(kind, text)) return;
    Service service{dissect::clean_text(kind), dissect::clean_text(text)};
    if (service.kind.empty() || is(service.kind, service.text)) return;
    if (services.size() >= limits_.services) services.erase(services.begin());
    services.push_back(std::move(service));
}

void DeviceTable::add_neighbour(Device& device, Neighbour neighbour) {
    auto& all = device.neighbours;
    neighbour.is_fresh = true;
    const auto known = std::find_if(all.begin(), all.end(), [&](const Neighbour& n) {
        return n.protocol == neighbour.protocol && n.chassis == neighbour.chassis && n.port == neighbour.port;
    });
    if (known != all.end()) {
        *known = std::move(neighbour);
        return;
    }
    if (all.size() >= limits_.neighbours) all.erase(all.begin());
    all.push_back(std::move(neighbour));
}

void DeviceTable::settle() {
    std::map<Ip, Device*> owners;
    for (auto& device : devices_)
        if (device.mac.value != 0)
            for (const auto& ip : device.ips) owners.emplace(ip, &device);
    for (auto at = by_ip_.begin(); at != by_ip_.end();) {
        const auto owner = owners.find(at->first);
        if (owner == owners.end()) {
            ++at;
            continue;
        }
        auto& from = *at->second;
        auto& to = *owner->second;
        for (const auto& name : from.names) add_name(to, name.source, name.text, name.suffix);
        for (const auto& service : from.services) add_service(to, service.kind, service.text);
        if (to.workgroup.empty()) to.workgroup = from.workgroup;
        if (to.server_text.empty()) to.server_text = from.server_text;
        to.protocols |= from.protocols;
        to.first = std::min(to.first, from.first);
        to.last = std::max(to.last, from.last);
        if (from.is_touched) --touched_;
        devices_.erase(at->second);
        at = by_ip_.erase(at);
    }
}

}  // namespace vg::probes::lan
