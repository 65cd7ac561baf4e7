// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/output_file.hpp"

namespace apical {
class communicator;
}

/// The little of HDF5 that Apical's files need, with ownership, types and errors. Every failure throws invalid_input whose `where`
/// is "file.h5:/path/in/it". Numbers are stored little-endian in their own type and converted on reading.
namespace apical::hdf5 {

/// Owns one HDF5 identifier.
class handle {
public:
    using closer = int (*)(std::int64_t);
    handle() = default;
    handle(std::int64_t id, closer close) : id_(id), close_(close) {}
    handle(handle&& o) noexcept : id_(std::exchange(o.id_, -1)), close_(o.close_) {}
    handle& operator=(handle&& o) noexcept {
        std::swap(id_, o.id_);
        std::swap(close_, o.close_);
        return *this;
    }
    ~handle() { close(); }

    std::int64_t id() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }
    void close();
    /// Never closes it.
    void forget() { id_ = -1; }

private:
    std::int64_t id_ = -1;
    closer close_ = nullptr;
};

using shape = std::vector<std::uint64_t>;

/// What the elements of a data set are.
enum class content { whole_numbers, fractions, text, other };

/// A data set open for writing in pieces, or for reading. T is double, float, or a fixed-width integer of up to 64 bits.
class dataset {
public:
    /// Rows [first, first + data.size()/row width) of a set of one or two dimensions.
    template <class T> void write_rows(std::uint64_t first, std::span<const T> data);
    /// Of `rows` rows from `first` on, these columns, in rising order; data is [rows x columns]. Where several processes have the file open, all call it
    /// together, each with columns of its own, perhaps none.
    template <class T> void write_columns(std::uint64_t first, std::uint64_t rows, std::span<const std::uint64_t> columns, std::span<const T> data);
    /// Rows [first, first + count), row-major.
    template <class T> std::vector<T> read_rows(std::uint64_t first, std::uint64_t count) const;
    const shape& dimensions() const { return shape_; }
    /// Leaves it open, where the process is about to be ended and closing would wait for others.
    void forget() { id_.forget(); }

private:
    friend class group;
    dataset(handle id, shape s, std::string where, std::shared_ptr<const handle> transfer)
        : id_(std::move(id)), shape_(std::move(s)), where_(std::move(where)), transfer_(std::move(transfer)) {}
    handle id_;
    shape shape_;
    std::string where_;
    std::shared_ptr<const handle> transfer_;            // how processes write together; null: this one alone
};

/// When the file makes room for a data set.
enum class allocation { as_written, at_once };

/// A folder of the file; one made by default may only be assigned to.
class group {
public:
    group() = default;
    group create(std::string_view name);
    group open(std::string_view name) const;
    bool contains(std::string_view name) const;
    bool contains_group(std::string_view name) const;
    std::vector<std::string> names() const;             ///< in alphabetical order

    /// An empty data set of this shape; `chunk`, if given, has as many entries as `s`.
    template <class T> dataset create(std::string_view name, const shape& s, const shape& chunk = {}, allocation when = allocation::as_written);
    /// One that is there.
    dataset open_set(std::string_view name) const;
    template <class T> void write(std::string_view name, std::span<const T> data);
    void write(std::string_view name, std::span<const std::string> data);

    /// A second name for an object of this group.
    void link(std::string_view existing, std::string_view name);

    shape shape_of(std::string_view name) const;
    content content_of(std::string_view name) const;
    /// All elements, row-major, converted to T. Refuses what is not a set of numbers, numbers that do not fit, and sets that
    /// claim more elements than the file can hold.
    template <class T> std::vector<T> read(std::string_view name) const;
    /// Elements [first, first + count) of a set of one dimension, with the same refusals and that of rows that are not there.
    template <class T> std::vector<T> read_rows(std::string_view name, std::uint64_t first, std::uint64_t count) const;
    std::vector<std::string> read_texts(std::string_view name) const;

    /// Attributes of the object `of` in this group; "." is the group itself.
    void set_attribute(std::string_view of, std::string_view name, std::string_view text);
    void set_attribute(std::string_view of, std::string_view name, std::span<const std::uint32_t> numbers);
    void set_attribute(std::string_view of, std::string_view name, std::uint8_t number);
    /// An enumeration with the values 0, 1, ... for the names.
    void set_enumeration(std::string_view of, std::string_view name, std::span<const std::string> names, int value);
    /// Text of an attribute that holds text or an enumeration value; `otherwise` if there is none.
    std::string text_attribute(std::string_view of, std::string_view name, std::string_view otherwise = "") const;
    /// A whole number of an attribute that holds one; nothing if there is none or it holds something else.
    std::optional<std::int64_t> number_attribute(std::string_view of, std::string_view name) const;

    /// "file.h5:/path/in/it" of the object `name` in this group; "." is the group itself.
    std::string where(std::string_view name) const;

private:
    friend class file_writer;
    friend class file_reader;
    friend class file_editor;
    group(handle id, std::string where, std::shared_ptr<const handle> transfer = nullptr) : id_(std::move(id)), where_(std::move(where)), transfer_(std::move(transfer)) {}
    handle open_dataset(std::string_view name) const;
    template <class T> handle open_numbers(std::string_view name) const;

    handle id_;
    std::string where_;      // "file.h5:/spikes"
    std::shared_ptr<const handle> transfer_;
};

/// Where a new file is put together. HDF5 itself does not recover from a disk that fills up while it writes, so that is done in memory
/// unless the file may be larger than that.
enum class assembly { in_memory, on_disk };

/// A new file, seen by others only when commit() has succeeded.
class file_writer {
public:
    explicit file_writer(const std::filesystem::path& path, overwrite mode = overwrite::no, assembly where = assembly::in_memory);
    ~file_writer();
    group root();
    /// Ends the writing here, before commit(): a file_editor may go on with the temporary file.
    void close();
    const std::filesystem::path& temporary() const { return pending_.temporary(); }
    /// All groups and data sets must be gone by now. Throws invalid_input if anything could not be written.
    void commit();

private:
    pending_file pending_;
    assembly where_;
    handle file_;
};

/// An existing file, open for changes: by this process, or by several together, which then call everything together.
class file_editor {
public:
    /// Throws invalid_input naming `name`, what people know the file as; unsupported if several are to, and this build's HDF5 cannot.
    file_editor(const std::filesystem::path& path, std::string name, const communicator* together = nullptr);
    group root();
    void forget() { file_.forget(); }
    /// What has been written until now is seen by others after this.
    void flush();
    /// All groups and data sets must be gone by now. Throws invalid_input if anything could not be written.
    void close();

private:
    std::string name_;
    std::shared_ptr<const handle> transfer_;
    handle file_;
};

/// An existing file.
class file_reader {
public:
    explicit file_reader(const std::filesystem::path& path);
    group root() const;

private:
    std::string path_;
    handle file_;
};

}  // namespace apical::hdf5
