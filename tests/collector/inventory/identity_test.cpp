// One device from many signals: what joins witnesses, what keeps them apart, and what people decide.
#include "collector/inventory/identity.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace vg::collector::inventory {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class IdentityTest : public testing::Test {
protected:
    // A PC with an agent, as its inventory tells it.
    void pc(const std::string& id, const std::string& machine, const std::string& serial,
            const std::vector<std::string>& macs) {
        ASSERT_TRUE(one.add(id, Source::host, now));
        one.tell(id, "machine_id", machine);
        one.tell(id, "board_vendor", "Dell Inc.");
        one.tell(id, "board_serial", serial);
        adapters(id, macs);
        one.alive(id, true, now);
    }
    void adapters(const std::string& id, const std::vector<std::string>& macs) {
        for (int i = 0; i < 4; ++i) one.tell(id, "adapter/eth" + std::to_string(i), "");
        for (std::size_t i = 0; i < macs.size(); ++i)
            one.tell(id, "adapter/eth" + std::to_string(i), R"({"mac":")" + macs[i] + R"(","up":true})");
    }
    void on_lan(const std::string& site, const std::string& mac, const std::string& ip = "") {
        ASSERT_TRUE(one.add(site + "/mac:" + mac, Source::lan, now));
        if (!ip.empty()) one.tell(site + "/mac:" + mac, "ip", ip);
    }
    void silent(const std::string& id) { one.alive(id, false, now); }
    void settle() {
        auto settled = one.settle(now);
        changes.insert(changes.end(), settled.changes.begin(), settled.changes.end());
    }
    std::string record(const std::string& witness) {
        settle();
        const auto* found = one.record_of(witness);
        return found != nullptr ? found->id : "";
    }
    std::size_t records() {
        settle();
        return one.records().size();
    }
    bool is_cloned(const std::string& witness) {
        settle();
        return one.record_of(witness)->cloned;
    }
    std::size_t count(Change::What what) const {
        return static_cast<std::size_t>(
            std::count_if(changes.begin(), changes.end(), [&](const Change& c) { return c.what == what; }));
    }

    Identity one;
    Time now{Millis{1'795'000'000'000}};
    std::vector<Change> changes;
    const std::string card1 = "00:1b:21:00:00:01", card2 = "00:1b:21:00:00:02", dock = "00:50:b6:00:00:09";
    const std::string machine1 = "0123456789abcdef0123456789abcdef", machine2 = "fedcba9876543210fedcba9876543210";
};

TEST_F(IdentityTest, a_machine_and_its_card_on_the_lan_are_one_device) {
    on_lan("HA01", card1, "10.1.0.11");
    EXPECT_EQ(record("HA01/mac:" + card1), "HA01/mac:" + card1);
    pc("HA01/host:a1", machine1, "SN1234", {card1});
    EXPECT_EQ(record("HA01/mac:" + card1), "HA01/host:a1");
    EXPECT_EQ(records(), 1u);
    const auto* device = one.record_of("HA01/host:a1");
    EXPECT_GE(device->confidence, 0.9);
    const auto* card = one.witness("HA01/mac:" + card1);
    ASSERT_TRUE(card->link);
    EXPECT_EQ(card->link->to, "HA01/host:a1");
    ASSERT_FALSE(card->link->reasons.empty());
    EXPECT_EQ(card->link->reasons.front().kind, SignalKind::mac);
    EXPECT_EQ(card->link->reasons.front().value, card1);
    EXPECT_EQ(count(Change::What::merged), 1u);
}

TEST_F(IdentityTest, cloned_images_are_two_devices_and_flagged) {
    pc("HA01/host:a1", machine1, "To be filled by O.E.M.", {card1});
    pc("HA01/host:a2", machine1, "Default string", {card2});
    EXPECT_EQ(records(), 2u);
    EXPECT_FALSE(is_cloned("HA01/host:a1")) << "two agents for a moment are a new enrolment, perhaps";
    now += minutes(6);
    EXPECT_TRUE(one.has_work(now));
    EXPECT_TRUE(is_cloned("HA01/host:a1"));
    EXPECT_TRUE(is_cloned("HA01/host:a2"));
    EXPECT_EQ(records(), 2u);
    EXPECT_EQ(count(Change::What::cloned), 2u);
    now += hours(10);
    silent("HA01/host:a2");  // switched off in the evening: still another machine
    EXPECT_EQ(records(), 2u);
    EXPECT_TRUE(is_cloned("HA01/host:a1"));
}

