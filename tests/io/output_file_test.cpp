// SPDX-License-Identifier: BSD-3-Clause
#include "io/output_file.hpp"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "io/hdf5.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;

/// Lets no file grow beyond a size, as a full disk would not; undone at the end.
class small_disk {
public:
    explicit small_disk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~small_disk() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST(output_file, is_there_whole_after_commit_and_not_before) {
    const temporary_folder folder;
    {
        pending_file f(folder / "a.txt", overwrite::no);
        EXPECT_FALSE(std::filesystem::exists(folder / "a.txt"));
        std::ofstream(f.temporary()) << "text";
        f.commit();
        EXPECT_TRUE(std::filesystem::exists(folder / "a.txt"));
    }
    EXPECT_EQ(read_text(folder / "a.txt"), "text");
    EXPECT_EQ(folder.entries(), 1) << "the temporary name is gone";
}

TEST(output_file, leaves_nothing_without_commit) {
    const temporary_folder folder;
    { const pending_file f(folder / "a.txt", overwrite::no); }
    EXPECT_EQ(folder.entries(), 0);
}

TEST(output_file, replaces_only_when_asked) {
    const temporary_folder folder;
    write_text(folder / "a.txt", "first");
    const auto message = message_of<invalid_input>([&] { write_text(folder / "a.txt", "second"); });
    says(message, "a.txt: already exists");
    EXPECT_EQ(read_text(folder / "a.txt"), "first");
    write_text(folder / "a.txt", "second", overwrite::yes);
    EXPECT_EQ(read_text(folder / "a.txt"), "second");
    EXPECT_EQ(folder.entries(), 1);
}

TEST(output_file, does_not_replace_what_appeared_meanwhile) {
    const temporary_folder folder;
    pending_file f(folder / "a.txt", overwrite::no);
    std::ofstream(folder / "a.txt") << "somebody else's";
    says(message_of<invalid_input>([&] { f.commit(); }), "already exists");
    EXPECT_EQ(read_text(folder / "a.txt"), "somebody else's");
}

TEST(output_file, names_a_missing_folder) {
    const temporary_folder folder;
    const auto message = message_of<invalid_input>([&] { write_text(folder / "none/a.txt", "text"); });
    says(message, "none/a.txt: cannot be created: No such file or directory");
    says(message_of<invalid_input>([&] { write_text(folder.path(), "text"); }), "is a folder");
}

TEST(output_file, a_full_disk_leaves_no_half_file) {
    const temporary_folder folder;
    const std::string text(100000, 'x');
    {
        const small_disk full(4096);
        says(message_of<invalid_input>([&] { write_text(folder / "a.txt", text); }), "a.txt: cannot be written: File too large");
    }
    EXPECT_EQ(folder.entries(), 0);
}

TEST(output_file, a_full_disk_leaves_no_half_hdf5_file) {
    const temporary_folder folder;
    std::ofstream(folder / "a.h5") << "the old one";
    {
        const small_disk full(16384);
        const auto write = [&] {
            hdf5::file_writer file(folder / "a.h5", overwrite::yes);
            {
                auto root = file.root();
                root.write<double>("x", std::vector<double>(100000, 1.5));
            }
            file.commit();
        };
        says(message_of<invalid_input>(write), "a.h5: cannot be written: File too large");
    }
    EXPECT_EQ(read_text(folder / "a.h5"), "the old one");
    EXPECT_EQ(folder.entries(), 1);
}

TEST(output_file, reading_tells_why_not) {
    const temporary_folder folder;
    says(message_of<invalid_input>([&] { read_text(folder / "none"); }), "none: cannot be opened: No such file");
    says(message_of<invalid_input>([&] { read_text(folder.path()); }), "is a folder");
    write_text(folder / "big", std::string(100, 'x'));
    says(message_of<invalid_input>([&] { read_text(folder / "big", 99); }), "larger than 99 bytes");
}

}  // namespace
}  // namespace apical
