// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/include.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace apical::nmodl {
namespace {

namespace fs = std::filesystem;

std::string trail(const std::vector<scanner>& open) {
    std::string names;
    for (const auto& s : open) names += fmt::format("{} -> ", s.in()->file);
    return names;
}

}  // namespace

std::shared_ptr<const source> read_source(const std::string& path) {
    std::error_code fault;
    if (!fs::is_regular_file(path, fault)) return {};
    std::ifstream file(path, std::ios::binary);
    if (!file) return {};
    return std::make_shared<const source>(source{path, {std::istreambuf_iterator<char>(file), {}}});
}

include_reader includes_from(std::vector<std::string> folders) {
    return [folders = std::move(folders)](const std::string& name, const source& from) -> std::shared_ptr<const source> {
        const auto file = fs::path(name).filename();
        for (const auto& wanted : {fs::path(name), file}) {
            if (auto beside = read_source((fs::path(from.file).parent_path() / wanted).string())) return beside;
            for (const auto& folder : folders)
                if (auto found = read_source((fs::path(folder) / wanted).string())) return found;
        }
        return {};
    };
}

token_stream::token_stream(std::shared_ptr<const source> in, const include_reader& include, diagnostics& found)
    : include_(include), found_(found) {
    last_ = {in, 1, 1};
    push(in, last_);
    if (open_.empty()) open_.emplace_back(std::make_shared<const source>(source{in->file, {}}));
}

void token_stream::push(std::shared_ptr<const source> in, const place& at) {
    if (in->text.size() > max_bytes)
        found_.error(at, fmt::format("{} has more than {} bytes", in->file, max_bytes), "this is not a mechanism");
    else open_.emplace_back(std::move(in));
}

const token& token_stream::peek(std::size_t ahead) {
    while (ahead_.size() <= ahead) {
        ahead_.push_back(next());
        ahead_.back().is_unchecked = is_unchecked_;   // as next() left it: directives before the token are done
    }
    return ahead_[ahead];
}

token token_stream::take() {
    auto t = peek();
    if (t.is != token::kind::end) ahead_.pop_front();
    last_ = t.at;
    ++taken_;
    return t;
}

std::optional<std::string> token_stream::take_unit() {
    const auto opening = take();
    ahead_.clear();
    auto unit = open_.back().up_to_parenthesis();
    if (!unit) found_.error(opening.at, "the parenthesis of a unit is not closed on its line", "write ')' behind the unit");
    return unit;
}

std::string token_stream::take_identifier() {
    ahead_.clear();
    return open_.back().word_up_to_blank();
}

token token_stream::next() {
    for (;;) {
        auto t = open_.back().next();
        if (++read_ > max_tokens) {
            if (read_ == max_tokens + 1)
                found_.error(t.at, fmt::format("more than {} words", max_tokens), "split the mechanism, or include less");
            give_up();
            t.is = token::kind::end;
        }
        if (t.is == token::kind::end && open_.size() > 1) {
            open_.pop_back();
            continue;
        }
        if (t.is != token::kind::name || t.order > 0) return t;
        if (t.text == "TITLE") {
            t.is = token::kind::title;
            t.text = open_.back().rest_of_line();
            return t;
        }
        if (t.text == "VERBATIM") return raw_block(std::move(t), token::kind::verbatim);
        if (is_directive(t)) continue;
        const auto macro = macros_.find(t.text);
        if (macro == macros_.end()) return t;
        auto number = macro->second;
        number.at = t.at;
        number.macro = t.text;
        return number;
    }
}

void token_stream::give_up() {
    open_.resize(1, open_.front());
    open_.front().skip_rest();
}

bool token_stream::is_directive(const token& t) {
    if (t.text == "UNITSON" || t.text == "UNITSOFF") is_unchecked_ = t.text == "UNITSOFF";
    else if (t.text == "COMMENT") comments.push_back(raw_block(t, token::kind::comment).text);
    else if (t.text == "INCLUDE") include(t);
    else if (t.text == "DEFINE") define(t);
    else return false;
    return true;
}

token token_stream::raw_block(token opening, token::kind is) {
    const auto last = "END" + opening.text;
    auto inside = open_.back().block_up_to(last, is == token::kind::verbatim);
    if (!inside) {
        found_.error(opening.at, fmt::format("{} is not closed", opening.text), fmt::format("write {} as the first word of a line", last));
        open_.back().skip_rest();
    }
    opening.is = is;
    opening.text = inside.value_or("");
    return opening;
}

void token_stream::include(const token& keyword) {
    auto& here = open_.back();
    const auto name = here.next();
    if (name.is != token::kind::text || name.text.empty())
        return found_.error(name.at, "INCLUDE needs the name of a file in quotes", R"(write INCLUDE "name.inc")");
    if (open_.size() >= max_depth)
        return found_.error(keyword.at, fmt::format("files include one another more than {} deep: {}{}", max_depth, trail(open_), name.text));
    auto in = include_ ? include_(name.text, *here.in()) : nullptr;
    if (!in)
        return found_.error(name.at, fmt::format("the included file \"{}\" is not found", name.text),
                            "put it beside this file, or name its folder when translating");
    if (std::any_of(open_.begin(), open_.end(), [&](const scanner& s) { return s.in()->file == in->file; }))
        return found_.error(keyword.at, fmt::format("files include one another: {}{}", trail(open_), in->file), "leave one INCLUDE out");
    push(std::move(in), keyword.at);
}

void token_stream::define(const token& keyword) {
    const auto name = open_.back().next();
    if (name.is != token::kind::name || name.order > 0)
        return found_.error(name.at, "DEFINE needs a name", "write DEFINE name integer, such as DEFINE N 10");
    auto value = open_.back().next();
    if (value.is == token::kind::name)
        if (const auto other = macros_.find(value.text); other != macros_.end()) value = other->second;
    if (value.is != token::kind::number || !value.is_integer)
        return found_.error(value.at, fmt::format("DEFINE {} needs an integer", name.text), "write DEFINE name integer, such as DEFINE N 10");
    if (!macros_.emplace(name.text, value).second)
        found_.error(keyword.at, fmt::format("{} is defined twice", name.text), "leave one DEFINE out");
}

}  // namespace apical::nmodl