TEST_F(IdentityTest, two_agents_on_one_machine_are_flagged_though_it_has_no_serial) {
    for (const std::string id : {"HA01/host:a1", "HA01/host:a2"}) {  // a virtual machine: only its cards and its name
        ASSERT_TRUE(one.add(id, Source::host, now));
        one.tell(id, "computer_name", "may-ao");
        one.tell(id, "adapter/eth0", R"({"mac":")" + card1 + R"(","ipv4":"10.1.0.11/24"})");
        one.alive(id, true, now);
    }
    EXPECT_EQ(records(), 2u);
    now += minutes(6);
    EXPECT_TRUE(is_cloned("HA01/host:a1"));
    EXPECT_TRUE(is_cloned("HA01/host:a2"));
}

TEST_F(IdentityTest, laptops_that_share_a_dock_are_no_clones) {
    pc("HA01/host:a1", machine1, "Default string", {card1, dock});
    pc("HA01/host:a2", machine2, "Default string", {card2, dock});
    now += minutes(6);
    EXPECT_EQ(records(), 2u);
    EXPECT_FALSE(is_cloned("HA01/host:a1"));
}

TEST_F(IdentityTest, placeholder_serials_join_nothing) {
    for (const char* serial : {"To be filled by O.E.M.", "Default string", "00000000", "None", "System Serial Number",
                               "123456789", "xxxxxxxx", "..."})
        EXPECT_TRUE(is_placeholder(serial)) << serial;
    EXPECT_FALSE(is_placeholder("5CD1234XYZ"));
    pc("HA01/host:a1", machine1, "Default string", {card1});
    now += hours(2);
    silent("HA01/host:a1");
    now += hours(2);
    pc("HA01/host:a2", machine2, "Default string", {card2});
    EXPECT_EQ(records(), 2u);
}

TEST_F(IdentityTest, a_dock_wanders_between_laptops_and_joins_them_never) {
    pc("HA01/host:a1", machine1, "SN1111", {card1, dock});
    on_lan("HA01", dock);
    EXPECT_EQ(record("HA01/mac:" + dock), "HA01/host:a1");
    now += hours(1);
    adapters("HA01/host:a1", {card1});
    EXPECT_EQ(record("HA01/mac:" + dock), "HA01/host:a1") << "it stays with the last one until another has it";
    EXPECT_TRUE(one.witness("HA01/mac:" + dock)->link->held);
    pc("HA01/host:a2", machine2, "SN2222", {card2, dock});
    EXPECT_EQ(record("HA01/mac:" + dock), "HA01/host:a2");
    EXPECT_EQ(records(), 2u);
    adapters("HA01/host:a1", {card1, dock});  // both say so for a moment: it stays where it was
    EXPECT_EQ(record("HA01/mac:" + dock), "HA01/host:a2");
    EXPECT_EQ(records(), 2u);
}

TEST_F(IdentityTest, random_macs_are_devices_of_low_confidence_of_their_own) {
    on_lan("HA01", "da:a1:19:00:00:01");
    on_lan("HA01", "5e:a1:19:00:00:02");
    one.tell("HA01/mac:da:a1:19:00:00:01", "host_name", "iphone-cua-lan");
    one.tell("HA01/mac:5e:a1:19:00:00:02", "host_name", "iphone-cua-lan");
    on_lan("HA02", "da:a1:19:00:00:01");
    EXPECT_EQ(records(), 3u);
    EXPECT_LT(one.record_of("HA01/mac:da:a1:19:00:00:01")->confidence, 0.5);
    // Containers everywhere have the same one.
    pc("HA01/host:a1", machine1, "SN1111", {card1, "02:42:ac:11:00:01"});
    pc("HA01/host:a2", machine2, "SN2222", {card2, "02:42:ac:11:00:01"});
    EXPECT_EQ(records(), 5u);
}

TEST_F(IdentityTest, a_card_that_names_itself_by_client_id_and_name_is_one_device_with_two_cards) {
    on_lan("HA01", card1);
    on_lan("HA01", card2);
    for (const auto& card : {card1, card2}) {
        one.tell("HA01/mac:" + card, "client_id", "ff00000001000100012a3b4c5d");
        one.tell("HA01/mac:" + card, "host_name", "may-van-thu");
    }
    EXPECT_EQ(records(), 1u);
    EXPECT_LT(one.record_of("HA01/mac:" + card1)->confidence, 0.9);
}

