#include "probes/lan/frame_source.hpp"

#include "probes/lan/dissect/link.hpp"
#include "probes/lan/gzip_file.hpp"

#include <dlfcn.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <vector>

// Behind the system's own headers, whose names it repeats.
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

namespace vg::probes::lan {
namespace {

constexpr int snap_bytes = 1600;        // a whole frame: names stand at the end of announcements
constexpr int ring_bytes = 512 * 1024;  // what passes the filter is little
constexpr int gather_ms = 200;          // so long the kernel gathers frames before it wakes us
constexpr std::size_t file_buffer = 256 * 1024;
constexpr auto filter_text =
    "arp or ether proto 0x88cc or ether dst 01:00:0c:cc:cc:cc or ether dst 01:00:0c:cc:cc:cd or stp or "
    "(icmp6 and ip6[40] >= 133 and ip6[40] <= 136) or "
    "(udp and (port 67 or port 68 or port 137 or port 546 or port 547 or port 1900 or port 5353 or port 5355)) or "
    "(vlan and (arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 136) or "
    "(udp and (port 67 or port 68 or port 137 or port 546 or port 547 or port 1900 or port 5353 or port 5355))))";

// The functions of the library, by name.
struct Pcap {
    void* handle = nullptr;
    decltype(&pcap_create) create = nullptr;
    decltype(&pcap_close) close = nullptr;
    decltype(&pcap_set_snaplen) set_snaplen = nullptr;
    decltype(&pcap_set_promisc) set_promisc = nullptr;
    decltype(&pcap_set_timeout) set_timeout = nullptr;
    decltype(&pcap_set_buffer_size) set_buffer = nullptr;
    decltype(&pcap_activate) activate = nullptr;
    decltype(&pcap_setnonblock) set_nonblock = nullptr;
    decltype(&pcap_setdirection) set_direction = nullptr;
    decltype(&pcap_compile) compile = nullptr;
    decltype(&pcap_setfilter) set_filter = nullptr;
    decltype(&pcap_freecode) free_code = nullptr;
    decltype(&pcap_get_selectable_fd) selectable_fd = nullptr;
    decltype(&pcap_datalink) datalink = nullptr;
    decltype(&pcap_dispatch) dispatch = nullptr;
    decltype(&pcap_fopen_offline) fopen_offline = nullptr;
    decltype(&pcap_geterr) error = nullptr;

    template <class F>
    bool find(F& function, const char* name) {
        function = reinterpret_cast<F>(::dlsym(handle, name));
        return function != nullptr;
    }

