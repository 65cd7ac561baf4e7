// SPDX-License-Identifier: BSD-3-Clause
#include "engine/plug_in.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <system_error>
#include <thread>

#include <dlfcn.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "channels/nmodl/compiled.hpp"
#include "channels/nmodl/emit_channel.hpp"
#include "channels/nmodl/emit_mechanism.hpp"
#include "core/checksum.hpp"
#include "core/data_path.hpp"
#include "core/error.hpp"
#include "core/random.hpp"
#include "engine/compiler.hpp"
#include "engine/kernels/exported.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;
using programs = std::vector<std::shared_ptr<const nmodl::program>>;

std::string lower(std::string_view name) {
    std::string made(name);
    for (char& c : made) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return made;
}

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

/// A mechanism, or a set that shares compartments, as C++.
struct written {
    std::vector<std::pair<std::string, std::string>> parts;   ///< by name: structs, or includes, that the text needs
    std::string text, symbol;
    double work = 1;                                          ///< about how long it compiles, in mechanisms
};

/// Writes what is to be compiled.
class writer {
public:
    writer(const programs& all, const plug_in_options& o) : programs_(all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            channels_.push_back(nmodl::emit_channel(*all[i]));
            const auto& c = channels_.back();
            if (c.text.empty()) {
                const auto symbol = fmt::format("apical_mechanism_{}", i);
                items_.push_back({{}, nmodl::emit_mechanism(*all[i], symbol), symbol, 0.5});
            } else {
                items_.push_back({{{c.name, c.text}}, exported(fmt::format("channel_{}", i), "mechanism", fmt::format("exported<channels::from_mod::{}>()", c.name)),
                                  fmt::format("apical_channel_{}", i), 1});
            }
        }
        for (const auto& names : o.together) write_set(names);
    }

    const std::vector<nmodl::emitted_channel>& channels() const { return channels_; }
    const std::vector<written>& items() const { return items_; }
    int sets() const { return sets_; }
    std::string everything() const {
        std::string all;
        for (const auto& item : items_) {
            for (const auto& [name, text] : item.parts) all += text;
            all += item.text;
        }
        return all;
    }
    /// Items dealt to as many units as there are jobs, so that each takes about as long.
    std::vector<unit_text> units(int jobs) const {
        std::vector<const written*> order;
        for (const auto& item : items_) order.push_back(&item);
        std::ranges::stable_sort(order, std::greater{}, &written::work);
        struct load { double work = 0; std::vector<std::string> defined = {}; std::string head, body; };
        std::vector<load> loads(std::min<std::size_t>(order.size(), static_cast<std::size_t>(jobs)));
        for (const auto* item : order) {
            auto& to = *std::ranges::min_element(loads, {}, &load::work);
            to.work += item->work;
            for (const auto& [name, text] : item->parts) {
                if (std::ranges::find(to.defined, name) != to.defined.end()) continue;
                to.defined.push_back(name);
                to.head += text;
            }
            to.body += item->text;
        }
        std::vector<unit_text> texts;
        for (const auto& l : loads) texts.push_back({.text = "#include \"engine/kernels/exported.hpp\"\n" + l.head + l.body, .options = {}});
        return texts;
    }

private:
    static std::string exported(const std::string& symbol, const char* what, const std::string& call) {
        return fmt::format("\nextern \"C\" [[gnu::visibility(\"default\")]] const apical::kernels::exported_{}* apical_{}() {{\n"
                           "    using namespace apical;\n    return kernels::{};\n}}\n", what, symbol, call);
    }
    /// Sets with a mechanism that has no kernels to share are left out.
    void write_set(const std::vector<std::string>& names) {
        struct member { bool is_channel; std::string key, type; std::pair<std::string, std::string> part; };
        std::vector<member> members;
        const auto built_in = catalogue::built_in();
        for (const auto& name : names) {
            const auto own = std::ranges::find_if(programs_, [&](const auto& p) { return lower(p->name) == lower(name); });
            if (own != programs_.end()) {
                const auto& c = channels_[static_cast<std::size_t>(own - programs_.begin())];
                if (c.text.empty() || (*own)->is != nmodl::program::kind::density) return;
                members.push_back({c.kind == nmodl::emitted_channel::form::channel, lower(name), "channels::from_mod::" + c.name, {c.name, c.text}});
            } else if (const auto* e = built_in.find(name); e && e->schema.kind != mechanism_kind::receptor) {
                members.push_back({e->schema.kind == mechanism_kind::channel, lower(name), "channels::" + e->schema.name,
                                   {e->schema.name + ".hpp", fmt::format("#include \"channels/{}.hpp\"\n", e->schema.name)}});
            } else {
                return;
            }
        }
        std::ranges::sort(members, {}, [](const member& m) { return std::pair(m.is_channel, m.key); });
        written set{.parts = {}, .text = {}, .symbol = fmt::format("apical_together_{}", sets_), .work = 0.5*static_cast<double>(members.size())};
        std::vector<std::string> types;
        for (const auto& m : members) set.parts.push_back(m.part), types.push_back(m.type);
        set.text = exported(fmt::format("together_{}", sets_++), "set", fmt::format("exported_fused<{}>()", fmt::join(types, ", ")));
        items_.push_back(std::move(set));
    }

    const programs& programs_;
    std::vector<nmodl::emitted_channel> channels_;
    std::vector<written> items_;
    int sets_ = 0;
};

