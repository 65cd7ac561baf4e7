// SPDX-License-Identifier: BSD-3-Clause
#include "models/cylinder.hpp"

namespace apical::models {
namespace {

section along_x(const cylinder& c, point start) {
    start.diameter = c.diameter.coherent();
    point end = start;
    end.x += c.length.coherent();
    return {.type = c.type, .points = {start, end}};
}

}  // namespace

int add_cylinder(morphology& shape, const cylinder& c, location start) {
    section s = along_x(c, shape.at(start));
    s.parent = start.section;
    s.parent_x = start.x;
    return shape.add(std::move(s));
}

morphology one_cylinder(const cylinder& c) {
    morphology shape;
    shape.add(along_x(c, {}));
    return shape;
}

}  // namespace apical::models
