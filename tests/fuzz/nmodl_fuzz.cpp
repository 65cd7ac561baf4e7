// SPDX-License-Identifier: BSD-3-Clause
//
// No file of NMODL crashes the compiler, hangs it or makes it do what is undefined. Built by scripts/fuzz-nmodl, twice:
// with clang's fuzzer, which chooses texts by the branches they reach, and with APICAL_MUTATIONS for a fixed sequence of texts.
#include <cstdint>
#include <string>

#include "tests/fuzz/exercise_nmodl.hpp"

#ifndef APICAL_MUTATIONS

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    apical::nmodl::testing::exercise_nmodl({reinterpret_cast<const char*>(data), size});
    return 0;
}

#else

#include <sys/time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "tests/nmodl/mutation.hpp"

/// nmodl_mutations FOLDER FIRST COUNT KEPT: texts FIRST to FIRST + COUNT of a sequence made of the files in FOLDER. The text that is being
/// tried is in the file KEPT, for when the program ends before its time.
int main(int argc, char** argv) {
    if (argc != 5) return std::fprintf(stderr, "usage: %s folder first count kept\n", argv[0]), 2;
    std::vector<std::filesystem::path> files;
    for (const auto& e : std::filesystem::directory_iterator(argv[1])) files.push_back(e.path());
    std::ranges::sort(files);
    std::vector<std::string> texts;
    for (const auto& f : files) {
        std::ifstream in(f);
        std::stringstream text;
        text << in.rdbuf();
        texts.push_back(text.str());
    }
    const long first = std::atol(argv[2]), count = std::atol(argv[3]);
    apical::nmodl::testing::mutation all(texts, 20061);
    long translated = 0;
    for (long n = 0; n < first + count; ++n) {
        const auto text = all.next();
        if (n < first) continue;
        std::ofstream(argv[4]) << text;
        const itimerval limit{{0, 0}, {60, 0}};
        ::setitimer(ITIMER_VIRTUAL, &limit, nullptr);   // ends what hangs; of the process's own time, as others may be busy
        translated += apical::nmodl::testing::exercise_nmodl(text);
        if ((n + 1)%1000 == 0) std::fprintf(stderr, "%ld, %ld translated\n", n + 1, translated);
    }
    std::printf("%ld texts, %ld translated\n", count, translated);
}

#endif
