// Owner of libpcap. It is loaded when the first capture begins, so that an agent that watches no LAN pays nothing for
// it.
#include "probes/lan/capture.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <dlfcn.h>
#include <pcap/pcap.h>

namespace vg::probes::lan {
namespace {

namespace asio = boost::asio;

constexpr int snap_bytes = 700;         // a DHCP message with all that we read of it
constexpr int ring_bytes = 256 * 1024;  // ARP and DHCP are few
constexpr int most_frames = 256;        // between two looks at the rest of the agent
constexpr auto filter_text =
    "arp or (udp and (port 67 or port 68)) or (icmp6 and ip6[40] >= 133 and ip6[40] <= 136) or "
    "(vlan and (arp or (udp and (port 67 or port 68)) or icmp6))";

// The functions of the library, by name.
struct Library {
    void* handle = nullptr;
    decltype(&pcap_create) create = nullptr;
    decltype(&pcap_close) close = nullptr;
    decltype(&pcap_set_snaplen) set_snaplen = nullptr;
    decltype(&pcap_set_promisc) set_promisc = nullptr;
    decltype(&pcap_set_immediate_mode) set_immediate = nullptr;
    decltype(&pcap_set_buffer_size) set_buffer = nullptr;
    decltype(&pcap_activate) activate = nullptr;
    decltype(&pcap_setnonblock) set_nonblock = nullptr;
    decltype(&pcap_compile) compile = nullptr;
    decltype(&pcap_setfilter) set_filter = nullptr;
    decltype(&pcap_freecode) free_code = nullptr;
    decltype(&pcap_get_selectable_fd) selectable_fd = nullptr;
    decltype(&pcap_datalink) datalink = nullptr;
    decltype(&pcap_next_ex) next_ex = nullptr;
    decltype(&pcap_open_offline) open_offline = nullptr;
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
               find(set_immediate, "pcap_set_immediate_mode") && find(set_buffer, "pcap_set_buffer_size") &&
               find(activate, "pcap_activate") && find(set_nonblock, "pcap_setnonblock") &&
               find(compile, "pcap_compile") && find(set_filter, "pcap_setfilter") &&
               find(free_code, "pcap_freecode") && find(selectable_fd, "pcap_get_selectable_fd") &&
               find(datalink, "pcap_datalink") && find(next_ex, "pcap_next_ex") &&
               find(open_offline, "pcap_open_offline") && find(error, "pcap_geterr");
    }
};

const Library* library() {
    static Library loaded;
    static const bool good = loaded.load();
    return good ? &loaded : nullptr;
}

struct Close {
    void operator()(pcap_t* raw) const { library()->close(raw); }
};
using Handle = std::unique_ptr<pcap_t, Close>;

Result<void> filter(const Library& lib, pcap_t* handle) {
    bpf_program program{};
    if (lib.compile(handle, &program, filter_text, 1, PCAP_NETMASK_UNKNOWN) != 0)
        return fail(Errc::internal, std::string("the capture filter was refused: ") + lib.error(handle));
    const int set = lib.set_filter(handle, &program);
    lib.free_code(&program);
    if (set != 0) return fail(Errc::unavailable, std::string("the capture filter was refused: ") + lib.error(handle));
    return {};
}

// Reads up to most_frames; gives what pcap_next_ex gave last: 1 more may be there, 0 none now, below 0 end or error.
int read_some(const Library& lib, pcap_t* handle, std::vector<Sighting>& seen) {
    int state = 1;
    for (int n = 0; n < most_frames; ++n) {
        pcap_pkthdr* header = nullptr;
        const u_char* data = nullptr;
        state = lib.next_ex(handle, &header, &data);
        if (state <= 0) break;
        if (auto sighting = dissect_ethernet({data, header->caplen})) seen.push_back(std::move(*sighting));
    }
    return state;
}

class LiveCapture final : public Capture {
public:
    LiveCapture(asio::io_context& io, const Library& lib, Handle handle, int fd)
        : lib_(lib), handle_(std::move(handle)), readable_(io, fd) {}
    ~LiveCapture() override { (void)readable_.release(); }  // the handle closes it
    LiveCapture(const LiveCapture&) = delete;
    LiveCapture& operator=(const LiveCapture&) = delete;

