// SPDX-License-Identifier: BSD-3-Clause
#include "io/output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;

struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
};
using c_file = std::unique_ptr<std::FILE, closer>;

std::string reason(int code) { return std::generic_category().message(code); }

[[noreturn]] void refuse_existing(const fs::path& path) {
    throw invalid_input(path.string(), "already exists", "choose another name, or allow overwriting");
}

/// A name beside the destination that nobody has; "x" makes the creation exclusive.
fs::path create_beside(const fs::path& destination) {
    std::random_device entropy;
    for (int attempt = 0; attempt < 100; ++attempt) {
        auto name = destination;
        name.replace_filename(fmt::format(".{}.{:08x}.part", destination.filename().string(), entropy()));
        if (const c_file f{std::fopen(name.c_str(), "wbx")}) return name;
        if (errno != EEXIST) break;
    }
    const int code = errno;
    throw invalid_input(destination.string(), "cannot be created: " + reason(code),
                        code == ENOENT ? "the folder does not exist" : "");
}

}  // namespace

pending_file::pending_file(fs::path destination, overwrite mode) : destination_(std::move(destination)), mode_(mode) {
    std::error_code ignored;
    if (fs::is_directory(destination_, ignored)) throw invalid_input(destination_.string(), "is a folder", "name a file in it");
    if (mode_ == overwrite::no && fs::exists(destination_, ignored)) refuse_existing(destination_);
    temporary_ = create_beside(destination_);
}

pending_file::~pending_file() {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

void pending_file::commit() {
    std::error_code failure;
    if (mode_ == overwrite::no) {
        // a hard link, unlike a rename, does not replace what somebody else put there since we looked
        fs::create_hard_link(temporary_, destination_, failure);
        if (!failure) return;
        if (failure == std::errc::file_exists) refuse_existing(destination_);
        std::error_code ignored;
        if (fs::exists(destination_, ignored)) refuse_existing(destination_);
    }
    fs::rename(temporary_, destination_, failure);
    if (failure) throw invalid_input(destination_.string(), "cannot be put in place: " + failure.message());
    temporary_.clear();
}

void pending_file::write(std::string_view bytes) {
    c_file f{std::fopen(temporary_.c_str(), "wb")};
    bool ok = f && std::fwrite(bytes.data(), 1, bytes.size(), f.get()) == bytes.size();
    int code = errno;
    if (f && std::fclose(f.release()) != 0) {
        if (ok) code = errno;
        ok = false;
    }
    if (!ok) throw invalid_input(destination_.string(), "cannot be written: " + reason(code));
}

void write_text(const fs::path& path, std::string_view text, overwrite mode) {
    pending_file pending(path, mode);
    pending.write(text);
    pending.commit();
}

std::string read_text(const fs::path& path, std::size_t most_bytes) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) throw invalid_input(path.string(), "is a folder", "a file is expected here");
    std::ifstream in(path, std::ios::binary);
    if (!in) throw invalid_input(path.string(), "cannot be opened: " + reason(errno));
    std::string text;
    char block[1 << 16];
    while (in.read(block, sizeof block), in.gcount() > 0) {
        text.append(block, static_cast<std::size_t>(in.gcount()));
        if (text.size() > most_bytes) throw invalid_input(path.string(), fmt::format("is larger than {} bytes", most_bytes));
    }
    if (in.bad()) throw invalid_input(path.string(), "cannot be read: " + reason(errno));
    return text;
}

void create_folder(const fs::path& path) {
    std::error_code failure;
    fs::create_directories(path, failure);
    if (failure || !fs::is_directory(path, failure))
        throw invalid_input(path.string(), "cannot be created as a folder" + (failure ? ": " + failure.message() : ""));
}

}  // namespace apical