TEST_F(IdentityTest, a_reimaged_machine_is_the_same_device) {
    pc("HA01/host:a1", machine1, "SN1234", {card1});
    on_lan("HA01", card1);
    EXPECT_EQ(records(), 1u);
    now += hours(24);
    silent("HA01/host:a1");
    now += hours(3);
    pc("HA01/host:a2", machine2, "SN1234", {card1});
    EXPECT_EQ(records(), 1u);
    EXPECT_EQ(record("HA01/host:a2"), "HA01/host:a1") << "the first witness keeps the name";
    EXPECT_FALSE(is_cloned("HA01/host:a2"));
}

TEST_F(IdentityTest, a_machine_whose_cards_were_swapped_keeps_its_past) {
    pc("HA01/host:a1", machine1, "SN1234", {card1});
    on_lan("HA01", card1);
    EXPECT_EQ(records(), 1u);
    adapters("HA01/host:a1", {card2});
    on_lan("HA01", card2);
    EXPECT_EQ(records(), 1u);
    pc("HA01/host:a9", machine2, "SN9999", {card1});  // the old card in another machine
    EXPECT_EQ(record("HA01/mac:" + card1), "HA01/host:a9");
    EXPECT_EQ(record("HA01/mac:" + card2), "HA01/host:a1");
}

TEST_F(IdentityTest, a_router_known_by_snmp_and_by_its_cards_is_one_device) {
    const auto card = [](int i) {
        char text[18];
        std::snprintf(text, sizeof text, "00:0c:42:00:01:%02x", static_cast<unsigned>(i));
        return std::string(text);
    };
    for (int i = 0; i < 12; ++i) on_lan("HA01", card(i));
    EXPECT_EQ(records(), 12u);
    ASSERT_TRUE(one.add("HA01/snmp:10.1.0.1", Source::snmp, now));
    one.tell("HA01/snmp:10.1.0.1", "engine_id", "80003a8c04aabbccdd");
    for (int i = 0; i < 12; ++i)
        one.tell("HA01/snmp:10.1.0.1", "interface/" + std::to_string(i + 1),
                 R"({"name":"ether","mac":")" + card(i) + R"("})");
    EXPECT_EQ(records(), 1u);
    EXPECT_EQ(record("HA01/mac:" + card(3)), "HA01/snmp:10.1.0.1");
    ASSERT_TRUE(one.add("HA01/snmp:10.2.0.1", Source::snmp, now));  // asked at another address
    one.tell("HA01/snmp:10.2.0.1", "engine_id", "80003a8c04aabbccdd");
    EXPECT_EQ(records(), 1u);
    ASSERT_TRUE(one.add("HA01/snmp:10.9.0.1", Source::snmp, now));
    one.tell("HA01/snmp:10.9.0.1", "engine_id", "80003a8c04eeeeeeee");
    EXPECT_EQ(records(), 2u);
}

TEST_F(IdentityTest, an_snmp_device_without_cards_is_found_by_its_address) {
    ASSERT_TRUE(one.add("HA01/snmp:10.1.0.40", Source::snmp, now));
    on_lan("HA01", card1, "10.1.0.40");
    EXPECT_EQ(records(), 1u);
    one.tell("HA01/snmp:10.1.0.40", "interface/1", R"({"mac":")" + card2 + R"("})");  // it has another card
    EXPECT_EQ(record("HA01/mac:" + card1), "HA01/snmp:10.1.0.40") << "held";
    on_lan("HA02", card2, "10.1.0.40");  // an address of another site means nothing here
    EXPECT_EQ(record("HA02/mac:" + card2), "HA01/snmp:10.1.0.40") << "but the card does: it moved";
}

TEST_F(IdentityTest, virtual_router_macs_belong_to_nobody) {
    const std::string vrrp = "00:00:5e:00:01:0a";
    for (const char* id : {"HA01/snmp:10.1.0.2", "HA01/snmp:10.1.0.3"}) {
        ASSERT_TRUE(one.add(id, Source::snmp, now));
        one.tell(id, "interface/9", R"({"mac":")" + vrrp + R"("})");
    }
    on_lan("HA01", vrrp, "10.1.0.1");
    EXPECT_EQ(records(), 3u);
}

TEST_F(IdentityTest, one_card_at_two_sites_is_one_device_that_moved) {
    on_lan("HA01", card1);
    now += hours(30);
    on_lan("HA02", card1);
    EXPECT_EQ(records(), 1u);
    EXPECT_EQ(record("HA02/mac:" + card1), "HA01/mac:" + card1);
}

