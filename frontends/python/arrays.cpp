// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/python/arrays.hpp"

#include <cstdint>

namespace apical::python {

nb::object record_view(const void* records, std::size_t count, std::size_t size, std::initializer_list<record_field> fields,
                       nb::handle owner) {
    nb::list names, formats, offsets;
    for (const auto& f : fields) names.append(f.name), formats.append(f.format), offsets.append(f.offset);
    nb::dict layout;
    layout["names"] = names, layout["formats"] = formats, layout["offsets"] = offsets, layout["itemsize"] = size;
    const auto numpy = nb::module_::import_("numpy");
    const auto type = numpy.attr("dtype")(layout);
    if (count == 0) {
        auto none = numpy.attr("empty")(0, type);
        none.attr("setflags")(nb::arg("write") = false);
        return none;
    }
    using bytes = nb::ndarray<nb::numpy, const std::uint8_t, nb::ndim<1>>;
    return nb::cast(bytes(records, {count*size}, owner)).attr("view")(type);
}

nb::object owned_array(std::vector<double> values) {
    using array = nb::ndarray<nb::numpy, double, nb::ndim<1>>;
    const auto owner = keep(std::move(values));
    auto& kept = *static_cast<std::vector<double>*>(owner.data());
    return nb::cast(array(kept.data(), {kept.size()}, owner));
}

}  // namespace apical::python
