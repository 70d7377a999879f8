#include "base/system_words.hpp"

#include <cerrno>

namespace vg {
namespace {

Text unnamed(int number, const std::string& message) {
    return say({"lỗi hệ thống {0} ({1})", "system error {0} ({1})"}, number, message);
}

}  // namespace

Text system_words(int number) {
    switch (number) {
        case EPERM: return say({"hệ điều hành không cho phép", "the operating system does not permit it"});
        case ENOENT: return say({"không có tệp hoặc thư mục này", "there is no such file or folder"});
        case EIO: return say({"lỗi đọc ghi ổ đĩa", "the disk failed to read or write"});
        case ENXIO:
        case ENODEV: return say({"không có thiết bị này", "there is no such device"});
        case ENOMEM: return say({"hết bộ nhớ", "no memory is left"});
        case EACCES: return say({"không có quyền", "permission is missing"});
        case EBUSY: return say({"đang bận", "it is busy"});
        case EEXIST: return say({"đã có rồi", "it exists already"});
        case ENOTDIR: return say({"không phải thư mục", "it is not a folder"});
        case EISDIR: return say({"đó là một thư mục", "it is a folder"});
        case EINVAL: return say({"giá trị không hợp lệ", "a value is not valid"});
        case ENFILE:
        case EMFILE: return say({"quá nhiều tệp đang mở", "too many files are open"});
        case ENOSPC: return say({"hết chỗ trên ổ đĩa", "no space is left on the disk"});
        case EROFS: return say({"ổ đĩa chỉ cho đọc", "the disk can only be read"});
        case ENAMETOOLONG: return say({"tên quá dài", "the name is too long"});
        case EAFNOSUPPORT:
            return say({"máy này không dùng loại địa chỉ đó", "this machine does not speak that kind of address"});
        case EADDRINUSE: return say({"cổng đã có chương trình khác dùng", "the port is in use by another program"});
        case EADDRNOTAVAIL: return say({"máy này không có địa chỉ đó", "this machine does not have that address"});
        case ENETDOWN: return say({"mạng của máy này đang tắt", "the network of this machine is down"});
        case ENETUNREACH: return say({"máy này không có đường tới đó", "this machine has no route there"});
        case EHOSTUNREACH: return say({"không có đường tới máy đó", "there is no way to that host"});
        case ECONNREFUSED:
            return say(
                {"bị từ chối, không có chương trình nào nghe ở cổng đó", "refused, nobody listens on that port"});
        case ECONNRESET:
        case EPIPE: return say({"bên kia ngắt kết nối", "the other side broke off"});
        case ETIMEDOUT: return say({"không trả lời đúng hạn", "no answer came in time"});
        default: return unnamed(number, std::generic_category().message(number));
    }
}

Text system_words(const boost::system::error_code& error) {
    using namespace boost::system;
    if (error.category() == system_category() || error.category() == generic_category())
        return system_words(error.value());
    return unnamed(error.value(), error.message());
}

Text system_words(const std::error_code& error) {
    if (error.category() == std::system_category() || error.category() == std::generic_category())
        return system_words(error.value());
    return unnamed(error.value(), error.message());
}

}  // namespace vg
