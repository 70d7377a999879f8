#include "probes/lan/teller.hpp"

#include "probes/lan/device_json.hpp"
#include "probes/lan/facts.hpp"

#include <algorithm>
#include <utility>

namespace vg::probes::lan {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Millis soon = seconds(3), pause = minutes(1), again = minutes(55);
constexpr Millis least_silence = minutes(1), most_silence = std::chrono::hours(1), recalled_silence = minutes(5);
constexpr std::size_t most_heard = 256;
constexpr std::int64_t news_at_once = 1500;
constexpr Millis one_more = seconds(1);
constexpr std::size_t most_put_off = 8192;

const wire::Subject this_machine{wire::SubjectKind::device, "host"};

std::uint64_t digest_of(const std::vector<wire::Fact>& facts) {
    std::uint64_t sum = 0xcbf29ce484222325;
    const auto mix = [&sum](std::string_view text) {
        for (const char c : text) sum = (sum ^ static_cast<std::uint8_t>(c)) * 0x100000001b3;
    };
    for (const auto& fact : facts) {
        mix(fact.name);
        if (const auto* text = std::get_if<std::string>(&fact.value)) mix(*text);
        if (const auto* number = std::get_if<std::int64_t>(&fact.value)) mix(std::to_string(*number));
    }
    return sum;
}

Millis silence_of(const Neighbour& neighbour) {
    return std::clamp<Millis>(seconds(neighbour.seconds_to_live), least_silence, most_silence);
}

}  // namespace

void Teller::recall_heard(const std::vector<std::string>& entries, Mono now) {
    for (const auto& entry : entries)
        if (heard_.size() < most_heard) heard_[entry] = {{}, now + recalled_silence};
}

bool Teller::may_be_new(Mono now) {
    if (!news_left_) news_left_ = news_at_once, news_counted_ = now;
    const auto more = (now - news_counted_) / one_more;
    news_left_ = std::min(news_at_once, *news_left_ + more);
    news_counted_ += more * one_more;
    if (*news_left_ == 0) return false;
    --*news_left_;
    return true;
}

void Teller::tell_device(Device& device, Mono now, wire::Observation& out) {
    const bool is_new = device.times_told == 0;
    auto due = is_new ? now : device.told + (device.times_told == 1 ? soon : pause);
    if (is_new && !may_be_new(now)) due = now + pause;
    if (now < due) {
        // One that is left out is told when it is heard again.
        if (put_off_.size() < most_put_off) put_off_[device.mac.value] = due;
        return;
    }
    put_off_.erase(device.mac.value);
    auto facts = facts_of(device);
    const auto digest = digest_of(facts);
    if (!is_new && digest == device.told_digest && now - device.told < again) return;
    if (is_new) out.events.push_back(new_host(device, now));
    device.told = now;
    device.told_digest = digest;
    device.times_told = std::min<std::uint8_t>(2, device.times_told + 1);
    std::move(facts.begin(), facts.end(), std::back_inserter(out.facts));
}

void Teller::hear(Device& device, Mono now, wire::Observation& out) {
    for (auto& neighbour : device.neighbours) {
        if (!std::exchange(neighbour.is_fresh, false)) continue;
        const auto entry = heard_entry(neighbour);
        const bool leaves = neighbour.protocol != NeighbourProtocol::stp && neighbour.seconds_to_live == 0;
        auto known = heard_.find(entry);
        if (known == heard_.end()) {
            if (leaves || heard_.size() >= most_heard) continue;
            known = heard_.emplace(entry, Heard{}).first;
        }
        known->second.until = leaves ? now : now + silence_of(neighbour);
        if (leaves) continue;
        auto text = neighbour_text(neighbour);
        if (text == known->second.text) continue;
        known->second.text = std::move(text);
        out.facts.push_back({this_machine, entry, known->second.text});
    }
}

void Teller::forget_silent(Mono now, wire::Observation& out) {
    for (auto at = heard_.begin(); at != heard_.end();) {
        if (now < at->second.until) {
            ++at;
            continue;
        }
        out.facts.push_back({this_machine, at->first, std::string()});
        at = heard_.erase(at);
    }
}

wire::Observation Teller::tell(DeviceTable& table, Mono now) {
    wire::Observation out;
    out.at = now;
    for (auto* device : table.take_touched()) {
        if (device->mac.value == 0) continue;
        tell_device(*device, now, out);
        if (!device->neighbours.empty()) hear(*device, now, out);
    }
    std::vector<std::uint64_t> due;
    for (const auto& [mac, until] : put_off_)
        if (until <= now) due.push_back(mac);
    for (const auto mac : due) {
        if (auto* device = table.find(Mac{mac}))
            tell_device(*device, now, out);
        else
            put_off_.erase(mac);
    }
    forget_silent(now, out);
    return out;
}

Mono Teller::next() const {
    auto at = Mono::max();
    for (const auto& [mac, until] : put_off_) at = std::min(at, until);
    for (const auto& [entry, heard] : heard_) at = std::min(at, heard.until);
    return at;
}

void Teller::tell_all(DeviceTable& table) {
    for (auto& device : table.devices()) {
        if (device.times_told == 0) continue;
        device.told_digest = 0;
        put_off_[device.mac.value] = Mono{};
    }
    for (auto& [entry, heard] : heard_) heard.text.clear();
}

}  // namespace vg::probes::lan
