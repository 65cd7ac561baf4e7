// SPDX-License-Identifier: BSD-3-Clause
#include <type_traits>

#include <fmt/format.h>
#include <hdf5.h>

#include "core/error.hpp"
#include "io/hdf5_checks.hpp"
#include "io/parallel_hdf5.hpp"

namespace apical::hdf5 {

static_assert(std::is_same_v<hid_t, std::int64_t>);

quiet::quiet() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}
quiet::~quiet() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

std::string reason() {
    std::string text;
    const auto take = [](unsigned, const H5E_error2_t* e, void* out) -> herr_t {
        if (e->desc && *e->desc) *static_cast<std::string*>(out) = e->desc;
        return 0;
    };
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, take, &text);
    // HDF5 appends "errno = .., error message = '..'", which is the part that people understand
    if (const auto at = text.find("error message = '"); at != std::string::npos) {
        const auto from = at + std::string_view("error message = '").size();
        return text.substr(from, text.find('\'', from) - from);
    }
    return text.empty() ? "HDF5 gives no reason" : text;
}

void fail(std::string where, std::string_view what) { throw invalid_input(std::move(where), fmt::format("{}: {}", what, reason())); }

handle owned(std::int64_t id, handle::closer close, const std::string& where, std::string_view what) {
    if (id < 0) fail(where, what);
    return handle(id, close);
}
void check(int status, const std::string& where, std::string_view what) {
    if (status < 0) fail(where, what);
}

file_writer::file_writer(const std::filesystem::path& path, overwrite mode, assembly where) : pending_(path, mode), where_(where) {
    const quiet guard;
    constexpr std::size_t growth = std::size_t{1} << 20;
    const auto access = owned(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, path.string(), "cannot be made");
    if (where == assembly::in_memory) check(H5Pset_fapl_core(access.id(), growth, false), path.string(), "cannot be made");
    file_ = owned(H5Fcreate(pending_.temporary().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose, path.string(), "cannot be made");
}

file_writer::~file_writer() = default;

group file_writer::root() {
    const quiet guard;
    const auto path = pending_.destination().string();
    return {owned(H5Gopen2(file_.id(), "/", H5P_DEFAULT), H5Gclose, path, "cannot be opened"), path + ":/"};
}

void file_writer::close() {
    const quiet guard;
    const auto path = pending_.destination().string();
    check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), path, "cannot be made");
    if (where_ == assembly::on_disk) return file_.close();
    const auto size = H5Fget_file_image(file_.id(), nullptr, 0);
    void* handle = nullptr;
    if (size < 0) fail(path, "cannot be made");
    check(H5Fget_vfd_handle(file_.id(), H5P_DEFAULT, &handle), path, "cannot be made");
    const auto* image = *static_cast<const char* const*>(handle);     // what the handle of an HDF5 file in memory points to
    pending_.write({image, static_cast<std::size_t>(size)});
    file_.close();
}

void file_writer::commit() {
    if (file_) close();
    pending_.commit();
}

file_editor::file_editor(const std::filesystem::path& path, std::string name, const communicator* together) : name_(std::move(name)) {
    const quiet guard;
    const auto access = together ? shared_access(*together) : handle();
    if (together) transfer_ = std::make_shared<const handle>(collective_transfer());
    file_ = owned(H5Fopen(path.c_str(), H5F_ACC_RDWR, access ? access.id() : H5P_DEFAULT), H5Fclose, name_, "cannot be opened");
}

group file_editor::root() {
    const quiet guard;
    return {owned(H5Gopen2(file_.id(), "/", H5P_DEFAULT), H5Gclose, name_, "cannot be opened"), name_ + ":/", transfer_};
}

void file_editor::flush() {
    const quiet guard;
    check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), name_, "cannot be written");
}

void file_editor::close() {
    flush();
    file_.close();
}

file_reader::file_reader(const std::filesystem::path& path) : path_(path.string()) {
    const quiet guard;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) throw invalid_input(path_, "does not exist");
    if (std::filesystem::is_directory(path, ignored)) throw invalid_input(path_, "is a folder", "an HDF5 file is expected here");
    file_ = handle(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
    if (!file_) throw invalid_input(path_, fmt::format("is not a readable HDF5 file: {}", reason()));
}

group file_reader::root() const {
    const quiet guard;
    return {owned(H5Gopen2(file_.id(), "/", H5P_DEFAULT), H5Gclose, path_, "cannot be opened"), path_ + ":/"};
}

}  // namespace apical::hdf5