    asio::awaitable<Result<std::vector<Sighting>>> next() override {
        for (;;) {
            std::vector<Sighting> seen;
            if (read_some(lib_, handle_.get(), seen) < 0)
                co_return fail(Errc::unavailable, std::string("the capture ended: ") + lib_.error(handle_.get()));
            if (!seen.empty()) co_return seen;
            boost::system::error_code error;
            co_await readable_.async_wait(asio::posix::stream_descriptor::wait_read,
                                          asio::redirect_error(asio::use_awaitable, error));
            if (error) co_return fail(Errc::cancelled, "stopped");
        }
    }
    void cancel() override { readable_.cancel(); }

private:
    const Library& lib_;
    Handle handle_;
    asio::posix::stream_descriptor readable_;
};

class FileCapture final : public Capture {
public:
    FileCapture(const Library& lib, Handle handle) : lib_(lib), handle_(std::move(handle)) {}

    asio::awaitable<Result<std::vector<Sighting>>> next() override {
        std::vector<Sighting> seen;
        while (seen.empty() && !is_over_) is_over_ = read_some(lib_, handle_.get(), seen) < 0;
        co_return seen;  // a file that breaks off in the middle has told what it could
    }
    void cancel() override { is_over_ = true; }

private:
    const Library& lib_;
    Handle handle_;
    bool is_over_ = false;
};

Error no_library() { return fail(Errc::unavailable, "libpcap is not on this machine"); }

}  // namespace

Result<std::unique_ptr<Capture>> capture_interface(asio::io_context& io, const std::string& name) {
    const auto* lib = library();
    if (!lib) return no_library();
    char text[PCAP_ERRBUF_SIZE] = {};
    Handle handle(lib->create(name.c_str(), text));
    if (!handle) return fail(Errc::unavailable, std::string("no capture on ") + name + ": " + text);
    lib->set_snaplen(handle.get(), snap_bytes);
    lib->set_promisc(handle.get(), 0);
    lib->set_immediate(handle.get(), 1);
    lib->set_buffer(handle.get(), ring_bytes);
    if (const int state = lib->activate(handle.get()); state < 0) {
        const auto code = state == PCAP_ERROR_NO_SUCH_DEVICE ? Errc::not_found
                          : state == PCAP_ERROR_PERM_DENIED  ? Errc::permission
                                                             : Errc::unavailable;
        return fail(code, "no capture on " + name + ": " + lib->error(handle.get()));
    }
    if (lib->datalink(handle.get()) != DLT_EN10MB) return fail(Errc::invalid_input, name + " is no Ethernet interface");
    if (auto set = filter(*lib, handle.get()); !set) return set.error();
    const int fd = lib->selectable_fd(handle.get());
    if (lib->set_nonblock(handle.get(), 1, text) != 0 || fd < 0)
        return fail(Errc::unavailable, "no waiting for frames on " + name + ": " + text);
    return std::unique_ptr<Capture>(std::make_unique<LiveCapture>(io, *lib, std::move(handle), fd));
}

Result<std::unique_ptr<Capture>> capture_file(const std::string& path) {
    const auto* lib = library();
    if (!lib) return no_library();
    char text[PCAP_ERRBUF_SIZE] = {};
    Handle handle(lib->open_offline(path.c_str(), text));
    if (!handle) return fail(Errc::invalid_input, path + ": " + text);
    if (lib->datalink(handle.get()) != DLT_EN10MB) return fail(Errc::invalid_input, path + " holds no Ethernet frames");
    return std::unique_ptr<Capture>(std::make_unique<FileCapture>(*lib, std::move(handle)));
}

}  // namespace vg::probes::lan
