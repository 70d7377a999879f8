// Views that a person saved: a page with its filters and columns, under a name. Everybody has their own.

#include "base/crypto.hpp"
#include "collector/api/handlers.hpp"

namespace vg::collector::api {
namespace {

constexpr const char* collection = "views";
constexpr std::size_t most_views = 100;  // of one person
constexpr std::size_t longest_text = 2'000, longest_name = 100;

Answer not_right() {
    return problem(422, "invalid", "Cần page và name (không quá 100 ký tự), query không quá 2000 ký tự.",
                   "page and name (100 characters at most) are needed, query has 2000 characters at most.");
}

// Ids are "USER/RANDOM" in the store; people see the second part.
std::string prefix_of(const Call& call) { return call.who.user + "/"; }

std::optional<json::object> read(const Document& document) {
    auto view = object_of(document.text);
    if (view) (*view)["id"] = document.id.substr(document.id.rfind('/') + 1);
    return view;
}

Result<std::vector<Document>> own(Call& call) {
    auto all = call.pipeline.store().documents(collection);
    if (all) std::erase_if(*all, [&](const Document& one) { return !one.id.starts_with(prefix_of(call)); });
    return all;
}

// The id of the person's view of that name on that page, which a new one replaces; empty when there is none.
std::string same_name(const std::vector<Document>& all, const json::object& view) {
    for (const auto& document : all)
        if (const auto kept = read(document); kept && text_field(*kept, "page") == text_field(view, "page") &&
                                              text_field(*kept, "name") == text_field(view, "name"))
            return text_field(*kept, "id");
    return {};
}

}  // namespace

Answer list_views(Call& call) {
    auto all = own(call);
    if (!all) return failed(all.error());
    json::array out;
    for (const auto& document : *all)
        if (auto view = read(document)) out.push_back(std::move(*view));
    return list_of(std::move(out));
}

Answer add_view(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return problem(400, "malformed", "Nội dung không phải JSON.", "The body is not JSON.");
    json::object view;
    for (const char* name : {"page", "name", "query"}) view[name] = text_field(*body, name);
    const auto size = [&](const char* name) { return view[name].get_string().size(); };
    if (size("page") == 0 || size("page") > longest_name || size("name") == 0 || size("name") > longest_name ||
        size("query") > longest_text)
        return not_right();
    json::array columns;
    if (const auto* list = body->if_contains("columns"); list != nullptr && list->is_array())
        for (const auto& one : list->get_array())
            if (one.is_string() && one.get_string().size() <= longest_name && columns.size() < 100)
                columns.push_back(one);
    view["columns"] = std::move(columns);
    auto all = own(call);
    if (!all) return failed(all.error());
    const auto same = same_name(*all, view);
    if (same.empty() && all->size() >= most_views)
        return problem(409, "conflict", "Đã lưu 100 bảng; hãy xóa bớt.", "There are 100 views; drop some first.");
    const auto id = same.empty() ? crypto::random_text(12) : same;
    if (auto put = call.pipeline.store().put({collection, prefix_of(call) + id, json::serialize(view), call.now}); !put)
        return failed(put.error());
    view["id"] = id;
    return answer(std::move(view), 201);
}

Answer delete_view(Call& call) {
    const auto id = prefix_of(call) + call.path.front();
    auto found = call.pipeline.store().document(collection, id);
    if (!found) return failed(found.error());
    if (!*found) return not_found("bảng đã lưu", "view");
    if (auto gone = call.pipeline.store().erase(collection, id); !gone) return failed(gone.error());
    return answer(json::object{{"erased", true}});
}

}  // namespace vg::collector::api
