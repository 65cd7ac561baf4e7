// SPDX-License-Identifier: BSD-3-Clause
#include "io/hdf5.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <type_traits>

#include <fmt/format.h>
#include <hdf5.h>

#include "core/error.hpp"
#include "io/hdf5_checks.hpp"

namespace apical::hdf5 {
namespace {

template <class T> hid_t native() {
    if constexpr (std::is_same_v<T, double>) return H5T_NATIVE_DOUBLE;
    else if constexpr (std::is_same_v<T, float>) return H5T_NATIVE_FLOAT;
    else if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_NATIVE_UINT64;
    else if constexpr (std::is_same_v<T, std::int64_t>) return H5T_NATIVE_INT64;
    else if constexpr (std::is_same_v<T, std::uint32_t>) return H5T_NATIVE_UINT32;
    else if constexpr (std::is_same_v<T, std::int32_t>) return H5T_NATIVE_INT32;
    else { static_assert(std::is_same_v<T, std::uint8_t>); return H5T_NATIVE_UINT8; }
}
template <class T> hid_t stored() {
    if constexpr (std::is_same_v<T, double>) return H5T_IEEE_F64LE;
    else if constexpr (std::is_same_v<T, float>) return H5T_IEEE_F32LE;
    else if constexpr (std::is_same_v<T, std::uint64_t>) return H5T_STD_U64LE;
    else if constexpr (std::is_same_v<T, std::int64_t>) return H5T_STD_I64LE;
    else if constexpr (std::is_same_v<T, std::uint32_t>) return H5T_STD_U32LE;
    else if constexpr (std::is_same_v<T, std::int32_t>) return H5T_STD_I32LE;
    else { static_assert(std::is_same_v<T, std::uint8_t>); return H5T_STD_U8LE; }
}

handle text_type(const std::string& where) {
    auto t = owned(H5Tcopy(H5T_C_S1), H5Tclose, where, "cannot make a text type");
    H5Tset_size(t.id(), H5T_VARIABLE);
    H5Tset_cset(t.id(), H5T_CSET_UTF8);
    return t;
}

std::uint64_t product(const shape& s) { return std::accumulate(s.begin(), s.end(), std::uint64_t{1}, std::multiplies<>{}); }

shape shape_of_space(hid_t space) {
    const int rank = H5Sget_simple_extent_ndims(space);
    std::vector<hsize_t> dims(static_cast<std::size_t>(std::max(rank, 0)));
    if (rank > 0) H5Sget_simple_extent_dims(space, dims.data(), nullptr);
    return {dims.begin(), dims.end()};
}

/// Names given by people become parts of HDF5 paths.
void check_name(std::string_view name, const std::string& where) {
    if (name.empty() || name == "." || name.find('/') != name.npos || name.find('\0') != name.npos)
        throw invalid_input(where, fmt::format("'{}' cannot be a name in an HDF5 file", name), "use a name without '/'");
}

/// Elements a set claims, if its stored bytes can hold them: a few bytes of a damaged file must not make us allocate terabytes.
std::size_t credible_size(hid_t set, const std::string& where) {
    constexpr double most_expansion = 1100;        // deflate packs zeros about a thousandfold
    const auto space = owned(H5Dget_space(set), H5Sclose, where, "cannot be read");
    const auto s = shape_of_space(space.id());
    double elements = 1;
    for (const auto n : s) elements *= static_cast<double>(n);
    // what is stored is itself a claim of the file's, which cannot be larger than the file
    const auto file = owned(H5Iget_file_id(set), H5Fclose, where, "cannot be read");
    hsize_t most = 0;
    check(H5Fget_filesize(file.id(), &most), where, "cannot be read");
    const auto held = std::min<hsize_t>(H5Dget_storage_size(set), most);
    if (elements > 0 && elements > most_expansion*static_cast<double>(held))
        throw invalid_input(where, fmt::format("claims {:g} elements but holds {} bytes", elements, held), "the file is damaged");
    return product(s);
}

/// Text of either kind HDF5 knows, from a data set or an attribute; `read` fills a buffer of a memory type.
std::vector<std::string> texts(hid_t type, hid_t space, std::size_t n, const std::function<herr_t(hid_t, void*)>& read,
                               const std::string& where) {
    std::vector<std::string> out(n);
    if (H5Tis_variable_str(type) > 0) {
        const auto memory = text_type(where);
        H5Tset_cset(memory.id(), H5Tget_cset(type));
        std::vector<char*> pointers(n, nullptr);
        check(read(memory.id(), pointers.data()), where, "cannot be read");
        for (std::size_t i = 0; i < n; ++i) out[i] = pointers[i] ? pointers[i] : "";
        H5Dvlen_reclaim(memory.id(), space, H5P_DEFAULT, pointers.data());
        return out;
    }
    const std::size_t width = H5Tget_size(type);
    std::vector<char> buffer(n*width);
    check(read(type, buffer.data()), where, "cannot be read");
    for (std::size_t i = 0; i < n; ++i) {
        const std::string_view cell(buffer.data() + i*width, width);
        out[i] = cell.substr(0, cell.find('\0'));
    }
    return out;
}

/// The name of an enumeration's value.
std::string enumeration_text(hid_t attribute, hid_t type, const std::string& where) {
    std::vector<unsigned char> value(H5Tget_size(type));
    check(H5Aread(attribute, type, value.data()), where, "cannot be read");
    char name[256] = {};
    check(H5Tenum_nameof(type, value.data(), name, sizeof name), where, "is not one of its own names");
    return name;
}

/// A scalar attribute, or one of `n` numbers where n > 0, replacing none.
void write_attribute(hid_t object, std::pair<std::string, std::string> place, hid_t type, const void* data, std::size_t n,
                     const std::string& where) {
    const hsize_t dims[] = {n};
    const auto space = owned(n == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, dims, nullptr), H5Sclose, where, "cannot be made");
    const auto a = owned(H5Acreate_by_name(object, place.first.c_str(), place.second.c_str(), type, space.id(), H5P_DEFAULT,
                                           H5P_DEFAULT, H5P_DEFAULT), H5Aclose, where, "cannot be made");
    check(H5Awrite(a.id(), type, data), where, "cannot be written");
}

/// How data sets are made: without the time of day, so that the same results are the same files.
handle without_times(const std::string& where) {
    auto how = owned(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, where, "cannot be made");
    check(H5Pset_obj_track_times(how.id(), false), where, "cannot be made");
    return how;
}

}  // namespace

