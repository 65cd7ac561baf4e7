// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

using words = std::vector<const c_token*>;

bool is_integer_word(std::string_view w) {
    constexpr std::array<std::string_view, 9> all{"int", "long", "short", "unsigned", "signed", "char", "bool", "uint32_t", "u_int32_t"};
    return std::find(all.begin(), all.end(), w) != all.end();
}

/// Whether words before a name make it a number: `is_integer`, a whole one.
bool is_number_type(const words& type, bool& is_integer) {
    bool is_number = false;
    for (const auto* w : type) {
        const bool integer = is_integer_word(w->text), real = w->text == "double" || w->text == "float";
        if (w->is != c_token::kind::name || (!integer && !real && w->text != "const" && w->text != "static" && w->text != "inline" && w->text != "register")) return false;
        is_number = is_number || integer || real;
        is_integer = is_integer || integer;
    }
    return is_number;
}

bool has(const words& in, std::string_view word) {
    return std::any_of(in.begin(), in.end(), [&](const auto* w) { return w->text == word; });
}

class definitions {
public:
    definitions(const routine& in, c_scope& scope) : in_(in), scope_(scope), tokens_(c_tokens(in.text, in.at, scope.macros)) {}

    std::vector<routine> run() {
        while (!at_end()) one();
        return std::move(functions_);
    }

private:
    bool at_end() const { return next_ + 1 >= tokens_.size(); }
    const c_token& peek() const { return tokens_[next_]; }
    bool at(std::string_view s) const { return peek().is_symbol(s); }

    void one() {
        words base;
        do {
            auto head = head_of();
            if (at("{") && head.size() == 2 && head[0]->is_name("extern")) { ++next_; return; }   // extern "C" {
            if (has(head, "struct") || has(head, "typedef") || has(head, "enum") || has(head, "union")) {
                if (at("{")) skip_braces();
                return skip_to_end();
            }
            if (base.empty()) {
                const auto declared = std::find_if(head.begin(), head.end(), [](const auto* t) { return t->is_symbol("(") || t->is_symbol("[") || t->is_symbol("*"); });
                const auto type_end = declared == head.end() || !(*declared)->is_symbol("*") ? declared - (declared != head.begin()) : declared;
                base.assign(head.begin(), type_end);
                head.erase(head.begin(), type_end);
            }
            if (is_function(head)) return function(base, head);
            variable(base, head);
        } while (!at_end() && at(",") && ++next_ > 0);
        if (at("{")) skip_braces();
        else if (!at_end()) ++next_;
    }

    static bool is_function(const words& head) {
        const auto opens = std::find_if(head.begin(), head.end(), [](const auto* t) { return t->is_symbol("("); });
        return opens != head.end() && opens != head.begin() && (*(opens - 1))->is == c_token::kind::name;
    }

    /// The tokens up to what ends a declarator.
    words head_of() {
        words head;
        for (int depth = 0; !at_end(); ++next_) {
            if (depth == 0 && (at(";") || at("{") || at("}") || at("=") || at(","))) break;
            depth += at("(");
            depth -= at(")");
            head.push_back(&peek());
        }
        return head;
    }

    void skip_braces() {
        int depth = 0;
        do {
            depth += at("{");
            depth -= at("}");
            ++next_;
        } while (depth > 0 && !at_end());
    }

    void skip_to_end() {
        while (!at_end() && !at(";")) at("{") ? skip_braces() : void(++next_);
        if (!at_end()) ++next_;
    }

