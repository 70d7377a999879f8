#include "wire/zstd_frame.hpp"

#define ZSTD_STATIC_LINKING_ONLY  // the frame format without magic number
#include <zstd.h>

#include <memory>

namespace vg::wire {
namespace {

constexpr int level = 6;
constexpr std::size_t smallest_worth_trying = 64;

struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::optional<Bytes> compress(ByteView plain) {
    if (plain.size() < smallest_worth_trying) return std::nullopt;
    // Not kept: a context holds more memory than an agent at rest should, and a batch is made once in minutes.
    const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
    if (!context) return std::nullopt;
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_format, ZSTD_f_zstd1_magicless);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 0);
    Bytes frame(plain.size() - plain.size() / 32);
    const auto size = ZSTD_compress2(context.get(), frame.data(), frame.size(), plain.data(), plain.size());
    if (ZSTD_isError(size)) return std::nullopt;  // above all: the destination is too small, so it is not worth it
    frame.resize(size);
    return frame;
}

bool decompress(ByteView frame, std::size_t size, Bytes& out) {
    // Kept per thread: the collector's ingest would otherwise allocate 150 kB for every body.
    thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    if (!context) return false;
    ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_only);
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_format, ZSTD_f_zstd1_magicless);
    out.resize(size);
    const auto got = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), frame.data(), frame.size());
    return !ZSTD_isError(got) && got == size;
}

}  // namespace vg::wire
