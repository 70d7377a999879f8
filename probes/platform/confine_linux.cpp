#include "probes/platform/confine.hpp"

#include "base/system_words.hpp"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

namespace vg::probes::platform {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#elif defined(__arm__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_ARM;
#else
constexpr std::uint32_t own_architecture = 0;  // no filter of system calls; the capabilities go all the same
#endif

// The sanitizers ask by a pipe whether memory can be read.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VONGGAC_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define VONGGAC_SANITIZED 1
#endif

// poll and the like by the names that the architecture has.
constexpr std::array allowed{
    __NR_read,          __NR_write,           __NR_writev,       __NR_recvfrom,
    __NR_recvmsg,       __NR_ppoll,           __NR_epoll_ctl,    __NR_epoll_pwait,
    __NR_getsockopt,    __NR_futex,           __NR_brk,          __NR_mmap,
    __NR_munmap,        __NR_mremap,          __NR_madvise,      __NR_mprotect,
    __NR_clock_gettime, __NR_gettimeofday,    __NR_rt_sigreturn, __NR_rt_sigprocmask,
    __NR_sigaltstack,   __NR_restart_syscall, __NR_sched_yield,  __NR_close,
    __NR_exit,          __NR_exit_group,      __NR_getpid,       __NR_gettid,
    __NR_getrandom,     __NR_fstat,
#ifdef __NR_newfstatat
    __NR_newfstatat,
#endif
#ifdef __NR_poll
    __NR_poll,
#endif
#ifdef __NR_rseq
    __NR_rseq,
#endif
#ifdef VONGGAC_SANITIZED
    __NR_pipe2,
#ifdef __NR_pipe
    __NR_pipe,
#endif
#endif
};

Error refused(const Text& what) {
    return fail(Errc::permission,
                say({"luồng đọc gói không từ bỏ được {}: {}", "the reader of packets could not give up {}: {}"}, what,
                    system_words(errno)));
}

Result<void> drop_capabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2] = {};
    if (::syscall(SYS_capset, &header, none) != 0) return refused(say({"các quyền riêng của nó", "its capabilities"}));
    return {};
}

Result<void> filter_calls() {
    if (own_architecture == 0) return {};
    constexpr auto refuse = SECCOMP_RET_ERRNO | EPERM;
    std::array<sock_filter, allowed.size() * 2 + 5> program{};
    std::size_t n = 0;
    program[n++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
    program[n++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own_architecture, 1, 0);
    program[n++] = BPF_STMT(BPF_RET | BPF_K, refuse);
    program[n++] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
    for (const auto call : allowed) {
        program[n++] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(call), 0, 1);
        program[n++] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    program[n++] = BPF_STMT(BPF_RET | BPF_K, refuse);
    const sock_fprog filter{static_cast<unsigned short>(n), program.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0 && errno != EINVAL)
        return refused(say({"các lời gọi hệ thống", "system calls"}));
    return {};  // EINVAL: a kernel without filters
}

}  // namespace

Result<void> confine_this_thread() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused(say({"việc nhận thêm quyền", "new privileges"}));
    if (auto done = drop_capabilities(); !done) return done;
    return filter_calls();
}

}  // namespace vg::probes::platform