void handle::close() {
    if (id_ < 0) return;
    const quiet guard;
    close_(std::exchange(id_, -1));
}

template <class T> void dataset::write_rows(std::uint64_t first, std::span<const T> data) {
    const quiet guard;
    if (data.empty()) return;
    const std::uint64_t width = shape_.size() > 1 ? shape_[1] : 1;
    const hsize_t start[] = {first, 0}, count[] = {data.size()/width, width};
    const int rank = static_cast<int>(shape_.size());
    const auto space = owned(H5Dget_space(id_.id()), H5Sclose, where_, "cannot be written");
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start, nullptr, count, nullptr), where_, "cannot be written");
    const auto memory = owned(H5Screate_simple(rank, count, nullptr), H5Sclose, where_, "cannot be written");
    check(H5Dwrite(id_.id(), native<T>(), memory.id(), space.id(), H5P_DEFAULT, data.data()), where_, "cannot be written");
}

template <class T> void dataset::write_columns(std::uint64_t first, std::uint64_t rows, std::span<const std::uint64_t> columns, std::span<const T> data) {
    const quiet guard;
    const auto space = owned(H5Dget_space(id_.id()), H5Sclose, where_, "cannot be written");
    check(H5Sselect_none(space.id()), where_, "cannot be written");
    for (std::size_t c = 0; c < columns.size();) {
        auto end = c + 1;
        while (end < columns.size() && columns[end] == columns[c] + (end - c)) ++end;
        const hsize_t start[] = {first, columns[c]}, count[] = {rows, end - c};
        check(H5Sselect_hyperslab(space.id(), H5S_SELECT_OR, start, nullptr, count, nullptr), where_, "cannot be written");
        c = end;
    }
    const hsize_t size[] = {rows, columns.size()};
    const auto memory = owned(columns.empty() || rows == 0 ? H5Screate(H5S_NULL) : H5Screate_simple(2, size, nullptr), H5Sclose, where_, "cannot be written");
    check(H5Dwrite(id_.id(), native<T>(), memory.id(), space.id(), transfer_ ? transfer_->id() : H5P_DEFAULT, data.data()), where_, "cannot be written");
}

