// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string_view>

namespace apical {

/// Whether an output may take the place of a file that is already there.
enum class overwrite : bool { no, yes };

/// A file in the making. It is written beside its destination under a temporary name and put in place by commit(), so that the
/// destination is always whole: the old file, the new one, or none. Without commit() nothing is left behind.
class pending_file {
public:
    /// Creates the temporary file, empty. Throws invalid_input, naming the destination and the reason, if the destination exists
    /// and may not be replaced, or if its folder is missing or cannot be written to.
    pending_file(std::filesystem::path destination, overwrite mode);
    pending_file(const pending_file&) = delete;
    pending_file& operator=(const pending_file&) = delete;
    ~pending_file();

    const std::filesystem::path& destination() const { return destination_; }
    const std::filesystem::path& temporary() const { return temporary_; }

    /// Replaces what has been written by these bytes. Throws invalid_input naming the destination and the reason.
    void write(std::string_view bytes);
    /// Moves the file to its destination. Throws invalid_input if that fails, also if somebody else has created it meanwhile.
    void commit();

private:
    std::filesystem::path destination_, temporary_;
    overwrite mode_;
};

/// Writes the whole text, or nothing. Throws invalid_input naming the path and the reason.
void write_text(const std::filesystem::path& path, std::string_view text, overwrite mode = overwrite::no);

/// The whole file. Throws invalid_input if it cannot be read or is larger than `most_bytes`.
std::string read_text(const std::filesystem::path& path, std::size_t most_bytes = std::size_t{1} << 30);

/// Creates the folder, with its parents, if it is not there. Throws invalid_input naming the path and the reason.
void create_folder(const std::filesystem::path& path);

}  // namespace apical
