#pragma once
// How the other sites fare, as counts without names: by them somebody who sees the own unit alone can tell a fault of
// the site from one of its line or of the province. A site where nobody is expected to speak (no agents, or all of them
// said goodbye) counts for nothing. Read from the fact base; used on the pipeline's thread.

#include "collector/api/call.hpp"

#include <map>

namespace vg::collector::api {

class Elsewhere {
public:
    Elsewhere(Pipeline& pipeline, std::string site);

    [[nodiscard]] json::object sites() const;                              // {"heard","silent"}
    [[nodiscard]] json::object lines(const registry::Uplink& like) const;  // {"up","down"}: same provider and kind
    [[nodiscard]] json::object service(const std::string& id) const;       // {"reachable","unreachable"}

private:
    Pipeline& pipeline_;
    std::string site_;
    std::map<std::string, bool, std::less<>> heard_;  // the other sites that should speak, and whether they do
};

}  // namespace vg::collector::api
