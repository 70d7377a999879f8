#include "probes/dns/message.hpp"
#include "tests/fuzz/round_trip.hpp"

// Whatever comes, the reader gives a reply or an error, and following aliases ends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vg::probes::dns;
    const auto reply = read_reply({data, size});
    if (!reply) return 0;
    vg::fuzz::require(reply->question.size() <= 253);
    for (const auto& record : reply->answers) vg::fuzz::require(record.name.size() <= 253);
    for (const auto type : {Type::a, Type::aaaa, Type::mx, Type::txt})
        vg::fuzz::require(answers_for(*reply, reply->question, type).size() <= reply->answers.size());
    return 0;
}
