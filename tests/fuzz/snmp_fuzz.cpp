// An SNMP agent that answers whatever it likes: walks over its tables end, and what it said becomes facts and rates or
// nothing. (The bytes of SNMP are net-snmp's; this begins at the values it hands over.)
#include "base/bytes.hpp"
#include "probes/snmp/device.hpp"
#include "tests/fuzz/round_trip.hpp"

#include <cmath>

using namespace vg;
using namespace vg::probes::snmp;

namespace {

class Liar {  // makes bindings of the input's bytes
public:
    explicit Liar(ByteView input) : rest_(input) {}
    [[nodiscard]] bool is_done() const { return rest_.empty(); }

    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const auto b = rest_[0];
        rest_ = rest_.subspan(1);
        return b;
    }
    std::uint64_t number() {
        std::uint64_t n = 0;
        for (int i = byte() % 9; i > 0; --i) n = n << 8 | byte();
        return n;
    }
    Oid oid(const std::vector<Oid>& asked) {
        Oid out;
        const auto how = byte();
        if (how % 4 != 0 && !asked.empty()) out = asked[how / 4 % asked.size()];
        for (int i = byte() % 5; i > 0; --i) out.push_back(static_cast<std::uint32_t>(number()));
        return out;
    }
    Value value() {
        switch (byte() % 5) {
            case 0: return std::monostate{};
            case 1: return static_cast<std::int64_t>(number());
            case 2: return number();
            case 3: {
                std::string text;
                for (int i = byte() % 64; i > 0; --i) text += static_cast<char>(byte());
                return text;
            }
            default: return oid({});
        }
    }
    std::vector<Binding> answer(const std::vector<Oid>& asked) {
        std::vector<Binding> out;
        for (int i = byte() % 32; i > 0; --i) {
            auto name = oid(asked);
            out.push_back({std::move(name), value()});
        }
        return out;
    }

private:
    ByteView rest_;
};

Rows walk(Liar& liar, const Oid& entry, const std::vector<std::uint32_t>& columns) {
    Walk walk(entry, columns);
    for (auto asked = walk.next(); !asked.empty(); asked = walk.next()) walk.take(liar.answer(asked));
    return walk.rows();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Liar liar({data, size});
    Device device("snmp:10.0.0.1");
    Mono at{};
    for (int visit = 0; visit < 3; ++visit, at += Millis{60'000}) {
        Answers answers;
        answers.system = liar.answer(system_oids());
        answers.interfaces = walk(liar, if_entry(), if_columns());
        answers.extensions = walk(liar, if_x_entry(), if_x_columns());
        wire::Observation seen;
        device.add(answers, at, true, seen);
        for (const auto& sample : seen.samples) fuzz::require(std::isfinite(sample.value) && sample.value >= 0);
    }
    return 0;
}
