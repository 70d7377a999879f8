// The inventory's readers of settings: units, upgrades, locks, what root sees and the packet filter.
#include "probes/inventory/accounts.hpp"
#include "probes/inventory/nftables.hpp"
#include "probes/inventory/root_look.hpp"
#include "probes/inventory/settings.hpp"

#include <gmock/gmock.h>

#include <cstring>

namespace vg::probes::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Settings, UnitsThatRunFailOrRestThoughEnabled) {
    const auto enabled = [](const std::string& name) { return name == "apache2"; };
    const auto units =
        read_units(R"([{"unit":"cron.service","load":"loaded","active":"active","sub":"running","description":"x"},)"
                   R"({"unit":"apache2.service","load":"loaded","active":"inactive","sub":"dead"},)"
                   R"({"unit":"rest.service","load":"loaded","active":"inactive","sub":"dead"},)"
                   R"({"unit":"ssh@1.service","load":"loaded","active":"failed","sub":"failed"},)"
                   R"({"unit":"gone.service","load":"not-found","active":"inactive"},{"unit":7},3,)"
                   R"({"unit":"x.timer","load":"loaded","active":"active"}])",
                   enabled);
    ASSERT_TRUE(units);
    ASSERT_THAT(*units, SizeIs(3));
    EXPECT_EQ(units->at(0).name + units->at(0).state, "cronrunning");
    EXPECT_EQ(units->at(1).name + units->at(1).state, "apache2stopped");
    EXPECT_EQ(units->at(2).name + units->at(2).state, "ssh@1failed");
    for (const auto* text : {"", "{}", "[", "System has not been booted", "[[[[[[[[[[[[[[[[[["})
        EXPECT_FALSE(read_units(text, enabled)) << text;
}

