// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

namespace apical::python {

namespace nb = nanobind;

/// A member of a record as NumPy sees it: name, format ("i4", "f8") and offset in bytes.
struct record_field { const char* name; const char* format; std::size_t offset; };

/// A read-only structured array over `count` records of `size` bytes; `owner` keeps them alive. No copy.
nb::object record_view(const void* records, std::size_t count, std::size_t size, std::initializer_list<record_field> fields,
                       nb::handle owner);

/// A float64 array that owns the values.
nb::object owned_array(std::vector<double> values);

/// Keeps a C++ value alive for as long as Python wants it.
template <class T> nb::capsule keep(T value) {
    return nb::capsule(new T(std::move(value)), [](void* p) noexcept { delete static_cast<T*>(p); });
}

}  // namespace apical::python
