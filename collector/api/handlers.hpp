#pragma once
// Every handler of the API, one a row of the table in routes.cpp. They run on the pipeline thread.

#include "collector/api/call.hpp"

namespace vg::collector::api {

// gaps.cpp
[[nodiscard]] Answer list_gaps(Call& call);
[[nodiscard]] Answer get_gap(Call& call);
[[nodiscard]] Answer acknowledge_gap(Call& call);
// sites.cpp
[[nodiscard]] Answer list_units(Call& call);
[[nodiscard]] Answer list_sites(Call& call);
[[nodiscard]] Answer get_site(Call& call);
// timeline.cpp
[[nodiscard]] Answer get_timeline(Call& call);
// series.cpp
[[nodiscard]] Answer list_series(Call& call);
[[nodiscard]] Answer get_series_data(Call& call);
// agents.cpp
[[nodiscard]] Answer list_agents(Call& call);
[[nodiscard]] Answer revoke_agent(Call& call);
// devices.cpp
[[nodiscard]] Answer list_devices(Call& call);
// device_detail.cpp
[[nodiscard]] Answer get_device(Call& call);
[[nodiscard]] Answer list_device_entries(Call& call);
[[nodiscard]] Answer list_device_history(Call& call);
// device_changes.cpp
[[nodiscard]] Answer triage_device(Call& call);
[[nodiscard]] Answer merge_devices(Call& call);
[[nodiscard]] Answer split_device(Call& call);
// topology.cpp
[[nodiscard]] Answer get_topology(Call& call);
// stocktake.cpp
[[nodiscard]] Answer list_stocktake(Call& call);
[[nodiscard]] Answer record_stocktake(Call& call);
[[nodiscard]] Answer list_stocktakes(Call& call);
// views.cpp
[[nodiscard]] Answer list_views(Call& call);
[[nodiscard]] Answer add_view(Call& call);
[[nodiscard]] Answer delete_view(Call& call);
// events.cpp
[[nodiscard]] Answer list_events(Call& call);
[[nodiscard]] Answer list_facts(Call& call);
// rules.cpp
[[nodiscard]] Answer list_rules(Call& call);
[[nodiscard]] Answer list_coverage(Call& call);
// admin.cpp
[[nodiscard]] Answer get_session(Call& call);
[[nodiscard]] Answer delete_session(Call& call);
[[nodiscard]] Answer change_password(Call& call);
[[nodiscard]] Answer list_users(Call& call);
[[nodiscard]] Answer put_user(Call& call);
[[nodiscard]] Answer delete_user(Call& call);
[[nodiscard]] Answer make_token(Call& call);
[[nodiscard]] Answer get_status(Call& call);
// register.cpp
[[nodiscard]] Answer list_register_versions(Call& call);
[[nodiscard]] Answer import_register(Call& call);
[[nodiscard]] Answer get_register(Call& call);

}  // namespace vg::collector::api
