#include "tests/fuzz/round_trip.hpp"
#include "wire/limits.hpp"
#include "wire/messages.hpp"

namespace {

using namespace vg::wire;

template <class M>
void try_message(vg::ByteView payload) {
    vg::fuzz::round_trip(payload, decode<M>, [](const M& message) { return encode(message); });
}

void try_type(FrameType type, vg::ByteView payload) {
    switch (type) {
        case FrameType::hello: return try_message<Hello>(payload);
        case FrameType::batch: return try_message<Batch>(payload);
        case FrameType::heartbeat: return try_message<Heartbeat>(payload);
        case FrameType::names: return try_message<Names>(payload);
        case FrameType::bye: return try_message<Bye>(payload);
        case FrameType::enrol: return try_message<Enrol>(payload);
        case FrameType::renew: return try_message<Renew>(payload);
        case FrameType::welcome: return try_message<Welcome>(payload);
        case FrameType::ack: return try_message<Ack>(payload);
        case FrameType::assignment: return try_message<Assignment>(payload);
        case FrameType::refuse: return try_message<Refuse>(payload);
        case FrameType::certificate: return try_message<Certificate>(payload);
        case FrameType::pulse: return try_message<Pulse>(payload);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FrameParser parser(limits::max_frame);
    parser.feed({data, size});
    for (auto frame = parser.next(); frame && *frame; frame = parser.next())
        try_type((*frame)->type, (*frame)->payload);
    (void)parse_token(vg::text_of({data, size}));
    return 0;
}
