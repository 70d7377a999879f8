#include "wire/frame.hpp"

#include <gmock/gmock.h>

namespace vg::wire {
namespace {

Bytes frame_of(FrameType type, std::size_t size) {
    Bytes out;
    append_frame(type, Bytes(size, 0x5a), out);
    return out;
}

TEST(FrameParser, GivesFramesHoweverTheyArrive) {
    Bytes stream = frame_of(FrameType::hello, 0);
    for (const std::size_t size : {1UL, 126UL, 127UL, 128UL, 5000UL}) {
        const auto more = frame_of(FrameType::batch, size);
        stream.insert(stream.end(), more.begin(), more.end());
    }
    for (const std::size_t step : {1UL, 2UL, 3UL, 100UL, stream.size()}) {
        FrameParser parser(8192);
        std::vector<std::size_t> sizes;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            parser.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
            while (true) {
                auto frame = parser.next();
                ASSERT_TRUE(frame) << frame.error().message;
                if (!*frame) break;
                sizes.push_back((*frame)->payload.size());
            }
        }
        EXPECT_THAT(sizes, ::testing::ElementsAre(0, 1, 126, 127, 128, 5000));
        EXPECT_EQ(parser.buffered(), 0U);
    }
}

void refused_as(const Bytes& stream, FrameFault fault) {
    FrameParser parser(1000);
    parser.feed(stream);
    const auto frame = parser.next();
    ASSERT_FALSE(frame);
    EXPECT_EQ(frame.error().code, Errc::invalid_input);
    EXPECT_EQ(parser.fault(), fault);
    EXPECT_EQ(parser.buffered(), 0U);
    EXPECT_FALSE(parser.next()) << "an error stays";
}

TEST(FrameParser, RefusesEachByItsFault) {
    refused_as({0x00}, FrameFault::malformed);
    refused_as({0x80, 0x80, 0x80, 0x80}, FrameFault::malformed);
    refused_as({0xe9, 0x07}, FrameFault::oversized);  // 1001, told before anything else came
    refused_as({0x01, 0x00}, FrameFault::unknown_type);
    refused_as({0x05, 0x08}, FrameFault::unknown_type);
    refused_as({0x01, 0xff}, FrameFault::unknown_type);
}

TEST(FrameParser, TheLimitIsRaisedAfterLogin) {
    FrameParser parser(100);
    const auto stream = frame_of(FrameType::batch, 500);
    parser.set_limit(1000);
    parser.feed(stream);
    const auto frame = parser.next();
    ASSERT_TRUE(frame);
    ASSERT_TRUE(*frame);
    EXPECT_EQ((*frame)->payload.size(), 500U);
}

TEST(FrameParser, WaitsForTheRest) {
    FrameParser parser(1000);
    const auto stream = frame_of(FrameType::names, 300);
    for (std::size_t cut = 0; cut < stream.size(); ++cut) {
        FrameParser fresh(1000);
        fresh.feed(ByteView(stream).first(cut));
        const auto frame = fresh.next();
        ASSERT_TRUE(frame);
        EXPECT_FALSE(*frame);
    }
}

}  // namespace
}  // namespace vg::wire