std::vector<std::string> options_for(const compiler& c, const fs::path& headers) {
    std::vector<std::string> options{"-std=c++20", "-O3", "-DNDEBUG", "-fPIC", "-fvisibility=hidden", "-w", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"};
    if (c.is_gnu) options.insert(options.end(), {"-fschedule-insns", "-fsched-pressure"});
    constexpr std::string_view arch = APICAL_ARCH;
    if (!arch.empty()) options.push_back("-march=" + std::string(arch));
    options.insert(options.end(), {"-I", headers.string()});
    return options;
}

catalogue::entry entry_of(const kernels::exported_mechanism& e, std::shared_ptr<const void> library) {
    mechanism_schema s{.kind = e.kind, .name = e.name, .summary = e.summary, .source = e.source, .carries = e.carries, .reads = e.reads, .q10 = e.q10,
                       .q10_at = e.q10_at, .is_linear = e.is_linear, .parameters = {}, .states = {}};
    const auto fields = [](const kernels::exported_field* f, int n, std::vector<field>& to) {
        for (int i = 0; i < n; ++i) to.push_back({f[i].name, f[i].value, f[i].unit, f[i].meaning, f[i].low, f[i].high});
    };
    fields(e.parameters, e.parameter_count, s.parameters), fields(e.states, e.state_count, s.states);
    if (e.kind == mechanism_kind::pool) s.states = {{"c", 0, "mM", "concentration", 0, 1e3}};
    return {std::move(s), std::shared_ptr<const kernels::mechanism_table>(std::move(library), e.table)};
}

/// Loads a library and finds in it what was written; false if it is not what it should be.
bool load(const fs::path& path, const programs& all, const writer& w, plug_in& to) {
    if (!is_whole(path)) return false;
    void* const opened = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!opened) return false;
    const std::shared_ptr<const void> library(opened, [](void* p) { ::dlclose(p); });
    const auto find = [&](const std::string& symbol) { return ::dlsym(opened, symbol.c_str()); };
    for (std::size_t i = 0; i < all.size(); ++i) {
        plugged_mechanism m{.source = all[i], .channel = {}, .why_general = w.channels()[i].why_not, .general = nullptr};
        void* const f = find(w.items()[i].symbol);
        if (!f) return false;
        if (m.why_general.empty()) {
            const auto* e = reinterpret_cast<const kernels::exported_mechanism* (*)()>(f)();
            if (e->width != kernels::width || e->table_size != sizeof(kernels::mechanism_table)) return false;
            m.channel = entry_of(*e, library);
        } else {
            m.general = nmodl::compiled_mechanism(all[i], reinterpret_cast<const nmodl::compiled::table* (*)()>(f)(), library);
        }
        to.mechanisms.push_back(std::move(m));
    }
    for (int i = 0; i < w.sets(); ++i) {
        void* const f = find(fmt::format("apical_together_{}", i));
        if (!f) return false;
        const auto* e = reinterpret_cast<const kernels::exported_set* (*)()>(f)();
        auto table = std::make_shared<kernels::fused_table>();
        table->mechanisms.assign(e->mechanisms, e->mechanisms + e->count);
        std::memcpy(table->run, e->run, sizeof e->run);
        to.together.push_back(std::move(table));
    }
    to.library = path;
    return true;
}

plug_in evaluated(const programs& all, std::string why) {
    plug_in p;
    for (const auto& source : all) p.mechanisms.push_back({source, {}, why, nmodl::interpret(source)});
    p.why_evaluated = std::move(why);
    return p;
}

}  // namespace

fs::path plug_in_cache(const plug_in_options& o) {
    const auto named = [](const char* variable) { const char* v = std::getenv(variable); return fs::path(v ? v : ""); };
    if (!o.cache.empty()) return o.cache;
    if (auto own = named("APICAL_CACHE"); !own.empty()) return own;
    if (auto shared = named("XDG_CACHE_HOME"); !shared.empty()) return shared/"apical";
    if (auto home = named("HOME"); !home.empty()) return home/".cache"/"apical";
    throw invalid_input("cache of compiled mechanisms", "there is no home folder to keep it in", "set APICAL_CACHE to a folder");
}

plug_in build_plug_in(const programs& all, const plug_in_options& o) {
    if (all.empty()) return {};
    const auto with = find_compiler(o.compiler);
    if (with.path.empty()) return evaluated(all, "there is no C++ compiler: set CXX to one, or have c++, g++ or clang++ in PATH");
    const writer w(all, o);
    const auto headers = header_folder();
    const auto options = options_for(with, headers);
    const auto key = name_for(fmt::format("{} {} {} {}\n{}{}", nmodl::emitter_version, APICAL_VERSION, with.identity, fmt::join(options, " "), w.everything(),
                                          all_headers(headers)));
    const auto cache = plug_in_cache(o);
    const auto path = cache/(key + ".so");
    plug_in made;
    if (load(path, all, w, made)) {
        made.was_cached = true;
        return made;
    }
    const workplace work(cache);
    const int jobs = o.jobs > 0 ? o.jobs : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    const auto library = work.path()/"library.so";
    compile_library(with, w.units(jobs), options, work.path(), library, jobs);
    const auto bytes = bytes_of(library);
    std::ofstream end(library, std::ios::binary | std::ios::app);
    end << seal(bytes.value_or(""));
    end.close();
    std::error_code failure;
    if (end) fs::rename(library, path, failure);
    if (!bytes || !end || failure)
        throw invalid_input(path.string(), "a compiled library cannot be put in place" + (failure ? ": " + failure.message() : ""), "is the disk full?");
    made = {};
    if (!load(path, all, w, made))
        throw unsupported(path.string(), "the library that was compiled does not fit this program",
                          "is the compiler for the machine, and are the headers in '" + headers.string() + "' those that this was built with?");
    return made;
}

}  // namespace apical
