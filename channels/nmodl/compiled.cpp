// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/compiled.hpp"

#include <limits>
#include <utility>

#include "channels/nmodl/services.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace apical::nmodl {
namespace {

/// The view that blocks are run over, as services find it again.
struct seen {
    const instance_view& at;
    const program& of;
};
const seen& seen_by(void* self) { return *static_cast<const seen*>(self); }

double draw(void* self, int instance, int kind, int stream, int nth, double a, double b) {
    const auto function = static_cast<builtin>(kind + static_cast<int>(builtin::uniform));
    return random_number(seen_by(self).at, instance, function, stream, static_cast<std::uint64_t>(nth), a, b);
}
double table(void* self, int table, const double* x, int count) {
    const auto tables = seen_by(self).at.tables;
    const bool is_there = table >= 0 && static_cast<std::size_t>(table) < tables.size();
    return is_there ? table_value(tables[static_cast<std::size_t>(table)], {x, static_cast<std::size_t>(count)}) : std::numeric_limits<double>::quiet_NaN();
}

/// The text of the `fail` statement at a place.
std::string text_at(const block& b, const compiled::site& s) {
    for (const auto& x : b) {
        if (x.is == statement::kind::fail && x.at.line == s.line && x.at.column == s.column) return x.text;
        for (const auto* inner : {&x.body, &x.other})
            if (auto text = text_at(*inner, s); !text.empty()) return text;
    }
    return {};
}
void tell(void* self, int instance, compiled::site s) {
    const auto& [at, of] = seen_by(self);
    if (!at.faults || at.faults->is != fault_kind::none) return;
    place where{of.variables.empty() ? nullptr : of.variables.front().at.in, s.line, s.column};
    *at.faults = {static_cast<fault_kind>(s.fault), instance, where, {}};
    for (const auto* b : {&of.initial, &of.advance, &of.breakpoint, &of.net_receive, &of.net_initial, &of.before_step, &of.after_solve})
        if (s.fault == static_cast<int>(fault_kind::failed) && at.faults->text.empty()) at.faults->text = text_at(*b, s);
}

constexpr compiled::services services{draw, table, tell};

/// A view as compiled code has it.
class plain {
public:
    plain(const instance_view& v, const program& of) : seen_{v, of} {}
    operator compiled::view() && { return {seen_.at.count, seen_.at.columns, seen_.at.shared, &seen_, &services}; }

private:
    seen seen_;
};

/// A sink as compiled code calls it.
class told {
public:
    explicit told(event_sink& sink) : sink_(sink) {}
    compiled::host host() {
        return {this,
                [](void* self, int instance, double delay, double flag) { of(self).sink_.send(instance, delay, flag); },
                [](void* self, int instance, double time) { of(self).sink_.spike(instance, time); },
                [](void* self, int instance, double time) { of(self).sink_.move(instance, time); },
                [](void* self, int instance, int condition, double flag) { of(self).sink_.watch(instance, condition, flag); },
                [](void* self, int instance, double* const** to) {
                    const auto found = of(self).sink_.connections(instance);
                    *to = found.data();
                    return static_cast<int>(found.size());
                }};
    }

private:
    static told& of(void* self) { return *static_cast<told*>(self); }
    event_sink& sink_;
};

class compiled_form : public mechanism {
public:
    compiled_form(std::shared_ptr<const program> source, const compiled::table* blocks, std::shared_ptr<const void> library)
        : source_(std::move(source)), library_(std::move(library)), blocks_(*blocks) {}

    const program& source() const override { return *source_; }
    void initial(const instance_view& at, event_sink* sink) const override {
        if (!blocks_.initial) return;
        if (!sink) return blocks_.initial(view(at), nullptr);
        told to(*sink);
        const auto host = to.host();
        blocks_.initial(view(at), &host);
    }
    void advance(const instance_view& at) const override {
        if (blocks_.advance) blocks_.advance(view(at));
    }
    void breakpoint(const instance_view& at, const current_view& to) const override {
        if (blocks_.breakpoint) blocks_.breakpoint(view(at), {to.i, to.g, to.ion_i, to.ion_g, to.slope_over});
    }
    void before_step(const instance_view& at) const override {
        if (blocks_.before_step) blocks_.before_step(view(at));
    }
    void after_solve(const instance_view& at) const override {
        if (blocks_.after_solve) blocks_.after_solve(view(at));
    }
    void receive(const instance_view& at, int instance, double* connection, double flag, event_sink& sink) const override {
        if (!blocks_.receive) return;
        told to(sink);
        blocks_.receive(view(at), instance, connection, flag, to.host());
    }
    void net_initial(const instance_view& at, int instance, double* connection) const override {
        if (blocks_.net_initial) blocks_.net_initial(view(at), instance, connection);
    }
    double condition(const instance_view& at, int instance, int n) const override {
        return blocks_.condition ? blocks_.condition(view(at), instance, n) : std::numeric_limits<double>::quiet_NaN();
    }
    void call(const instance_view& at, std::string_view routine, std::span<const double> arguments, double* result) const override {
        const auto& all = source_->routines;
        for (std::size_t n = 0; n < all.size(); ++n) {
            if (all[n].name != routine) continue;
            if (arguments.size() != all[n].arguments.size())
                throw invalid_model(source_->name + "." + std::string(routine), "takes " + std::to_string(all[n].arguments.size()) + " arguments, not " +
                                    std::to_string(arguments.size()));
            blocks_.call(view(at), static_cast<int>(n), arguments.data(), result);
            return;
        }
        std::vector<std::string> names;
        for (const auto& r : all) names.push_back(r.name);
        throw invalid_model(source_->name, "has no procedure or function '" + std::string(routine) + "'", suggestion(routine, names));
    }

private:
    plain view(const instance_view& at) const { return {at, *source_}; }

    std::shared_ptr<const program> source_;
    std::shared_ptr<const void> library_;
    const compiled::table& blocks_;
};

}  // namespace

std::shared_ptr<const mechanism> compiled_mechanism(std::shared_ptr<const program> p, const compiled::table* blocks, std::shared_ptr<const void> library) {
    const bool fits = blocks && blocks->version == compiled::version && blocks->instance_size == p->instance_size &&
                      blocks->shared_size == p->shared_size && blocks->connection_size == p->connection_size;
    if (!fits) throw unsupported(p->name, "what it was compiled to is of another version of Apical", "compile it again");
    return std::make_shared<compiled_form>(std::move(p), blocks, std::move(library));
}

}  // namespace apical::nmodl
