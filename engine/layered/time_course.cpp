// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/time_course.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical::layered {

time_course::time_course(const wiring& w, const setting_values& s)
    : rows(w.rows), target_rows(w.target_rows), hold(static_cast<std::size_t>(s.at("hold"))), dt(s.at("dt")), answer(s.at("answer")), is_chance(s.at("chance") != 0) {
    for (const char* name : {"hold", "chance"})
        if (s.at(name) != static_cast<double>(static_cast<std::size_t>(s.at(name)))) throw invalid_model(fmt::format("layered net / settings.{}", name), fmt::format("{:g}", s.at(name)), "a whole number");
    if (told_steps() == 0) throw invalid_model("layered net / settings.answer", fmt::format("{:g} ms are less than a step", answer), fmt::format("{:g} ms at least", dt));
}

std::size_t time_course::told_steps() const {
    std::size_t count = 0;
    for (std::size_t k = 0; k < steps(); ++k) count += is_told(k);
    return count;
}

const double* time_course::target(const trial& t, std::size_t step, std::size_t outputs) const {
    return t.target ? t.target + (target_rows > 1 ? row(step)*outputs : 0) : nullptr;
}

void time_course::spikes(const wiring& w, const trial& t, std::size_t step, double* to) const {
    const auto size = w.layer(0).size;
    const double* x = t.input + row(step)*size;
    if (!is_chance) {
        std::copy_n(x, size, to);
        return;
    }
    random_stream draw(w.seed, identity("input spikes"), t.number, step);
    for (std::size_t k = 0; k < size; ++k) to[k] = draw.uniform() < x[k] ? 1 : 0;
}

void time_course::write(trial& t, std::size_t step, const double* outputs, std::size_t count) const {
    if (target_rows > 1) {
        std::copy_n(outputs, count, t.course.begin() + static_cast<std::ptrdiff_t>(row(step)*count));
    } else if (is_told(step)) {
        for (std::size_t k = 0; k < count; ++k) t.course[k] += outputs[k]/static_cast<double>(told_steps());
    }
}

}  // namespace apical::layered
