#include "collector/register/versions.hpp"

#include "base/utf8.hpp"
#include "collector/json_fields.hpp"
#include "collector/register/read.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace vg::collector::registry {
namespace {

// Two collections: the small descriptions, which are looked at all the time, and the texts.
constexpr const char* descriptions = "register";
constexpr const char* texts = "register_text";

std::int64_t number_of(const std::string& version) {
    std::int64_t number = 0;
    std::from_chars(version.data(), version.data() + version.size(), number);
    return number;
}

}  // namespace

Result<std::vector<Version>> versions(Store& store) {
    auto documents = store.documents(descriptions);
    if (!documents) return documents.error();
    std::vector<Version> out;
    for (const auto& document : *documents) {
        const auto said = object_of(document.text);
        if (!said)
            return fail(Errc::corrupt, say({"không đọc được mô tả của phiên bản danh mục {}",
                                            "the description of register version {} cannot be read"},
                                           document.id));
        out.push_back({document.id, document.at, text_field(*said, "who"), text_field(*said, "why")});
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return number_of(a.version) > number_of(b.version); });
    return out;
}

Result<std::string> latest_version(Store& store) {
    auto all = versions(store);
    if (!all) return all.error();
    return all->empty() ? std::string() : all->front().version;
}

Result<std::string> text_of(Store& store, const std::string& version) {
    auto documents = store.documents(texts);
    if (!documents) return documents.error();
    for (auto& document : *documents)
        if (document.id == version) return std::move(document.text);
    return fail(Errc::not_found, say({"không có phiên bản danh mục {}", "there is no register version {}"}, version));
}

Result<Version> keep(Store& store, const std::string& yaml_text, const std::string& who, const std::string& why,
                     Time now) {
    auto all = versions(store);
    if (!all) return all.error();
    const auto hash = crypto::to_hex(crypto::sha256(view_of(yaml_text))).substr(0, 8);
    if (!all->empty() && all->front().version.ends_with("-" + hash)) return all->front();
    const auto number = all->empty() ? 1 : number_of(all->front().version) + 1;
    Version kept{std::to_string(number) + "-" + hash, now, well_formed(who), well_formed(why)};
    // The text first: a version that is described is whole.
    if (auto put = store.put({texts, kept.version, yaml_text, now}); !put) return put.error();
    const boost::json::object description{{"who", kept.who}, {"why", kept.why}};
    if (auto put = store.put({descriptions, kept.version, boost::json::serialize(description), now}); !put)
        return put.error();
    return kept;
}

Result<std::shared_ptr<const Register>> load_latest(Store& store) {
    auto version = latest_version(store);
    if (!version) return version.error();
    if (version->empty()) return std::shared_ptr<const Register>();
    auto text = text_of(store, *version);
    if (!text) return text.error();
    Problems problems;
    auto reg = std::make_shared<Register>(read_yaml(*text, "register " + *version, problems));
    if (!problems.empty())
        return fail(Errc::corrupt, say({"không đọc được danh mục đã lưu: {}", "the kept register cannot be read: {}"},
                                       Text{problems.text(Language::vi), problems.text(Language::en)}));
    reg->version = *version;
    return std::shared_ptr<const Register>(std::move(reg));
}

}  // namespace vg::collector::registry