TEST(Settings, TheLastUpgradeHoweverTheLogIsCut) {
    const std::string text =
        "2026-10-01 09:12:44 startup packages configure\n2026-10-02 09:12:44 upgrade libc6:amd64 2.36-8 2.36-9\n" +
        std::string(5000, 'y') + "\n2026-12-31 09:1" + std::string(300, '.') +
        "2:44 upgrade x 1 2\n2026-12-30 09:12:44 upgrade " + std::string(300, 'x') + " 1 2" +
        "\n2026-09-02 09:12:44 upgrade x 1 2\n2026-11-03 09:12:44 install vim:amd64 <none> 9\n" +
        "2026-13-40 09:12:44 upgrade x 1 2\nupgrade\n";
    for (std::size_t piece : {1U, 3U, 100U, 10'000U}) {
        DpkgLog log;
        for (std::size_t at = 0; at < text.size(); at += piece) log.feed(std::string_view(text).substr(at, piece));
        EXPECT_EQ(log.last_upgrade(), Day{std::chrono::year{2026} / 10 / 2}) << piece;
    }
}

TEST(Settings, AccountsLockAfter) {
    EXPECT_EQ(read_lockout("auth required pam_unix.so\n", "deny = 5\n"), 0);
    EXPECT_EQ(read_lockout("auth required pam_faillock.so preauth silent deny=4 unlock_time=900\n", "deny = 5\n"), 4);
    EXPECT_EQ(read_lockout("auth required pam_faillock.so preauth\n", "deny = 5\n"), 5);
    EXPECT_EQ(read_lockout("auth required pam_faillock.so preauth\n", ""), 3);
    EXPECT_EQ(read_lockout("#auth required pam_faillock.so\naccount required pam_faillock.so\n", ""), 0);
    EXPECT_EQ(read_lockout("auth required pam_tally2.so deny=6\n", ""), 6);
}

TEST(Settings, KeyfilesAndDays) {
    const auto text = "[a]\nx=1\n[b/c]\n# x=3\nx = uint32 900\n[b]\nx=true\n";
    EXPECT_EQ(keyfile_number(keyfile_value(text, "b/c", "x")), 900);
    EXPECT_EQ(keyfile_flag(keyfile_value(text, "b", "x")), true);
    EXPECT_EQ(keyfile_value(text, "c", "x"), "");
    EXPECT_EQ(read_clamav_day("ClamAV-VDB:21 Nov 2026 04-25 -0500:27764:"), Day{std::chrono::year{2026} / 11 / 21});
    EXPECT_EQ(read_clamav_day("ClamAV-VDB:31 Feb 2026"), std::nullopt);
    EXPECT_EQ(read_clamav_day("ClamAV-VDB:"), std::nullopt);
    EXPECT_EQ(day_of(20'000 * 86'400LL + 17 * 3600), Day{std::chrono::days{20'001}});  // it is tomorrow in Ha Noi
}

TEST(Settings, AConfigurationThatKeepsSomethingOut) {
    EXPECT_TRUE(nftables_conf_filters("chain input {\n type filter hook input priority 0; policy drop;\n}\n"));
    EXPECT_TRUE(nftables_conf_filters("chain input {\n type filter hook input priority 0;\n tcp dport 23 reject\n}\n"));
    EXPECT_FALSE(nftables_conf_filters("chain input {\n type filter hook input priority 0;\n}\n"));
    EXPECT_FALSE(nftables_conf_filters("chain input {\n hook input\n}\nchain forward {\n policy drop;\n}\n"));
}

wire::Observation seen_without_rights() {
    const wire::Subject host{wire::SubjectKind::device, "host"};
    wire::Observation seen;
    seen.facts = {{host, "board_serial", {}},
                  {host, "firewall_on", true},
                  {host, "os_id", std::string("debian")},
                  {host, "account/lan", std::string("{}")}};
    return seen;
}

TEST(RootLook, FillsWhatOneCouldNotKnowOneself) {
    auto seen = seen_without_rights();
    fill_from_root(R"({"probe":"inventory","facts":[
        {"subject":{"kind":"device","key":"host"},"name":"board_serial","value":"5CG8340ABC"},
        {"subject":{"kind":"device","key":"host"},"name":"firewall_on","value":false},
        {"subject":{"kind":"device","key":"host"},"name":"os_id","value":"windows"},
        {"subject":{"kind":"device","key":"host"},"name":"memory/DIMM A","value":"{\"mib\":8192}"},
        {"subject":{"kind":"device","key":"host"},"name":"account/lan","value":{"enabled":true}}]})",
                   seen);
    ASSERT_THAT(seen.facts, SizeIs(5));
    EXPECT_EQ(seen.facts[0].value, wire::FactValue{"5CG8340ABC"});
    EXPECT_EQ(seen.facts[1].value, wire::FactValue{false});
    EXPECT_EQ(seen.facts[2].value, wire::FactValue{"debian"});
    EXPECT_EQ(seen.facts[4].value, wire::FactValue{R"({"enabled":true})"});
    EXPECT_THAT(seen.whole, SizeIs(2));
}

TEST(RootLook, TakesNothingElse) {
    auto seen = seen_without_rights();
    for (const auto* text : {"", "{", "[]", "{\"facts\":3}", R"({"facts":[1,{},{"subject":{"key":"host"}}]})",
                             R"({"facts":[{"subject":{"key":"host"},"name":"board_serial","value":5}]})",
                             R"({"facts":[{"subject":{"key":"snmp:1"},"name":"board_serial","value":"x"}]})",
                             R"({"facts":[{"subject":{"key":"host"},"name":"snmp_ok","value":true}]})",
                             R"({"facts":[{"subject":{"key":"host"},"name":"software/bash","value":"5"}]})"})
        fill_from_root(text, seen);
    EXPECT_EQ(seen.facts.size(), 4U);
    EXPECT_EQ(seen.facts[0].value, wire::FactValue{});
    EXPECT_THAT(seen.whole, IsEmpty());
}

// Messages as the kernel writes them: a header, and attributes in attributes.
std::string attribute(std::uint16_t type, const std::string& content) {
    const auto length = static_cast<std::uint16_t>(4 + content.size());
    std::string out(4, '\0');
    std::memcpy(out.data(), &length, 2);
    std::memcpy(out.data() + 2, &type, 2);
    out += content;
    out.resize((out.size() + 3) / 4 * 4);
    return out;
}
std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
            static_cast<char>(value)};
}
std::string text(const std::string& value) { return value + std::string(1, '\0'); }
std::string message(std::uint16_t type, const std::string& attributes, char family = 1) {
    std::string out(20, '\0');
    const auto length = static_cast<std::uint32_t>(20 + attributes.size());
    std::memcpy(out.data(), &length, 4);
    std::memcpy(out.data() + 4, &type, 2);
    out[16] = family;
    return out + attributes;
}
std::string chain(const std::string& name, std::uint32_t hook, std::uint32_t policy) {
    return message(0xa03, attribute(1, text("filter")) + attribute(3, text(name)) +
                              attribute(0x8004, attribute(1, big_endian(hook)) + attribute(2, big_endian(0))) +
                              attribute(5, big_endian(policy)) + attribute(7, text("filter")));
}
std::string verdict(std::uint32_t code, const std::string& to = {}) {
    auto content = attribute(1, big_endian(code));
    if (!to.empty()) content += attribute(2, text(to));
    return attribute(1, attribute(1, text("immediate")) +
                            attribute(2, attribute(1, big_endian(0)) + attribute(2, attribute(2, content))));
}
std::string rule(const std::string& in, const std::string& expressions) {
    return message(0xa06, attribute(1, text("filter")) + attribute(2, text(in)) + attribute(4, expressions));
}
PacketFilter filter(const std::string& messages) {
    PacketFilter out;
    read_nftables(view_of(messages), out);
    return out;
}