template <class T> std::vector<T> dataset::read_rows(std::uint64_t first, std::uint64_t count) const {
    const quiet guard;
    const std::uint64_t width = shape_.size() > 1 ? shape_[1] : 1;
    if (shape_.empty() || shape_.size() > 2 || first > shape_[0] || count > shape_[0] - first) throw invalid_input(where_, fmt::format("has no rows {} to {}", first, first + count));
    std::vector<T> data(count*width);
    if (data.empty()) return data;
    const hsize_t start[] = {first, 0}, size[] = {count, width};
    const auto space = owned(H5Dget_space(id_.id()), H5Sclose, where_, "cannot be read");
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start, nullptr, size, nullptr), where_, "cannot be read");
    const auto memory = owned(H5Screate_simple(static_cast<int>(shape_.size()), size, nullptr), H5Sclose, where_, "cannot be read");
    check(H5Dread(id_.id(), native<T>(), memory.id(), space.id(), H5P_DEFAULT, data.data()), where_, "cannot be read");
    return data;
}

std::string group::where(std::string_view name) const {
    return name == "." ? where_ : fmt::format("{}{}{}", where_, where_.ends_with('/') ? "" : "/", name);
}

group group::create(std::string_view name) {
    const quiet guard;
    check_name(name, where_);
    return {owned(H5Gcreate2(id_.id(), std::string(name).c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, where(name),
                  "cannot be made"), where(name), transfer_};
}

group group::open(std::string_view name) const {
    const quiet guard;
    if (!contains(name)) throw invalid_input(where_, fmt::format("has no '{}'", name), suggestion(name, names()));
    return {owned(H5Gopen2(id_.id(), std::string(name).c_str(), H5P_DEFAULT), H5Gclose, where(name), "is not a group"), where(name), transfer_};
}

bool group::contains(std::string_view name) const {
    const quiet guard;
    const std::string n(name);
    return H5Lexists(id_.id(), n.c_str(), H5P_DEFAULT) > 0 && H5Oexists_by_name(id_.id(), n.c_str(), H5P_DEFAULT) > 0;
}

bool group::contains_group(std::string_view name) const {
    const quiet guard;
    if (!contains(name)) return false;
    const handle g(H5Gopen2(id_.id(), std::string(name).c_str(), H5P_DEFAULT), H5Gclose);
    return static_cast<bool>(g);
}

std::vector<std::string> group::names() const {
    const quiet guard;
    std::vector<std::string> all;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
    };
    check(H5Literate(id_.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &all), where_, "cannot be listed");
    return all;
}

template <class T> dataset group::create(std::string_view name, const shape& s, const shape& chunk, allocation when) {
    const quiet guard;
    check_name(name, where_);
    const std::vector<hsize_t> dims(s.begin(), s.end()), chunks(chunk.begin(), chunk.end());
    const auto space = owned(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, where(name), "cannot be made");
    const auto how = without_times(where(name));
    if (!chunk.empty() && product(s) > 0)
        check(H5Pset_chunk(how.id(), static_cast<int>(chunks.size()), chunks.data()), where(name), "cannot be cut into chunks");
    if (when == allocation::at_once) {
        check(H5Pset_alloc_time(how.id(), H5D_ALLOC_TIME_EARLY), where(name), "cannot be made");
        check(H5Pset_fill_time(how.id(), H5D_FILL_TIME_NEVER), where(name), "cannot be made");   // all of it will be written
    }
    return {owned(H5Dcreate2(id_.id(), std::string(name).c_str(), stored<T>(), space.id(), H5P_DEFAULT, how.id(), H5P_DEFAULT),
                  H5Dclose, where(name), "cannot be made"), s, where(name), transfer_};
}

dataset group::open_set(std::string_view name) const {
    const quiet guard;
    auto set = open_dataset(name);
    const auto space = owned(H5Dget_space(set.id()), H5Sclose, where(name), "cannot be read");
    return {std::move(set), shape_of_space(space.id()), where(name), transfer_};
}

template <class T> void group::write(std::string_view name, std::span<const T> data) {
    create<T>(name, {data.size()}).write_rows(0, data);
}

void group::write(std::string_view name, std::span<const std::string> data) {
    const quiet guard;
    check_name(name, where_);
    std::vector<const char*> pointers;
    for (const auto& s : data) pointers.push_back(s.c_str());
    const hsize_t dims[] = {data.size()};
    const auto type = text_type(where(name));
    const auto space = owned(H5Screate_simple(1, dims, nullptr), H5Sclose, where(name), "cannot be made");
    const auto how = without_times(where(name));
    const auto set = owned(H5Dcreate2(id_.id(), std::string(name).c_str(), type.id(), space.id(), H5P_DEFAULT, how.id(), H5P_DEFAULT),
                           H5Dclose, where(name), "cannot be made");
    if (!data.empty())
        check(H5Dwrite(set.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), where(name), "cannot be written");
}

