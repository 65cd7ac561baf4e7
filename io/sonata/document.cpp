// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/document.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "io/output_file.hpp"

namespace apical::sonata {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_bytes = std::size_t{64} << 20;
constexpr std::size_t longest_text = 4096;      // of what variables make: each may hold the one before it several times
constexpr std::size_t deepest_naming = 8;

bool is_name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// The variables of one file.
class manifest {
public:
    manifest(const field& list, const fs::path& file) {
        values_["configdir"] = file.parent_path().string();
        values_["configfname"] = file.string();
        values_["workingdir"] = fs::current_path().string();
        if (!list || !list.is(json::kind::object)) return;
        for (const auto& [key, value] : list.at->members) {
            const auto name = bare(key);
            const auto at = list.member(key);
            if (name.empty() || !std::ranges::all_of(name, is_name_character))
                at.invalid(fmt::format("'{}' cannot be the name of a variable", key), "letters, digits and underscores make a name");
            else if (const auto text = at.text()) written_[name] = {*text, at};
        }
        for (const auto& [name, w] : written_) resolve(name);
    }

    /// The text with every $NAME and ${NAME} put in. Complains about unknown ones at `at`.
    std::string put_in(std::string_view text, const field& at) {
        std::string out;
        while (!text.empty()) {
            const auto dollar = text.find('$');
            out += text.substr(0, dollar);
            if (dollar == text.npos) break;
            text.remove_prefix(dollar + 1);
            const auto name = take_name(text, at);
            if (!name.empty()) out += value_of(name, at);
            if (out.size() > longest_text) {
                at.invalid(fmt::format("becomes longer than {} characters with its variables put in", longest_text));
                return {};
            }
        }
        return out;
    }

private:
    struct writing {
        std::string text;
        field at;
    };

    static std::string bare(std::string_view key) {
        if (key.starts_with('$')) key.remove_prefix(1);
        if (key.starts_with('{') && key.ends_with('}')) key = key.substr(1, key.size() - 2);
        return std::string(key);
    }

    static std::string take_name(std::string_view& text, const field& at) {
        const bool braces = text.starts_with('{');
        if (braces) text.remove_prefix(1);
        const auto end = std::ranges::find_if_not(text, is_name_character);
        const std::string name(text.begin(), end);
        text.remove_prefix(name.size());
        const bool closed = !braces || text.starts_with('}');
        if (braces && closed) text.remove_prefix(1);
        if (name.empty() || !closed) {
            at.invalid("has a '$' that no name follows", "write variables as $NAME or ${NAME}");
            return {};
        }
        return name;
    }

    const std::string& value_of(const std::string& name, const field& at) {
        if (const auto it = values_.find(name); it != values_.end()) return it->second;
        if (written_.contains(name)) return resolve(name);
        if (name == "date" || name == "time" || name == "datetime") {
            at.unsupported(fmt::format("names the variable '{}'", name), "a circuit whose files depend on the clock cannot be run again");
        } else {
            std::vector<std::string> known;
            for (const auto& [n, v] : written_) known.push_back(n);
            at.invalid(fmt::format("names the variable '{}', which the manifest does not have", name), suggestion(name, known));
        }
        return values_[name];      // told once
    }

    const std::string& resolve(const std::string& name) {
        if (const auto it = values_.find(name); it != values_.end()) return it->second;
        const auto w = written_.at(name);
        if (std::ranges::find(open_, name) != open_.end()) {
            w.at.invalid(fmt::format("leads to itself: {} -> {}", fmt::join(open_, " -> "), name));
            return values_[name];
        }
        open_.push_back(name);
        auto text = put_in(w.text, w.at);
        open_.pop_back();
        // "." is the folder of the file, wherever the program was started
        if (text == "." || text == ".." || text.starts_with("./") || text.starts_with("../")) text = (w.at.from->folder / text).lexically_normal().string();
        while (text.size() > 1 && text.ends_with('/')) text.pop_back();
        return values_.try_emplace(name, std::move(text)).first->second;
    }

