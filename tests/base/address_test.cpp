#include "base/address.hpp"

#include <gtest/gtest.h>

namespace vg {
namespace {

TEST(Network, V4AndV6) {
    const auto in = [](const char* network, const char* address) {
        return Network::parse(network).value().contains(address);
    };
    EXPECT_TRUE(in("10.0.0.0/8", "10.255.1.2"));
    EXPECT_FALSE(in("10.0.0.0/8", "11.0.0.1"));
    EXPECT_TRUE(in("10.1.2.3", "10.1.2.3"));
    EXPECT_TRUE(in("192.168.4.0/22", "192.168.7.255"));
    EXPECT_FALSE(in("192.168.4.0/22", "192.168.8.0"));
    EXPECT_TRUE(in("0.0.0.0/0", "1.2.3.4"));
    EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(in("2001:db8::/32", "2001:db8:1::ffff"));
    EXPECT_FALSE(in("2001:db8::/32", "2001:db9::1"));
    EXPECT_TRUE(in("fe80::/10", "fe80::1%eth0"));
    EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.1.1"));
    for (const auto* bad : {"10.0.0", "10.0.0.0/33", "300.0.0.1", "x", "1:2:3", "::/129", "1::2::3",
                            "1:2:3:4:5:6:7:8:9", "10.0.0.0/", "", "12345::"})
        EXPECT_FALSE(Network::parse(bad).has_value()) << bad;
}

TEST(Address, IsRefusedWhenItIsNone) {
    for (const auto* bad : {"10.20.0.999", "10.20.0", "10.20.0.1.2", "10.20.0.1/24", "host", "", "1.2.3.4 ", "::g"})
        EXPECT_FALSE(parse_address(bad).has_value()) << bad;
    EXPECT_EQ(parse_address("10.1.0.1"), parse_address("::ffff:10.1.0.1"));
    EXPECT_EQ(parse_address("2001:DB8::1"), parse_address("2001:db8:0:0::1"));
}

TEST(Mac, IsSixPairsInLowerCase) {
    EXPECT_TRUE(is_mac("52:54:00:12:ab:ef"));
    EXPECT_TRUE(is_mac("ff:ff:ff:ff:ff:ff"));
    for (const auto* bad : {"", "52:54:00:12:AB:ef", "52-54-00-12-ab-ef", "52:54:00:12:ab",
                            "52:54:00:12:ab:ef:", "525400:12:ab:ef:0", "52:54:00:12:ab:eg", "5:254:00:12:ab:ef"})
        EXPECT_FALSE(is_mac(bad)) << bad;
}

}  // namespace
}  // namespace vg