void group::link(std::string_view existing, std::string_view name) {
    const quiet guard;
    check_name(name, where_);
    check(H5Lcreate_hard(id_.id(), std::string(existing).c_str(), H5L_SAME_LOC, std::string(name).c_str(), H5P_DEFAULT, H5P_DEFAULT), where(name), "cannot be made");
}

handle group::open_dataset(std::string_view name) const {
    if (!contains(name)) throw invalid_input(where_, fmt::format("has no '{}'", name), suggestion(name, names()));
    return owned(H5Dopen2(id_.id(), std::string(name).c_str(), H5P_DEFAULT), H5Dclose, where(name), "is not a data set");
}

shape group::shape_of(std::string_view name) const {
    const quiet guard;
    const auto set = open_dataset(name);
    const auto space = owned(H5Dget_space(set.id()), H5Sclose, where(name), "cannot be read");
    return shape_of_space(space.id());
}

content group::content_of(std::string_view name) const {
    const quiet guard;
    const auto set = open_dataset(name);
    const auto type = owned(H5Dget_type(set.id()), H5Tclose, where(name), "cannot be read");
    switch (H5Tget_class(type.id())) {
        case H5T_INTEGER: return content::whole_numbers;
        case H5T_FLOAT: return content::fractions;
        case H5T_STRING: return content::text;
        default: return content::other;
    }
}

template <class T> handle group::open_numbers(std::string_view name) const {
    auto set = open_dataset(name);
    const auto type = owned(H5Dget_type(set.id()), H5Tclose, where(name), "cannot be read");
    const auto kind = H5Tget_class(type.id());
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) throw invalid_input(where(name), "does not hold numbers");
    if (kind == H5T_FLOAT && std::is_integral_v<T>) throw invalid_input(where(name), "holds fractions, expected whole numbers");
    return set;
}

template <class T> std::vector<T> group::read_rows(std::string_view name, std::uint64_t first, std::uint64_t count) const {
    const quiet guard;
    const auto set = open_numbers<T>(name);
    const auto space = owned(H5Dget_space(set.id()), H5Sclose, where(name), "cannot be read");
    const auto s = shape_of_space(space.id());
    if (s.size() != 1) throw invalid_input(where(name), fmt::format("has {} dimensions, expected one", s.size()));
    credible_size(set.id(), where(name));
    if (first > s[0] || count > s[0] - first)
        throw invalid_input(where(name), fmt::format("has {} rows, asked for rows {} to {}", s[0], first, first + count));
    std::vector<T> data(count);
    if (count == 0) return data;
    const hsize_t start[] = {first}, n[] = {count};
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start, nullptr, n, nullptr), where(name), "cannot be read");
    const auto memory = owned(H5Screate_simple(1, n, nullptr), H5Sclose, where(name), "cannot be read");
    check(H5Dread(set.id(), native<T>(), memory.id(), space.id(), H5P_DEFAULT, data.data()), where(name), "cannot be read");
    return data;
}

template <class T> std::vector<T> group::read(std::string_view name) const {
    const quiet guard;
    const auto set = open_numbers<T>(name);
    std::vector<T> data(credible_size(set.id(), where(name)));
    if (!data.empty()) check(H5Dread(set.id(), native<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()), where(name), "cannot be read");
    return data;
}