    std::map<std::string, writing> written_;
    std::map<std::string, std::string> values_;
    std::vector<std::string> open_;
};

/// Puts the variables into every text of the value.
void put_in_all(json::value& v, const field& at, manifest& variables) {
    if (v.type == json::kind::text && v.text.find('$') != v.text.npos) v.text = variables.put_in(v.text, at);
    for (std::size_t i = 0; i < v.items.size(); ++i) put_in_all(v.items[i], at.item(i), variables);
    for (auto& [name, value] : v.members) put_in_all(value, {&value, at.pointer + "/" + json::escaped(name), at.from, at.found}, variables);
}

}  // namespace

/// Reads the files one after the other into a document.
class document::loader {
public:
    loader(document& to, findings& found) : to_(to), found_(found) {}

    void read(const fs::path& path) {
        const auto whole = fs::absolute(path).lexically_normal();
        std::error_code ignored;
        if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) throw invalid_input(path.string(), "is no file", "a pipe would be waited for");
        auto value = json::parse(read_text(path, most_bytes), path.string());
        to_.origins_.push_back({path.string(), whole.parent_path()});
        open_.push_back(whole);
        take(std::move(value), {nullptr, "", &to_.origins_.back(), &found_}, nullptr, whole);
        open_.pop_back();
    }

private:
    /// The members of `value`, which stands at `place`; an object within a file has the file's variables unless it brings its own.
    void take(json::value value, const field& place, const json::value* inherited, const fs::path& file) {
        const field root{&value, place.pointer, place.from, &found_};
        if (!root.is(json::kind::object)) return;
        const auto* own = value.find("manifest");
        const json::value* list = own ? own : inherited;
        manifest variables({list, place.pointer + "/manifest", place.from, &found_}, file);
        const auto at = [&](const std::string& name, const json::value& member) {
            return field{&member, place.pointer + "/" + json::escaped(name), place.from, &found_};
        };
        for (auto& [name, member] : value.members) {
            if (name == "manifest" || is_nested(name, member)) continue;
            put_in_all(member, at(name, member), variables);
            if (name != "network" && name != "simulation") put(name, member, place.from, at(name, member).pointer);
        }
        for (const std::string name : {"network", "simulation"}) {
            const auto* named = value.find(name);
            if (named && is_nested(name, *named)) take(*named, at(name, *named), list, file);
            else if (named) follow(at(name, *named));
        }
    }
    static bool is_nested(const std::string& name, const json::value& member) {
        return (name == "network" || name == "simulation") && member.type == json::kind::object;
    }

    void put(const std::string& name, json::value& v, const origin* from, std::string pointer) {
        auto& all = to_.sections_;
        const auto it = std::ranges::find(all, name, &section::name);
        section s{name, std::move(v), from, std::move(pointer)};
        if (it == all.end()) all.push_back(std::move(s));
        else *it = std::move(s);
    }

    void follow(const field& named) {
        const auto path = named.path();
        if (!path) return;
        if (std::ranges::find(done_, *path) != done_.end()) return;
        if (std::ranges::find(open_, *path) != open_.end()) return named.invalid(fmt::format("'{}' names this file again", path->string()));
        if (open_.size() >= deepest_naming) return named.invalid(fmt::format("is named by {} files in turn", open_.size()));
        done_.push_back(*path);
        std::error_code ignored;
        if (!fs::exists(*path, ignored)) return named.invalid(fmt::format("names the file '{}', which does not exist", path->string()));
        found_.guard([&] { read(*path); });
    }

    document& to_;
    findings& found_;
    std::vector<fs::path> open_, done_;
};

document document::read(const fs::path& path, findings& found) {
    document d;
    d.origins_.push_back({path.string(), fs::absolute(path).lexically_normal().parent_path()});
    found.guard([&] { loader(d, found).read(path); });
    return d;
}

field document::member(std::string_view name, findings& found) const {
    for (const auto& s : sections_)
        if (s.name == name) return {&s.value, s.pointer, s.from, &found};
    return {nullptr, "/" + json::escaped(name), &origins_.front(), &found};
}

std::vector<std::string> document::names() const {
    std::vector<std::string> all;
    for (const auto& s : sections_) all.push_back(s.name);
    return all;
}

}  // namespace apical::sonata
