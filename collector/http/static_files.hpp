#pragma once
// The files of the web UI, held in memory with their types, tags and precompressed variants. Only what a walk of the
// folder found can be asked for, so no path leads out of it. Used on one thread.

#include "collector/http/message.hpp"

#include <memory>

namespace vg::collector::http {

class StaticFiles {
public:
    // A missing folder gives an empty set: the API works without pages. Looks again when index.html has changed.
    explicit StaticFiles(std::string root);
    ~StaticFiles();

    // GET and HEAD. A path without a file type is a page of the application and gives index.html.
    [[nodiscard]] Response answer(const Request& request);
    [[nodiscard]] std::size_t size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace vg::collector::http