std::vector<std::string> group::read_texts(std::string_view name) const {
    const quiet guard;
    const auto set = open_dataset(name);
    const auto type = owned(H5Dget_type(set.id()), H5Tclose, where(name), "cannot be read");
    if (H5Tget_class(type.id()) != H5T_STRING) throw invalid_input(where(name), "does not hold text");
    const auto space = owned(H5Dget_space(set.id()), H5Sclose, where(name), "cannot be read");
    const auto n = credible_size(set.id(), where(name));
    if (n == 0) return {};
    return texts(type.id(), space.id(), n, [&](hid_t memory, void* to) {
        return H5Dread(set.id(), memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
    }, where(name));
}

void group::set_attribute(std::string_view of, std::string_view name, std::string_view text) {
    const quiet guard;
    const std::string copy(text);
    const char* pointer = copy.c_str();
    write_attribute(id_.id(), {std::string(of), std::string(name)}, text_type(where(of)).id(), &pointer, 0, where(of));
}
void group::set_attribute(std::string_view of, std::string_view name, std::span<const std::uint32_t> numbers) {
    const quiet guard;
    const bool scalar = numbers.size() == 1;
    write_attribute(id_.id(), {std::string(of), std::string(name)}, H5T_NATIVE_UINT32, numbers.data(), scalar ? 0 : numbers.size(),
                    where(of));
}
void group::set_attribute(std::string_view of, std::string_view name, std::uint8_t number) {
    const quiet guard;
    write_attribute(id_.id(), {std::string(of), std::string(name)}, H5T_NATIVE_UINT8, &number, 0, where(of));
}
void group::set_enumeration(std::string_view of, std::string_view name, std::span<const std::string> names, int value) {
    const quiet guard;
    const auto type = owned(H5Tenum_create(H5T_STD_U8LE), H5Tclose, where(of), "cannot be made");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto v = static_cast<std::uint8_t>(i);
        check(H5Tenum_insert(type.id(), names[i].c_str(), &v), where(of), "cannot be made");
    }
    const auto v = static_cast<std::uint8_t>(value);
    write_attribute(id_.id(), {std::string(of), std::string(name)}, type.id(), &v, 0, where(of));
}

std::string group::text_attribute(std::string_view of, std::string_view name, std::string_view otherwise) const {
    const quiet guard;
    const std::string o(of), n(name);
    if (H5Aexists_by_name(id_.id(), o.c_str(), n.c_str(), H5P_DEFAULT) <= 0) return std::string(otherwise);
    const auto at = where(of) + "@" + n;
    const auto a = owned(H5Aopen_by_name(id_.id(), o.c_str(), n.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, at, "cannot be read");
    const auto type = owned(H5Aget_type(a.id()), H5Tclose, at, "cannot be read");
    const auto space = owned(H5Aget_space(a.id()), H5Sclose, at, "cannot be read");
    if (H5Sget_simple_extent_npoints(space.id()) != 1) throw invalid_input(at, "holds more than one value");
    if (H5Tget_class(type.id()) == H5T_ENUM) return enumeration_text(a.id(), type.id(), at);
    if (H5Tget_class(type.id()) != H5T_STRING) throw invalid_input(at, "does not hold text");
    return texts(type.id(), space.id(), 1, [&](hid_t memory, void* to) { return H5Aread(a.id(), memory, to); }, at).front();
}

std::optional<std::int64_t> group::number_attribute(std::string_view of, std::string_view name) const {
    const quiet guard;
    const std::string o(of), n(name);
    const handle a(H5Aopen_by_name(id_.id(), o.c_str(), n.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    if (!a) return std::nullopt;
    const auto type = owned(H5Aget_type(a.id()), H5Tclose, where(of), "cannot be read");
    const auto space = owned(H5Aget_space(a.id()), H5Sclose, where(of), "cannot be read");
    if (H5Tget_class(type.id()) != H5T_INTEGER || H5Sget_simple_extent_npoints(space.id()) != 1) return std::nullopt;
    std::int64_t number = 0;
    check(H5Aread(a.id(), H5T_NATIVE_INT64, &number), where(of), "cannot be read");
    return number;
}

#define APICAL_FOR_NUMBERS(use) \
    use(double) use(float) use(std::uint64_t) use(std::int64_t) use(std::uint32_t) use(std::int32_t) use(std::uint8_t)
#define APICAL_INSTANTIATE(T) \
    template void dataset::write_rows<T>(std::uint64_t, std::span<const T>); \
    template void dataset::write_columns<T>(std::uint64_t, std::uint64_t, std::span<const std::uint64_t>, std::span<const T>); \
    template std::vector<T> dataset::read_rows<T>(std::uint64_t, std::uint64_t) const; \
    template dataset group::create<T>(std::string_view, const shape&, const shape&, allocation); \
    template void group::write<T>(std::string_view, std::span<const T>); \
    template std::vector<T> group::read<T>(std::string_view) const; \
    template std::vector<T> group::read_rows<T>(std::string_view, std::uint64_t, std::uint64_t) const;
APICAL_FOR_NUMBERS(APICAL_INSTANTIATE)

}  // namespace apical::hdf5
