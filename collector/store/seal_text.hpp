#pragma once
// What a daily seal says, and its bytes: the store writes them, the verifier reads them. Pure.

#include "base/bytes.hpp"
#include "base/crypto.hpp"
#include "base/result.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace vg::collector {

struct SealedStream {
    std::string agent;
    std::uint64_t epoch = 0;
    std::uint64_t index = 0;            // of the last event then
    crypto::Digest head{};              // of the chain after it
    std::vector<std::uint64_t> breaks;  // where the agent itself said that events are missing before this index
};

struct Seal {
    std::int64_t day = 0;     // days since the epoch, UTC
    crypto::Digest before{};  // SHA-256 of the seal before and its signature; zero for the first
    std::vector<SealedStream> streams;
};

[[nodiscard]] inline Bytes encode(const Seal& seal) {
    Bytes out;
    Writer writer(out);
    writer.text("vonggac seal 1");
    writer.svarint(seal.day);
    writer.bytes(seal.before);
    writer.varint(seal.streams.size());
    for (const auto& s : seal.streams) {
        writer.text(s.agent);
        writer.fixed64(s.epoch);
        writer.varint(s.index);
        writer.bytes(s.head);
        writer.varint(s.breaks.size());
        for (const auto index : s.breaks) writer.varint(index);
    }
    return out;
}

[[nodiscard]] inline Result<Seal> decode_seal(ByteView bytes) {
    Seal seal;
    Reader in(bytes);
    const auto digest = [&in] {
        crypto::Digest out{};
        const auto raw = in.bytes(out.size());
        if (raw.size() == out.size()) std::copy(raw.begin(), raw.end(), out.begin());
        return out;
    };
    if (in.text(64) != "vonggac seal 1") in.set_failed();
    seal.day = in.svarint();
    seal.before = digest();
    for (auto n = in.varint(); in.ok() && n > 0; --n) {
        SealedStream s;
        s.agent = in.text(256);
        s.epoch = in.fixed64();
        s.index = in.varint();
        s.head = digest();
        for (auto breaks = in.varint(); in.ok() && breaks > 0; --breaks) s.breaks.push_back(in.varint());
        seal.streams.push_back(std::move(s));
    }
    if (!in.done()) return fail(Errc::corrupt, say({"không đọc được một dấu niêm phong", "a seal cannot be read"}));
    return seal;
}

}  // namespace vg::collector
