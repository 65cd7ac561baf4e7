// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "engine/catalogue.hpp"
#include "engine/library_cache.hpp"

namespace apical {

/// A mechanism read from NMODL that was compiled in the form of the package's own channels, pools and receptors, and has their kernels. Its
/// blocks can be run one by one as well: they are evaluated.
class plugged_channel final : public nmodl::mechanism {
public:
    /// `text` defines the struct channels::from_mod::`name`.
    plugged_channel(std::shared_ptr<const nmodl::program>, mechanism_schema, std::shared_ptr<const kernels::mechanism_table>, std::string name, std::string text,
                    plug_in_options);

    const mechanism_schema& schema() const { return schema_; }
    const std::shared_ptr<const kernels::mechanism_table>& kernels() const { return kernels_; }
    const std::string& struct_name() const { return name_; }
    const std::string& text() const { return text_; }
    const plug_in_options& options() const { return options_; }

    const nmodl::program& source() const override { return evaluated_->source(); }
    void initial(const nmodl::instance_view& v, nmodl::event_sink* s) const override { evaluated_->initial(v, s); }
    void advance(const nmodl::instance_view& v) const override { evaluated_->advance(v); }
    void breakpoint(const nmodl::instance_view& v, const nmodl::current_view& to) const override { evaluated_->breakpoint(v, to); }
    void before_step(const nmodl::instance_view& v) const override { evaluated_->before_step(v); }
    void after_solve(const nmodl::instance_view& v) const override { evaluated_->after_solve(v); }
    void receive(const nmodl::instance_view& v, int instance, double* connection, double flag, nmodl::event_sink& s) const override {
        evaluated_->receive(v, instance, connection, flag, s);
    }
    void net_initial(const nmodl::instance_view& v, int instance, double* connection) const override { evaluated_->net_initial(v, instance, connection); }
    double condition(const nmodl::instance_view& v, int instance, int n) const override { return evaluated_->condition(v, instance, n); }
    void call(const nmodl::instance_view& v, std::string_view routine, std::span<const double> arguments, double* result) const override {
        evaluated_->call(v, routine, arguments, result);
    }

private:
    std::shared_ptr<const nmodl::mechanism> evaluated_;
    mechanism_schema schema_;
    std::shared_ptr<const kernels::mechanism_table> kernels_;
    std::string name_, text_;
    plug_in_options options_;
};

/// One kernel for mechanisms that share compartments, some of them plugged_channels, in the order that they have there: compiled, or found
/// in the cache. Null if there is no compiler, a mechanism has no kernels, or the cache cannot be written.
std::shared_ptr<const kernels::fused_table> fuse(const std::vector<catalogue::entry>&);

}  // namespace apical