    void variable(const words& base, const words& head) {
        const auto name = std::find_if(head.begin(), head.end(), [](const auto* t) { return t->is == c_token::kind::name; });
        c_variable v;
        bool is_known = name != head.end() && head.front() == *name && is_number_type(base, v.is_integer);
        if (is_known && head.size() > 1) {   // name [ length ]
            is_known = head.size() == 4 && head[1]->is_symbol("[") && head[2]->is == c_token::kind::number && head[2]->value >= 1 && head[2]->value <= 10000;
            if (is_known) v.length = static_cast<int>(head[2]->value);
        }
        const bool is_extern = has(base, "extern");
        if (!at_end() && at("=")) {
            const auto value = initial_value();
            is_known = is_known && value && v.length == 0;
            v.value = value.value_or(0);
        }
        if (name == head.end() || is_extern) return;
        v.at = (*name)->at;
        v.is_constant = has(base, "const");
        if (has(base, "FILE")) scope_.files.insert((*name)->text);
        else if (is_known) scope_.numbers.emplace((*name)->text, v);
        else scope_.c_variables.insert((*name)->text);
    }

    /// What stands behind '=', if it is a number; goes on behind it.
    std::optional<double> initial_value() {
        words all;
        ++next_;
        for (int depth = 0; !at_end() && (depth > 0 || (!at(";") && !at(","))); ++next_) {
            depth += at("{") || at("(");
            depth -= at("}") || at(")");
            if (!at("(") && !at(")")) all.push_back(&peek());
        }
        const bool is_negative = all.size() == 2 && all[0]->is_symbol("-");
        if (all.size() != 1U + is_negative || all.back()->is != c_token::kind::number) return {};
        return is_negative ? -all.back()->value : all.back()->value;
    }

    void function(const words& base, const words& head) {
        const auto opens = std::find_if(head.begin(), head.end(), [](const auto* t) { return t->is_symbol("("); });
        const auto& name = **(opens - 1);
        if (at_end() || !at("{")) return skip_to_end();   // a prototype
        scope_.c_functions.insert(name.text);
        const auto& brace = peek();
        skip_braces();
        routine r;
        c_signature signature;
        const bool is_void = has(base, "void");
        const bool is_translated = opens - head.begin() == 1 && (is_void || is_number_type(base, signature.gives_integer)) && parameters({opens + 1, head.end()}, r, signature);
        if (!is_translated || scope_.signatures.contains(name.text)) return;
        r.is = is_void ? routine::kind::procedure : routine::kind::function;
        r.at = r.end = name.at;
        r.name = name.text;
        statement body;
        body.is = statement::kind::verbatim;
        body.at = brace.at;
        body.at.column = std::max(1, brace.at.column - 7);   // as if VERBATIM ended with the brace
        for (const auto& whole : signature.integers) body.text += whole + " = (double)" + whole + "; ";   // cut, as C cuts what it is given
        body.text += in_.text.substr(brace.offset + 1, tokens_[next_ - 1].offset - brace.offset - 1);
        r.body.push_back(std::move(body));
        scope_.signatures.emplace(r.name, std::move(signature));
        functions_.push_back(std::move(r));
    }

    /// Reads what stands behind the parenthesis of a function; false if a parameter is not a number.
    static bool parameters(const words& all, routine& r, c_signature& signature) {
        words one;
        for (const auto* t : all) {
            if (!t->is_symbol(",") && !t->is_symbol(")")) {
                if (!t->text.starts_with("_threadargsproto")) one.push_back(t);
                continue;
            }
            if (one.empty() || (one.size() == 1 && one[0]->is_name("void"))) { one.clear(); continue; }
            const auto& name = *one.back();
            one.pop_back();
            bool is_integer = false;
            if (name.is != c_token::kind::name || !is_number_type(one, is_integer)) return false;
            declaration d;
            d.at = name.at;
            d.name = name.text;
            r.arguments.push_back(std::move(d));
            if (is_integer) signature.integers.push_back(name.text);
            one.clear();
        }
        return true;
    }

    const routine& in_;
    c_scope& scope_;
    std::vector<c_token> tokens_;
    std::size_t next_ = 0;
    std::vector<routine> functions_;
};

}  // namespace

std::vector<routine> c_definitions(const routine& verbatim, c_scope& scope) { return definitions(verbatim, scope).run(); }

}  // namespace apical::nmodl::syntax