TEST_F(IdentityTest, the_register_meets_what_is_seen) {
    ASSERT_TRUE(one.add("HA01/name:router", Source::reg, now));
    one.tell("HA01/name:router", "mac", card1);
    one.tell("HA01/name:router", "key", "mac:" + card1);
    EXPECT_EQ(record("HA01/name:router"), "HA01/mac:" + card1) << "named as it will be when it is seen";
    on_lan("HA01", card1);
    EXPECT_EQ(records(), 1u);
    EXPECT_EQ(record("HA01/name:router"), "HA01/mac:" + card1);
}

TEST_F(IdentityTest, a_row_of_the_register_leaves_its_name_to_whom_is_seen_under_it) {
    const std::string virtual_mac = "00:00:5e:00:01:01";
    ASSERT_TRUE(one.add("HA01/name:gateway", Source::reg, now));
    one.tell("HA01/name:gateway", "key", "mac:" + virtual_mac);
    EXPECT_EQ(record("HA01/name:gateway"), "HA01/mac:" + virtual_mac);
    on_lan("HA01", virtual_mac);  // which says nothing about who it is
    EXPECT_EQ(record("HA01/mac:" + virtual_mac), "HA01/mac:" + virtual_mac);
    EXPECT_EQ(record("HA01/name:gateway"), "HA01/name:gateway");
    EXPECT_EQ(records(), 2u);
}

TEST_F(IdentityTest, people_split_and_merge_and_take_it_back) {
    pc("HA01/host:a1", machine1, "SN1234", {card1});
    on_lan("HA01", card1);
    on_lan("HA01", card2);
    EXPECT_EQ(records(), 2u);
    one.set_pins({{{"HA01/mac:" + card1}, {"HA01/host:a1"}, false}});
    EXPECT_EQ(records(), 3u);
    EXPECT_EQ(count(Change::What::split), 1u);
    one.set_pins({{{"HA01/mac:" + card1}, {"HA01/mac:" + card2}, true}});
    EXPECT_EQ(records(), 1u) << "its own card again, and the other one with it";
    EXPECT_TRUE(one.witness("HA01/mac:" + card2)->link->by_person);
    one.set_pins({});
    EXPECT_EQ(records(), 2u);
}

TEST_F(IdentityTest, the_order_of_what_is_told_does_not_matter) {
    const auto build = [&](bool backwards) {
        Identity built;
        std::vector<std::pair<std::string, Source>> all{{"HA01/host:a1", Source::host},
                                                        {"HA01/snmp:10.1.0.11", Source::snmp},
                                                        {"HA01/mac:" + card1, Source::lan},
                                                        {"HA01/mac:" + card2, Source::lan}};
        if (backwards) std::reverse(all.begin(), all.end());
        for (const auto& [id, source] : all) {
            EXPECT_TRUE(built.add(id, source, now));
            if (source == Source::host) {
                built.tell(id, "adapter/eth0", R"({"mac":")" + card1 + R"(","ipv4":"10.1.0.11/24"})");
                built.tell(id, "adapter/eth1", R"({"mac":")" + card2 + R"("})");
            }
            if (source == Source::snmp) built.tell(id, "interface/2", R"({"mac":")" + card1 + R"("})");
            (void)built.settle(now);
        }
        std::vector<std::string> out;
        for (const auto* record : built.records()) {
            out.push_back(record->id);
            out.insert(out.end(), record->witnesses.begin(), record->witnesses.end());
        }
        return out;
    };
    EXPECT_EQ(build(false), build(true));
    EXPECT_EQ(build(false).size(), 5u);
}

TEST_F(IdentityTest, nothing_changed_costs_nothing) {
    for (int i = 0; i < 2000; ++i) {
        char mac[18];
        std::snprintf(mac, sizeof mac, "00:1b:22:00:%02x:%02x", static_cast<unsigned>(i / 256),
                      static_cast<unsigned>(i % 256));
        on_lan("HA01", mac);
    }
    EXPECT_EQ(records(), 2000u);
    one.tell("HA01/mac:00:1b:22:00:00:05", "ip", "10.1.0.5");
    auto settled = one.settle(now);
    EXPECT_TRUE(settled.touched.empty());
    one.tell("HA01/mac:00:1b:22:00:00:05", "ip", "10.1.0.5");
    EXPECT_FALSE(one.has_work(now));
    one.forget("HA01/mac:00:1b:22:00:00:05");
    EXPECT_EQ(records(), 1999u);
}

}  // namespace
}  // namespace vg::collector::inventory