TEST(Nftables, KeepsOutByPolicyOrByARule) {
    constexpr std::uint32_t input = 1, forward = 2, drop = 0, accept = 1, jump = 0xfffffffd;
    EXPECT_FALSE(filter(chain("in", input, accept)).keeps_out());
    EXPECT_TRUE(filter(chain("in", input, drop)).keeps_out());
    EXPECT_FALSE(filter(chain("fwd", forward, drop)).keeps_out());
    EXPECT_FALSE(filter(chain("in", input, accept) + rule("in", verdict(accept))).keeps_out());
    EXPECT_TRUE(filter(chain("in", input, accept) + rule("in", verdict(drop))).keeps_out());
    EXPECT_FALSE(filter(chain("in", input, accept) + rule("other", verdict(drop))).keeps_out());
    EXPECT_TRUE(filter(chain("in", input, accept) + rule("in", verdict(jump, "other")) + rule("other", verdict(drop)))
                    .keeps_out());
    EXPECT_FALSE(
        filter(chain("in", input, accept) + rule("in", verdict(jump, "other")) + rule("other", verdict(jump, "in")))
            .keeps_out());
    const auto reject = attribute(1, attribute(1, text("reject")) + attribute(2, ""));
    EXPECT_TRUE(filter(chain("in", input, accept) + rule("in", reject)).keeps_out());
    const auto target = attribute(1, attribute(1, text("target")) + attribute(2, attribute(1, text("DROP"))));
    EXPECT_TRUE(filter(chain("in", input, accept) + rule("in", target)).keeps_out());
    const auto done = filter(message(3, ""));
    EXPECT_TRUE(done.is_done && !done.is_refused);
    EXPECT_TRUE(filter(message(2, "").replace(16, 4, std::string("\xff\xff\xff\xff", 4))).is_refused);
}

TEST(Nftables, AnyCutOfAnAnswerIsHarmless) {
    const auto whole = chain("in", 1, 0) + rule("in", verdict(0));
    for (std::size_t n = 0; n < whole.size(); ++n) (void)filter(whole.substr(0, n));
    auto wrong = whole;
    for (std::size_t i = 0; i < wrong.size(); ++i) {
        wrong[i] = static_cast<char>(wrong[i] ^ 0xff);
        (void)filter(wrong);
        wrong[i] = static_cast<char>(wrong[i] ^ 0xff);
    }
}

}  // namespace
}  // namespace vg::probes::inventory
