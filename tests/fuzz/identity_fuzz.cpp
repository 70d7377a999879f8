// Any bytes as a story of witnesses that come, tell, fall silent and go, and of people who pin them. After every step
// each witness is in one record, those who follow what is told of removed and touched records see exactly the records
// there are, settling again changes nothing, and the same witnesses brought to another engine give the same records.
#include "collector/inventory/identity.hpp"
#include "tests/fuzz/round_trip.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

using namespace vg;
using namespace vg::collector::inventory;

namespace {

struct Kind {
    const char* id;
    Source source;
    const char* key = "";  // of a row of the register
};
constexpr std::array witnesses{Kind{"HA01/host:a1", Source::host},
                               Kind{"HA01/host:a2", Source::host},
                               Kind{"HA02/host:a3", Source::host},
                               Kind{"HA01/snmp:10.1.0.1", Source::snmp},
                               Kind{"HA02/snmp:10.2.0.1", Source::snmp},
                               Kind{"HA01/mac:00:1b:21:00:00:01", Source::lan},
                               Kind{"HA01/mac:00:1b:21:00:00:02", Source::lan},
                               Kind{"HA02/mac:00:1b:21:00:00:01", Source::lan},
                               Kind{"HA01/mac:02:1b:21:00:00:03", Source::lan},
                               Kind{"HA01/mac:00:00:5e:00:01:01", Source::lan},
                               Kind{"HA01/name:router", Source::reg, "mac:00:1b:21:00:00:01"},
                               Kind{"HA01/name:gateway", Source::reg, "mac:00:00:5e:00:01:01"},
                               Kind{"HA02/name:recorder", Source::reg, "snmp:10.2.0.1"}};

constexpr std::array<std::pair<const char*, const char*>, 22> said{{
    {"machine_id", "0123456789abcdef"},
    {"machine_id", "fedcba9876543210"},
    {"board_vendor", "Dell Inc."},
    {"board_serial", "S-0001"},
    {"board_serial", "S-0002"},
    {"serial", "S-0001"},
    {"serial", "T-0001"},
    {"engine_id", "80001f8801"},
    {"engine_id", "80001f8802"},
    {"adapter/eth0", R"({"mac":"00:1b:21:00:00:01","ipv4":"10.1.0.11/24"})"},
    {"adapter/eth0", R"({"mac":"00:1b:21:00:00:02"})"},
    {"interface/1", R"({"mac":"00:1b:21:00:00:01"})"},
    {"interface/2", R"({"mac":"00:1b:21:00:00:02"})"},
    {"address/10.1.0.1", "{}"},
    {"ip", "10.1.0.1"},
    {"ip", "10.1.0.11"},
    {"mac", "00:1b:21:00:00:01"},
    {"mac", "02:1b:21:00:00:03"},
    {"client_id", "ff00112233445566"},
    {"computer_name", "pc-1"},
    {"host", "pc-1"},
    {"host_name", "pc-1"},
}};

using Partition = std::map<std::string, std::set<std::string>>;

Partition partition(const Identity& identity) {
    Partition out;
    for (const auto* record : identity.records()) {
        std::set<std::string> members(record->witnesses.begin(), record->witnesses.end());
        fuzz::require(!members.empty() && members.size() == record->witnesses.size());
        fuzz::require(record->confidence >= 0 && record->confidence <= 1);
        for (const auto& member : members) fuzz::require(identity.record_of(member) == record);
        fuzz::require(out.emplace(record->id, std::move(members)).second);
    }
    return out;
}

class Story {
public:
    explicit Story(FuzzedDataProvider& data) : data_(data) {}

    void tell() {
        for (int step = 0; step < 200 && data_.remaining_bytes() > 0; ++step) one_step();
        settle();
        start_anew();
    }

private:
    const Kind& any() { return witnesses[data_.ConsumeIntegralInRange<std::size_t>(0, witnesses.size() - 1)]; }
    std::vector<std::string> some() {
        std::vector<std::string> out;
        for (auto n = data_.ConsumeIntegralInRange<int>(1, 2); n > 0; --n) out.emplace_back(any().id);
        return out;
    }

