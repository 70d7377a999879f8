#include "probes/lan/lan.hpp"

#include "probes/lan/device_table.hpp"
#include "probes/lan/facts.hpp"
#include "probes/lan/frame_source.hpp"
#include "probes/lan/known_hosts.hpp"
#include "probes/lan/live.hpp"
#include "probes/lan/teller.hpp"
#include "probes/options.hpp"

#include <algorithm>
#include <utility>

namespace vg::probes {
namespace {

using namespace lan;

constexpr Millis save_every = std::chrono::minutes(1);

bool is_file(const std::string& target) {
    return target.find('/') != std::string::npos || target.ends_with(".pcap") || target.ends_with(".pcapng") ||
           target.ends_with(".gz");
}

// A name for a file of the state folder: letters, digits and the like only.
std::string file_name(const std::string& target) {
    std::string out = "lan-";
    for (const char c : target)
        out += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ? c : '_';
    return out + ".known";
}

class LanWatcher final : public Watcher {
public:
    LanWatcher(const Task& task, const Surroundings& around)
        : target_(task.target),
          io_(around.io),
          clock_(around.clock),
          known_(around.state_dir.empty() ? std::string() : around.state_dir + "/" + file_name(task.target)) {
        known_.load();
    }

    asio::awaitable<Result<void>> watch(Emit emit) override {
        if (is_file(target_)) co_return read_file(emit);
        auto opened = open_interface(target_);
        if (!opened) co_return opened.error();
        reader_ = std::make_unique<LiveReader>(io_, clock_, std::move(*opened), known_.heard());
        Result<void> end;
        for (;;) {
            auto news = co_await reader_->next();
            if (!news) {
                if (news.error().code != Errc::cancelled) end = news.error();
                break;
            }
            remember(*news);
            emit(std::move(*news));
            if (known_.is_changed() && clock_.mono() - saved_ >= save_every) save();
        }
        reader_.reset();
        if (known_.is_changed()) save();
        co_return end;
    }

    void stop() override {
        if (reader_) reader_->stop();
    }
    void tell_all() override {
        if (reader_) reader_->tell_all();
    }

private:
    // Of the devices that the reader calls new only those are news that were not known before it started.
    void remember(wire::Observation& news) {
        std::erase_if(news.events, [this](const wire::Event& event) {
            return event.kind == "lan.new_host" && !known_.add(mac_in(event.subject.key), clock_.wall());
        });
        for (const auto& fact : news.facts) {
            if (fact.name == "seen") (void)known_.add(mac_in(fact.subject.key), clock_.wall());
            if (!fact.name.starts_with("heard/")) continue;
            const auto* text = std::get_if<std::string>(&fact.value);
            known_.note_heard(fact.name, text != nullptr && !text->empty());
        }
    }

    // "mac:aa:bb:cc:dd:ee:ff", as facts.cpp writes it.
    static Mac mac_in(const std::string& key) {
        Mac mac;
        for (const char c : std::string_view(key).substr(4)) {
            if (c == ':') continue;
            mac.value = mac.value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        return mac;
    }

    void save() {
        saved_ = clock_.mono();
        (void)known_.save();  // without it hosts are announced again after a restart, which harms nobody
    }

    // A whole file is told in one observation.
    Result<void> read_file(const Emit& emit) {
        auto source = open_capture_file(target_);
        if (!source) return source.error();
        DeviceTable table;
        const int type = (*source)->link_type();
        const FrameSource::OnFrame on_frame = [&](Time at, ByteView bytes) {
            table.set_time(at);
            dissect::dissect(type, bytes, table);
        };
        while ((*source)->read(-1, on_frame) == Reading::more) {}  // one that breaks off has told what it could
        table.settle();
        Teller teller;
        emit(teller.tell(table, clock_.mono()));
        return {};
    }

    std::string target_;
    asio::io_context& io_;
    Clock& clock_;
    KnownHosts known_;
    Mono saved_{};
    std::unique_ptr<LiveReader> reader_;
};

std::unique_ptr<Watcher> make(const Task& task, Surroundings around, Problems& problems) {
    Options options(task, problems);
    if (task.target.empty())
        options.complain("target", {"lan cần đích là một cổng mạng hoặc một tệp bắt gói",
                                    "lan needs an interface or a capture file as its target"});
    if (!options.ok()) return nullptr;
    return std::make_unique<LanWatcher>(task, around);
}

}  // namespace

Kind lan_kind() {
    Kind kind;
    kind.name = "lan";
    kind.vi = "Các thiết bị trên mạng nội bộ, nhận ra qua ARP, NDP, DHCP, mDNS, LLMNR, NBNS, SSDP, LLDP, CDP, STP";
    kind.en = "Devices on the LAN, heard by ARP, NDP, DHCP, mDNS, LLMNR, NBNS, SSDP, LLDP, CDP and STP";
    kind.target_help = "a network interface, or a capture file";
    kind.make_watcher = make;
    return kind;
}

}  // namespace vg::probes
