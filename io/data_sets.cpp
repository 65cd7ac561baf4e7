// SPDX-License-Identifier: BSD-3-Clause
#include "io/data_sets.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "core/data_path.hpp"
#include "core/error.hpp"
#include "io/csv_table.hpp"

namespace apical {
namespace {

constexpr std::string_view digits_file = "digits.csv.gz", fashion_folder = "fashion-mnist";

std::vector<std::filesystem::path> data_set_folders() {
    std::vector<std::filesystem::path> all;
    for (const auto& folder : data_folders()) all.push_back(folder/"datasets");
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) all.push_back(std::filesystem::path(data)/"apical/datasets");
    else if (const char* home = std::getenv("HOME"); home && *home) all.push_back(std::filesystem::path(home)/".local/share/apical/datasets");
    return all;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
    std::uint32_t x = 0;
    for (std::size_t k = 0; k < 4; ++k) x = x << 8 | static_cast<unsigned char>(bytes[at + k]);
    return x;
}

/// Sizes of an IDX file of bytes with so many dimensions; throws if it is not one, or has another length.
std::vector<std::size_t> idx_shape(const std::string& bytes, std::size_t dimensions, const std::filesystem::path& path) {
    const std::size_t header = 4 + 4*dimensions;
    if (bytes.size() < header || big_endian(bytes, 0) != 0x800 + dimensions)
        throw invalid_input(path.string(), "is not an IDX file of bytes", fmt::format("its first number is {}", 0x800 + dimensions));
    std::vector<std::size_t> shape;
    std::size_t size = 1;
    for (std::size_t d = 0; d < dimensions; ++d) {
        shape.push_back(big_endian(bytes, 4 + 4*d));
        if (shape.back() == 0 || shape.back() > bytes.size()) throw invalid_input(path.string(), fmt::format("has {} of dimension {}", shape.back(), d + 1));
        size *= shape.back();
    }
    if (bytes.size() != header + size) throw invalid_input(path.string(), fmt::format("has {} bytes after its header, not {}", bytes.size() - header, size));
    return shape;
}

}  // namespace

std::string read_unpacked(const std::filesystem::path& path, std::size_t most_bytes) {
    const auto where = path.string();
    if (std::error_code e; !std::filesystem::is_regular_file(path, e)) throw invalid_input(where, "there is no such file");
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(where.c_str(), "rb"), gzclose);
    if (!file) throw invalid_input(where, "cannot be opened");
    std::string text;
    std::string piece(std::size_t{1} << 16, '\0');
    for (;;) {
        const int count = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
        if (count < 0) throw invalid_input(where, "is damaged");
        text.append(piece, 0, static_cast<std::size_t>(count));
        if (text.size() > most_bytes) throw invalid_input(where, fmt::format("is larger than {} bytes", most_bytes));
        if (count == 0) break;
    }
    int code = Z_OK;
    gzerror(file.get(), &code);
    if (code != Z_OK && code != Z_STREAM_END) throw invalid_input(where, "is damaged or broken off");
    return text;
}

data_set read_digits(const std::filesystem::path& path) {
    constexpr std::size_t pixels = 64;
    const auto text = read_unpacked(path);
    data_set d{"digits", pixels, 10, {}, {}};
    int line_number = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = csv::trimmed(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
        ++line_number;
        if (line.empty()) continue;
        const auto where = fmt::format("{}:{}", path.string(), line_number);
        const auto words = csv::words_of(line);
        if (words.size() != pixels + 1) throw invalid_input(where, fmt::format("{} numbers", words.size()), "64 grey levels and a label");
        std::vector<double> x, t(10, 0.0);
        for (std::size_t k = 0; k < pixels; ++k) {
            x.push_back(csv::number(words[k], 1, where)/16);
            if (x.back() < 0 || x.back() > 1) throw invalid_input(where, fmt::format("a grey level of {}", words[k]), "0 to 16");
        }
        const double label = csv::number(words[pixels], 1, where);
        if (!(label >= 0 && label <= 9) || label != static_cast<int>(label)) throw invalid_input(where, fmt::format("the label '{}'", words[pixels]), "0 to 9");
        t[static_cast<std::size_t>(label)] = 1;
        d.add(x, t);
    }
    if (d.size() == 0) throw invalid_input(path.string(), "has no digits in it");
    return d;
}

data_set read_idx(const std::filesystem::path& images, const std::filesystem::path& labels) {
    const auto pictures = read_unpacked(images), names = read_unpacked(labels);
    const auto shape = idx_shape(pictures, 3, images);
    const auto count = idx_shape(names, 1, labels).front();
    if (count != shape[0]) throw invalid_input(labels.string(), fmt::format("has {} labels for {} pictures", count, shape[0]));
    data_set d{"idx", shape[1]*shape[2], 10, {}, {}};
    d.x.reserve(pictures.size()), d.t.assign(count*10, 0.0);
    for (std::size_t k = 16; k < pictures.size(); ++k) d.x.push_back(static_cast<unsigned char>(pictures[k])/255.0);
    for (std::size_t i = 0; i < count; ++i) {
        const auto label = static_cast<unsigned char>(names[8 + i]);
        if (label > 9) throw invalid_input(labels.string(), fmt::format("label {} of picture {}", label, i), "0 to 9");
        d.t[i*10 + label] = 1;
    }
    return d;
}

std::optional<std::filesystem::path> find_data_set(std::string_view name) {
    std::error_code ignored;   // an unreadable folder has no data
    for (const auto& folder : data_set_folders()) {
        const auto path = folder/(name == "digits" ? digits_file : fashion_folder);
        if (std::filesystem::exists(path, ignored)) return path;
    }
    const std::filesystem::path debian = name == "digits" ? "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz" : "/usr/share/datasets/fashion-mnist";
    if (std::filesystem::exists(debian, ignored)) return debian;
    return std::nullopt;
}

std::vector<std::string> task_names() {
    auto names = models::generated_tasks();
    names.insert(names.end(), {"digits", "fashion_mnist"});
    return names;
}

models::learning_task task_named(std::string_view name, std::uint64_t seed) {
    const auto names = task_names();
    if (std::ranges::find(names, name) == names.end()) throw invalid_model("task '" + std::string(name) + "'", "unknown task", suggestion(name, names));
    if (name != "digits" && name != "fashion_mnist") return models::generated_task(name, seed);
    const auto path = find_data_set(name);
    if (!path)
        throw invalid_input("task '" + std::string(name) + "'", "its files are not here",
                            fmt::format("scripts/setup data, or the Debian package {}", name == "digits" ? "python3-sklearn" : "dataset-fashion-mnist"));
    if (name == "digits") {
        auto [train, test] = split(read_digits(*path), 1400, seed);
        return {.name = "digits", .summary = "handwritten digits of 8 x 8 pixels", .train = std::move(train), .test = std::move(test), .hidden = {100}};
    }
    const auto pair = [&](const char* part) { return read_idx(*path/fmt::format("{}-images-idx3-ubyte.gz", part), *path/fmt::format("{}-labels-idx1-ubyte.gz", part)); };
    return {.name = "fashion_mnist", .summary = "pieces of clothing of 28 x 28 pixels", .train = pair("train"), .test = pair("t10k"), .hidden = {500}};
}

}  // namespace apical
