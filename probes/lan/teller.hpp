#pragma once
// When a device is worth telling: at once when it is new, soon again when more of it is known (a machine that comes
// tells its name in the seconds after its address), then changes at most once a minute, and all of it once an hour. Of
// new devices a whole LAN goes at once, then one a second: made-up addresses must not fill the spool and the line. And
// which neighbours this machine hears, until they fall silent. Pure; one thread.

#include "probes/lan/device_table.hpp"
#include "wire/observation.hpp"

#include <map>
#include <optional>
#include <string>

namespace vg::probes::lan {

class Teller {
public:
    // What was told as heard before a restart counts as heard just now: it is gone when it stays silent.
    void recall_heard(const std::vector<std::string>& entries, Mono now);

    // The news of the devices heard since the last call, and of those that were put off: facts, and an event for each
    // device that was never told.
    [[nodiscard]] wire::Observation tell(DeviceTable& table, Mono now);
    // When there will be something to tell without another frame; Mono::max(): never.
    [[nodiscard]] Mono next() const;
    void tell_all(DeviceTable& table);  // everything told is to be told anew

private:
    struct Heard {
        std::string text;
        Mono until{};
    };
    void tell_device(Device& device, Mono now, wire::Observation& out);
    bool may_be_new(Mono now);
    void hear(Device& device, Mono now, wire::Observation& out);
    void forget_silent(Mono now, wire::Observation& out);

    std::map<std::uint64_t, Mono> put_off_;  // by MAC, until when
    std::optional<std::int64_t> news_left_;  // new devices that may be told now
    Mono news_counted_{};
    std::map<std::string, Heard> heard_;
};

}  // namespace vg::probes::lan
