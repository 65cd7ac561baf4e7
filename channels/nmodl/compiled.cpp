// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/compiled.hpp"

#include <limits>
#include <utility>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical::nmodl {
namespace {

/// A number of a stream of an instance; streams and steps have sequences of their own.
double draw(const compiled::view& at, int instance, int kind, int stream, int nth, double a, double b) {
    random_stream numbers(at.seed, at.identity ? at.identity[instance] : 0, static_cast<std::uint64_t>(stream), at.draw);
    numbers.seek(static_cast<std::uint64_t>(nth)*2);
    switch (static_cast<builtin>(kind + static_cast<int>(builtin::uniform))) {
    case builtin::uniform: return numbers.uniform(a, b);
    case builtin::normal: return numbers.normal(a, b);
    case builtin::exponential: return numbers.exponential(a);
    default: return static_cast<double>(numbers.poisson(a));
    }
}
double no_table(const void*, int, const double*, int) { return std::numeric_limits<double>::quiet_NaN(); }

constexpr compiled::services services{draw, no_table, nullptr};

compiled::view plain(const instance_view& v) { return {v.count, v.columns, v.shared, v.identity, v.seed, v.draw}; }

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
        if (!sink) return blocks_.initial(plain(at), services, nullptr);
        told to(*sink);
        const auto host = to.host();
        blocks_.initial(plain(at), services, &host);
    }
    void advance(const instance_view& at) const override {
        if (blocks_.advance) blocks_.advance(plain(at), services);
    }
    void breakpoint(const instance_view& at, const current_view& to) const override {
        if (blocks_.breakpoint) blocks_.breakpoint(plain(at), services, {to.i, to.g, to.ion_i, to.ion_g, to.slope_over});
    }
    void before_step(const instance_view& at) const override {
        if (blocks_.before_step) blocks_.before_step(plain(at), services);
    }
    void after_solve(const instance_view& at) const override {
        if (blocks_.after_solve) blocks_.after_solve(plain(at), services);
    }
    void receive(const instance_view& at, int instance, double* connection, double flag, event_sink& sink) const override {
        if (!blocks_.receive) return;
        told to(sink);
        blocks_.receive(plain(at), services, instance, connection, flag, to.host());
    }
    void net_initial(const instance_view& at, int instance, double* connection) const override {
        if (blocks_.net_initial) blocks_.net_initial(plain(at), services, instance, connection);
    }
    double condition(const instance_view& at, int instance, int n) const override {
        return blocks_.condition ? blocks_.condition(plain(at), services, instance, n) : -1;
    }
    void call(const instance_view& at, std::string_view routine, std::span<const double> arguments, double* result) const override {
        const auto& all = source_->routines;
        for (std::size_t n = 0; n < all.size(); ++n) {
            if (all[n].name != routine) continue;
            if (arguments.size() != all[n].arguments.size())
                throw invalid_model(source_->name + "." + std::string(routine), "takes " + std::to_string(all[n].arguments.size()) + " arguments, not " +
                                    std::to_string(arguments.size()));
            blocks_.call(plain(at), services, static_cast<int>(n), arguments.data(), result);
            return;
        }
        std::vector<std::string> names;
        for (const auto& r : all) names.push_back(r.name);
        throw invalid_model(source_->name, "has no procedure or function '" + std::string(routine) + "'", suggestion(routine, names));
    }

private:
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