    void one_step() {
        switch (data_.ConsumeIntegralInRange<int>(0, 7)) {
            case 0:
            case 1: {
                const auto& one = any();
                add(identity_, one, now_);
                break;
            }
            case 2:
            case 3: {
                const auto& [name, value] = said[data_.ConsumeIntegralInRange<std::size_t>(0, said.size() - 1)];
                identity_.tell(any().id, name, data_.ConsumeIntegralInRange<int>(0, 7) == 0 ? "" : value);
                break;
            }
            case 4: {
                const auto& one = any();
                if (one.source == Source::host)
                    identity_.alive(one.id, data_.ConsumeBool(), now_);
                else if (one.source == Source::reg)
                    identity_.forget(one.id);
                else
                    identity_.seen(one.id, now_);
                break;
            }
            case 5: {
                if (pins_.size() < 4)
                    pins_.push_back({some(), some(), data_.ConsumeBool()});
                else
                    pins_.clear();
                identity_.set_pins(pins_);
                break;
            }
            case 6: now_ += std::chrono::seconds(data_.ConsumeIntegralInRange<int>(0, 400)); break;
            case 7: settle(); break;
        }
    }

    static void add(Identity& to, const Kind& one, Time first) {
        fuzz::require(to.add(one.id, one.source, first));
        if (one.source == Source::reg) to.tell(one.id, "key", one.key);
    }

    // As the pipeline does (devices.cpp).
    void settle() {
        const auto settled = identity_.settle(now_);
        for (const auto& id : settled.removed) {
            const auto* heir = identity_.record_of(id);
            if (heir == nullptr || heir->id != id) rows_.erase(id);
        }
        for (const auto& id : settled.touched)
            if (const auto* record = identity_.record_of(id); record != nullptr && record->id == id) rows_.insert(id);
        const auto all = partition(identity_);
        std::size_t count = 0;
        for (const auto& [id, members] : all) {
            fuzz::require(rows_.contains(id));
            count += members.size();
        }
        fuzz::require(rows_.size() == all.size() && count == identity_.witnesses());
        const auto again = identity_.settle(now_);
        fuzz::require(again.changes.empty() && again.removed.empty() && again.touched.empty());
    }

    void start_anew() {
        Identity other;
        const auto bring = [&](const Kind& one) {
            const auto* known = identity_.witness(one.id);
            if (known == nullptr) return;
            add(other, one, known->first);
            other.seen(one.id, known->last);
            for (const auto& [name, value] : known->slots) restore(other, one.id, name, value);
            if (one.source == Source::host) other.alive(one.id, known->alive, known->last);
        };
        if (pins_.size() % 2 == 0)
            std::for_each(witnesses.begin(), witnesses.end(), bring);
        else
            std::for_each(witnesses.rbegin(), witnesses.rend(), bring);
        other.set_pins(pins_);
        for (const auto& one : witnesses)  // as the store keeps it: what signals alone would not give again
            if (const auto* known = identity_.witness(one.id);
                known != nullptr && known->link && known->link->is_to_be_kept())
                other.hold(one.id, known->link->to);
        (void)other.settle(now_);
        fuzz::require(partition(other) == partition(identity_));
    }

    // A slot holds what was told in short.
    static void restore(Identity& to, const std::string& id, const std::string& name, const std::string& value) {
        if (name.starts_with("adapter/")) {
            const auto space = value.find(' ');
            const auto address = space == std::string::npos ? "" : R"(,"ipv4":")" + value.substr(space + 1) + '"';
            to.tell(id, name, R"({"mac":")" + value.substr(0, space) + '"' + address + '}');
        } else if (name.starts_with("interface/")) {
            to.tell(id, name, R"({"mac":")" + value + "\"}");
        } else {
            to.tell(id, name, value);
        }
    }

    FuzzedDataProvider& data_;
    Identity identity_;
    std::vector<Pin> pins_;
    std::set<std::string> rows_;
    Time now_{std::chrono::hours(1)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider bytes(data, size);
    Story(bytes).tell();
    return 0;
}