    bool load() {
        handle = ::dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
        if (!handle) handle = ::dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
        return handle && find(create, "pcap_create") && find(close, "pcap_close") &&
               find(set_snaplen, "pcap_set_snaplen") && find(set_promisc, "pcap_set_promisc") &&
               find(set_timeout, "pcap_set_timeout") && find(set_buffer, "pcap_set_buffer_size") &&
               find(activate, "pcap_activate") && find(set_nonblock, "pcap_setnonblock") &&
               find(set_direction, "pcap_setdirection") && find(compile, "pcap_compile") &&
               find(set_filter, "pcap_setfilter") && find(free_code, "pcap_freecode") &&
               find(selectable_fd, "pcap_get_selectable_fd") && find(datalink, "pcap_datalink") &&
               find(dispatch, "pcap_dispatch") && find(fopen_offline, "pcap_fopen_offline") &&
               find(error, "pcap_geterr");
    }
};

const Pcap* pcap_library() {
    static Pcap loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

struct Close {
    void operator()(pcap_t* raw) const { pcap_library()->close(raw); }
};
using Handle = std::unique_ptr<pcap_t, Close>;

void pass_on(u_char* user, const pcap_pkthdr* header, const u_char* data) {
    const auto at = Time{Millis{std::int64_t{header->ts.tv_sec} * 1000 + header->ts.tv_usec / 1000}};
    (*reinterpret_cast<const FrameSource::OnFrame*>(user))(at, {data, header->caplen});
}

// What libpcap says of a file that it does not read.
Text words_of_refusal(std::string_view text) {
    if (text.find("unknown file format") != std::string_view::npos)
        return say({"không nhận ra định dạng của tệp", "its format is not known"});
    if (text.find("truncated") != std::string_view::npos) return say({"tệp bị cắt cụt", "it is cut short"});
    return say({"libpcap báo \"{}\"", "libpcap says \"{}\""}, text);
}

class Source : public FrameSource {
public:
    Source(const Pcap& lib, Handle handle, std::vector<char> buffer = {})
        : lib_(lib), buffer_(std::move(buffer)), handle_(std::move(handle)) {}
    [[nodiscard]] int link_type() const override { return lib_.datalink(handle_.get()); }
    [[nodiscard]] std::string problem() const override { return lib_.error(handle_.get()); }

protected:
    int dispatch(int most, const OnFrame& on_frame) {
        auto* user = reinterpret_cast<u_char*>(const_cast<OnFrame*>(&on_frame));
        return lib_.dispatch(handle_.get(), most, pass_on, user);
    }

private:
    const Pcap& lib_;
    std::vector<char> buffer_;  // of the handle's file, so it goes after it
    Handle handle_;
};

class FileSource final : public Source {
public:
    using Source::Source;
    Reading read(int most, const OnFrame& on_frame) override {
        const int told = dispatch(most, on_frame);
        return told > 0 ? Reading::more : told == 0 ? Reading::over : Reading::failed;
    }
    Waiting wait(Millis) override { return Waiting::frames; }
    void interrupt() override {}
};

class InterfaceSource final : public Source {
public:
    InterfaceSource(const Pcap& lib, Handle handle, int fd)
        : Source(lib, std::move(handle)), frames_(fd), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~InterfaceSource() override { ::close(stop_); }
    InterfaceSource(const InterfaceSource&) = delete;
    InterfaceSource& operator=(const InterfaceSource&) = delete;

    Reading read(int most, const OnFrame& on_frame) override {
        const int told = dispatch(most, on_frame);
        return told > 0 ? Reading::more : told == 0 ? Reading::nothing_now : Reading::failed;
    }
    Waiting wait(Millis longest) override {
        pollfd both[2] = {{frames_, POLLIN, 0}, {stop_, POLLIN, 0}};
        const int ready = ::poll(both, 2, static_cast<int>(longest.count()));
        if (ready > 0 && both[1].revents != 0) return Waiting::interrupted;
        return ready > 0 ? Waiting::frames : Waiting::time_out;
    }
    void interrupt() override { (void)::eventfd_write(stop_, 1); }

private:
    int frames_;  // the handle's
    int stop_;
};

Error no_library() {
    return fail(Errc::unavailable, say({"máy này không có libpcap", "libpcap is not on this machine"}));
}

Error not_activated(int state, const std::string& name, const char* reason) {
    switch (state) {
        case PCAP_ERROR_NO_SUCH_DEVICE:
            return fail(Errc::not_found,
                        say({"máy này không có cổng mạng {}", "there is no interface {} on this machine"}, name));
        case PCAP_ERROR_PERM_DENIED:
        case PCAP_ERROR_PROMISC_PERM_DENIED:
            return fail(Errc::permission,
                        say({"không có quyền bắt gói trên {}; hãy chạy bằng root hoặc cấp CAP_NET_RAW",
                             "capturing on {} is not permitted; run as root or give CAP_NET_RAW"},
                            name));
        case PCAP_ERROR_IFACE_NOT_UP:
            return fail(Errc::unavailable, say({"cổng mạng {} đang tắt", "the interface {} is down"}, name));
        default:
            return fail(Errc::unavailable,
                        say({"không bắt được gói trên {}: {}", "no capture on {}: {}"}, name, reason));
    }
}

Result<void> set_filter(const Pcap& lib, pcap_t* handle) {
    bpf_program program{};
    if (lib.compile(handle, &program, filter_text, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return fail(Errc::internal, say({"bộ lọc bắt gói không được nhận: {}", "the capture filter was refused: {}"},
                                        lib.error(handle)));
    const int set = lib.set_filter(handle, &program);
    lib.free_code(&program);
    if (set != 0)
        return fail(Errc::unavailable, say({"bộ lọc bắt gói không được nhận: {}", "the capture filter was refused: {}"},
                                           lib.error(handle)));
    return {};
}

// LLDP, CDP, mDNS and the like are sent to groups that nobody on this machine may have joined. Without it they may not
// come, and nothing else is lost.
void hear_groups(int fd, const std::string& name) {
    packet_mreq wish{};
    wish.mr_ifindex = static_cast<int>(::if_nametoindex(name.c_str()));
    wish.mr_type = PACKET_MR_ALLMULTI;
    (void)::setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &wish, sizeof wish);
}

}  // namespace

Result<std::unique_ptr<FrameSource>> open_interface(const std::string& name) {
    const auto* lib = pcap_library();
    if (!lib) return no_library();
    char text[PCAP_ERRBUF_SIZE] = {};
    Handle handle(lib->create(name.c_str(), text));
    if (!handle)
        return fail(Errc::unavailable, say({"không bắt được gói trên {}: {}", "no capture on {}: {}"}, name, text));
    lib->set_snaplen(handle.get(), snap_bytes);
    lib->set_promisc(handle.get(), 0);
    lib->set_timeout(handle.get(), gather_ms);
    lib->set_buffer(handle.get(), ring_bytes);
    if (const int state = lib->activate(handle.get()); state < 0)
        return not_activated(state, name, lib->error(handle.get()));
    if (lib->datalink(handle.get()) != DLT_EN10MB)
        return fail(Errc::invalid_input,
                    say({"{} không phải cổng mạng Ethernet", "{} is no Ethernet interface"}, name));
    if (auto set = set_filter(*lib, handle.get()); !set) return set.error();
    const int fd = lib->selectable_fd(handle.get());
    if (lib->set_nonblock(handle.get(), 1, text) != 0 || fd < 0)
        return fail(Errc::unavailable,
                    say({"không chờ được gói trên {}: {}", "no waiting for frames on {}: {}"}, name, text));
    (void)lib->set_direction(handle.get(), PCAP_D_IN);  // of itself this machine knows better
    hear_groups(fd, name);
    return std::unique_ptr<FrameSource>(std::make_unique<InterfaceSource>(*lib, std::move(handle), fd));
}

Result<std::unique_ptr<FrameSource>> open_capture_file(const std::string& path) {
    const auto* lib = pcap_library();
    if (!lib) return no_library();
    auto file = open_maybe_packed(path);
    if (!file) return file.error();
    std::vector<char> buffer(file_buffer);
    (void)std::setvbuf(*file, buffer.data(), _IOFBF, buffer.size());
    char text[PCAP_ERRBUF_SIZE] = {};
    Handle handle(lib->fopen_offline(*file, text));
    if (!handle) {
        (void)std::fclose(*file);
        return fail(Errc::invalid_input,
                    say({"không đọc được tệp bắt gói {}: {}; cần tệp pcap hoặc pcapng, nén bằng gzip cũng được",
                         "{} is no capture file: {}; pcap and pcapng are read, packed by gzip, too"},
                        path, words_of_refusal(text)));
    }
    if (const int type = lib->datalink(handle.get()); !dissect::is_known(type))
        return fail(Errc::invalid_input,
                    say({"{}: không đọc được loại đường truyền {}", "{}: link type {} is not read"}, path, type));
    return std::unique_ptr<FrameSource>(std::make_unique<FileSource>(*lib, std::move(handle), std::move(buffer)));
}

}  // namespace vg::probes::lan
