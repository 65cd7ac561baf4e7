// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"

#include "frontends/python/bindings.hpp"

namespace apical::python {
namespace {

nb::list problems_of(const error& e) {
    nb::list all;
    for (const auto& p : e.problems()) all.append(nb::make_tuple(p.where.c_str(), p.what.c_str(), p.hint.c_str()));
    return all;
}

nb::object type_named(const char* name) { return nb::module_::import_("apical.errors").attr(name); }

void raise(const char* type_name, const error& e) {
    const auto type = type_named(type_name);
    PyErr_SetObject(type.ptr(), type(problems_of(e)).ptr());
}

void raise(const diverged& e) {
    const auto type = type_named("Diverged");
    const auto& at = e.at();
    const auto made = type(problems_of(e), at.cell, at.population.c_str(), at.location.c_str(), at.time_ms, at.quantity.c_str(),
                           at.value);
    PyErr_SetObject(type.ptr(), made.ptr());
}

/// The classes themselves are written in Python, apical/errors.py.
void translate(const std::exception_ptr& thrown, void*) {
    try {
        std::rethrow_exception(thrown);
    } catch (const diverged& e) {
        raise(e);
    } catch (const invalid_model& e) {
        raise("InvalidModel", e);
    } catch (const invalid_input& e) {
        raise("InvalidInput", e);
    } catch (const unsupported& e) {
        raise("Unsupported", e);
    }
}

}  // namespace

void bind_errors() { nb::register_exception_translator(translate); }

}  // namespace apical::python
