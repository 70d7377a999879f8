// The register over HTTP: its versions, and another one brought in.
#include "base/log.hpp"
#include "collector/api/handlers.hpp"
#include "collector/register/read.hpp"
#include "collector/register_import.hpp"

namespace vg::collector::api {
namespace {

Answer with_problems(const Problems& problems) {
    json::array list;
    for (const auto& one : problems.list())
        list.push_back(json::object{{"file", one.place.file},
                                    {"line", one.place.line},
                                    {"column", one.place.column},
                                    {"message", to_json(one.message)}});
    auto out = problem(422, "register_problems",
                       "Danh mục có " + std::to_string(list.size()) + " lỗi; bản cũ vẫn có hiệu lực.",
                       "The register has " + std::to_string(list.size()) + " problems; the old one stays in force.");
    out.body.as_object()["problems"] = std::move(list);
    return out;
}

json::object version_item(const registry::Version& one) {
    return {{"version", one.version}, {"at", iso(one.at)}, {"who", one.who}, {"why", one.why}};
}

json::object changes_item(const ImportReport& report) {
    const auto rows = [](const ImportReport::Rows& of) {
        return json::object{{"added", of.added}, {"changed", of.changed}, {"removed", of.removed}};
    };
    json::array sites, lines;
    for (const auto& site : report.lost_sites) sites.push_back(json::value(site));
    for (const auto& line : report.lines()) lines.push_back(to_json(line));
    return {{"sites", rows(report.sites)},
            {"uplinks", rows(report.uplinks)},
            {"devices", rows(report.devices)},
            {"services", rows(report.services)},
            {"lost_agents", report.lost_agents},
            {"lost_sites", std::move(sites)},
            {"dropped_adoptions", report.dropped_adoptions},
            {"lines", std::move(lines)}};
}

Answer not_sure(const ImportReport& report) {
    const auto words =
        say({"Chưa nhập, bản cũ vẫn có hiệu lực: {} trạm gác đã đăng ký sẽ mất trụ sở của mình ({}); nếu "
             "đúng là bỏ các trụ sở ấy, hãy gửi lại với confirm=true.",
             "Not brought in, the old register stays in force: enrolled agents would lose their site: "
             "{}, of {}; if these sites are to go, send it again with confirm=true."},
            report.lost_agents, joined(report.lost_sites));
    auto out = problem(409, "agents_lose_site", words.vi, words.en);
    out.body.as_object()["changes"] = changes_item(report);
    return out;
}

}  // namespace

Answer list_register_versions(Call& call) {
    auto all = registry::versions(call.pipeline.store());
    if (!all) return failed(all.error());
    json::array out;
    for (const auto& one : *all) out.push_back(version_item(one));
    return list_of(std::move(out));
}

Answer get_register(Call& call) {
    auto text = registry::text_of(call.pipeline.store(), call.path.front());
    if (!text) return failed(text.error());
    return answer(json::object{{"version", call.path.front()}, {"yaml", *text}});
}

Answer import_register(Call& call) {
    Problems problems;
    auto reg = std::make_shared<registry::Register>(
        registry::read_yaml(call.request.body, call.query("file").value_or("register.yaml"), problems));
    registry::check_probes(*reg, problems);
    if (!problems.empty()) return with_problems(problems);
    const RegisterWish wish{call.request.body, call.who.user, call.query("why").value_or(""), call.is_set("confirm")};
    const auto done = collector::import_register(call.pipeline.store(), call.reg(), *reg, wish, call.now);
    if (!done) return failed(done.error());
    if (!done->kept) return not_sure(done->report);
    reg->version = done->kept->version;
    if (auto put = call.pipeline.put_register(std::move(reg)); !put) return failed(put.error());
    log::info("api", "register " + done->kept->version + " was brought in by " + call.who.user);
    auto item = version_item(*done->kept);
    item["changes"] = changes_item(done->report);
    return answer(std::move(item), 201);
}

}  // namespace vg::collector::api
