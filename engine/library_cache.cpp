// SPDX-License-Identifier: BSD-3-Clause
#include "engine/library_cache.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string_view>
#include <system_error>
#include <thread>

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/checksum.hpp"
#include "core/data_path.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream all;
    all << in.rdbuf();
    return in.bad() ? std::nullopt : std::optional(std::move(all).str());
}

/// 128 bits for a text.
std::string name_for(std::string_view text) {
    checksum second;
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, text.data() + i, std::min<std::size_t>(4, text.size() - i));
        second(word);
    }
    return fmt::format("{:016x}{:016x}", identity(text), second.sum());
}

/// Everything of Apical that may be compiled into a library.
std::string all_headers(const fs::path& folder) {
    std::vector<fs::path> files;
    const auto take = [&](const fs::path& p) { if (p.extension() == ".hpp") files.push_back(p); };
    std::error_code ignored;
    for (const char* part : {"core", "engine", "plasticity"})
        for (const auto& e : fs::directory_iterator(folder/part, ignored)) take(e.path());
    for (const char* part : {"channels", "engine/kernels"})
        for (const auto& e : fs::recursive_directory_iterator(folder/part, ignored)) take(e.path());
    std::ranges::sort(files);
    std::string text;
    for (const auto& f : files) text += bytes_of(f).value_or("");
    return text;
}

/// The end of a library in the cache: the sum of what is before it. Bytes after the last section mean nothing to the loader.
std::string seal(std::string_view bytes) { return fmt::format("apical:{}", name_for(bytes)); }
constexpr std::size_t seal_size = 39;

bool is_whole(const fs::path& library) {
    const auto bytes = bytes_of(library);
    if (!bytes || bytes->size() <= seal_size) return false;
    const auto size = bytes->size() - seal_size;
    return std::string_view(*bytes).substr(size) == seal(std::string_view(*bytes).substr(0, size));
}

/// A folder of one's own in the cache, gone with the object.
class workplace {
public:
    explicit workplace(const fs::path& cache) {
        std::random_device entropy;
        std::error_code failure;
        fs::create_directories(cache, failure);
        for (int attempt = 0; attempt < 10 && !failure; ++attempt)
            if (path_ = cache/fmt::format("build.{:08x}{:08x}", entropy(), entropy()); fs::create_directory(path_, failure)) return;
        path_.clear();
        throw invalid_input(cache.string(), "compiled mechanisms cannot be kept there: " + (failure ? failure.message() : "no folder can be made"),
                            "set APICAL_CACHE to a folder that can be written");
    }
    ~workplace() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    workplace(const workplace&) = delete;
    workplace& operator=(const workplace&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

std::vector<std::string> options_for(const compiler& c, const fs::path& headers) {
    std::vector<std::string> options{"-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-fvisibility=hidden", "-w", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"};
    if (c.is_gnu) options.insert(options.end(), {"-fschedule-insns", "-fsched-pressure"});
    constexpr std::string_view arch = APICAL_ARCH;
    if (!arch.empty()) options.push_back("-march=" + std::string(arch));
    options.insert(options.end(), {"-I", headers.string()});
    return options;
}

/// Loads a library, if it is whole and what it should be.
std::optional<cached_library> loaded(const fs::path& path, const library_source& source, bool was_there) {
    if (!is_whole(path)) return std::nullopt;
    const cached_library library{path, ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE), was_there};
    return library.handle && source.fits(library) ? std::optional(library) : std::nullopt;
}

/// Compiles beside, and puts in place when complete.
void build(const library_source& source, const compiler& with, const std::vector<std::string>& options, const fs::path& path, int jobs) {
    const workplace work(path.parent_path());
    const auto library = work.path()/"library.so";
    compile_library(with, source.units(jobs), options, work.path(), library, jobs);
    const auto bytes = bytes_of(library);
    std::ofstream end(library, std::ios::binary | std::ios::app);
    end << seal(bytes.value_or(""));
    end.close();
    std::error_code failure;
    if (end) fs::rename(library, path, failure);
    if (!bytes || !end || failure)
        throw invalid_input(path.string(), "a compiled library cannot be put in place" + (failure ? ": " + failure.message() : ""), "is the disk full?");
}

}  // namespace

void* cached_library::find(const std::string& symbol) const { return ::dlsym(handle, symbol.c_str()); }

fs::path plug_in_cache(const plug_in_options& o) {
    const auto named = [](const char* variable) { const char* v = std::getenv(variable); return fs::path(v ? v : ""); };
    if (!o.cache.empty()) return o.cache;
    if (auto own = named("APICAL_CACHE"); !own.empty()) return own;
    if (auto shared = named("XDG_CACHE_HOME"); !shared.empty()) return shared/"apical";
    if (auto home = named("HOME"); !home.empty()) return home/".cache"/"apical";
    throw invalid_input("cache of compiled mechanisms", "there is no home folder to keep it in", "set APICAL_CACHE to a folder");
}

std::optional<cached_library> library_for(const library_source& source, const plug_in_options& o) {
    const auto with = find_compiler(o.compiler);
    if (with.path.empty()) return std::nullopt;
    const auto headers = header_folder();
    const auto options = options_for(with, headers);
    const auto key = name_for(fmt::format("{} {} {}\n{}{}", APICAL_VERSION, with.identity, fmt::join(options, " "), source.content, all_headers(headers)));
    const auto path = plug_in_cache(o)/(key + ".so");
    if (const auto found = loaded(path, source, true)) return found;
    build(source, with, options, path, o.jobs > 0 ? o.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
    if (const auto made = loaded(path, source, false)) return made;
    const char* why = ::dlerror();
    throw unsupported(path.string(), std::string("the library that was compiled does not fit this program") + (why ? std::string(": ") + why : ""),
                      "is the compiler for this machine, and are the headers in '" + headers.string() + "' those that this was built with?");
}

}  // namespace apical
