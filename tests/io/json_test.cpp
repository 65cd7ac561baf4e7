// SPDX-License-Identifier: BSD-3-Clause
#include "io/json.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/io/expect_error.hpp"

namespace apical::json {
namespace {

using apical::testing::message_of, apical::testing::says;

std::string refusal(std::string_view text) {
    return message_of<invalid_input>([&] { parse(text, "a.json"); });
}

TEST(json, every_value_knows_its_line) {
    const auto v = parse("{\n \"a\": 1,\n \"b\": [true,\n2\n,\"x\"],\n \"c\":\n{\"d\": null}\n}", "a.json");
    EXPECT_EQ(v.line, 1);
    EXPECT_EQ(v.find("a")->line, 2);
    EXPECT_EQ(v.find("b")->line, 3);
    EXPECT_EQ(v.find("b")->items[0].line, 3);
    EXPECT_EQ(v.find("b")->items[1].line, 4);
    EXPECT_EQ(v.find("b")->items[2].line, 5);
    EXPECT_EQ(v.find("c")->line, 7);
    EXPECT_EQ(v.find("c")->find("d")->line, 7);
    EXPECT_EQ(v.find("e"), nullptr);
}

TEST(json, numbers_keep_all_their_digits) {
    const auto v = parse("[18446744073709551615, -3, 0.1, 1e-3]", "a.json");
    EXPECT_EQ(v.items[0].text, "18446744073709551615");
    EXPECT_EQ(v.items[1].number, -3);
    EXPECT_EQ(v.items[2].number, 0.1);
    EXPECT_EQ(v.items[3].text, "1e-3");
}

TEST(json, a_byte_order_mark_is_accepted) { EXPECT_EQ(parse("\xEF\xBB\xBF{\"a\": 1}", "a.json").find("a")->number, 1); }

TEST(json, wrong_syntax_is_told_with_line_and_column) {
    says(refusal("{\n \"a\": 1,\n}"), "a.json:3:1: syntax error");
    says(refusal("{\"a\": nan}"), "a.json:1:8: ");
    says(refusal("[1, 2"), "a.json:1:6: ");
    says(refusal("[1] x"), "a.json:1:5: ");
    says(refusal("[1e999]"), "number overflow");
    says(refusal(""), "a.json:1:1: ");
    says(refusal("{'a': 1}"), "a.json:1:2: ");
}

TEST(json, other_encodings_are_refused_with_their_name) {
    says(refusal(std::string_view("\xFF\xFE{\0}\0", 6)), "is UTF-16 or UTF-32 text; save it as UTF-8");
    says(refusal(std::string_view("\0{\0}", 4)), "is UTF-16 or UTF-32 text");
    says(refusal(std::string_view("{\n\"abc\": \"\0\"}", 13)), "a.json:2: holds a null character");
    says(refusal("{\"a\": \"\xC3\x28\"}"), "ill-formed UTF-8");
}

TEST(json, all_repeated_members_are_told_by_pointer) {
    const auto message = refusal("{\"a\": [{\"b\": 1,\n\"b\": 2}], \"c/d\": 0,\n\"c/d\": 0}");
    says(message, "a.json:2 /a/0/b: is here twice");
    says(message, "a.json:3 /c~1d: is here twice");
}

TEST(json, depth_is_limited) {
    const std::string deep(most_depth, '['), too_deep(most_depth + 1, '['), endless(1000000, '[');
    EXPECT_NO_THROW(parse(deep + std::string(most_depth, ']'), "a.json"));
    says(refusal(too_deep + std::string(most_depth + 1, ']')), "is nested more than 64 deep");
    says(refusal(endless), "is nested more than 64 deep");
}

TEST(json, texts_and_keys_without_null_characters) {
    says(refusal("{\n\"a\": \"x\\u0000y\"}"), "a.json:2: holds a null character");
    says(refusal("{\n\n\"x\\u0000y\": 1}"), "a.json:3: holds a null character");
}

TEST(json, put_goes_no_deeper_than_a_document_may_be) {
    value v;
    std::string pointer;
    for (int i = 0; i < most_depth; ++i) pointer += "/a";
    EXPECT_NO_THROW(put(v, pointer, number(1)));
    says(message_of<invalid_input>([&] { put(v, pointer + "/a", number(1)); }), "leads more than 64 deep");
    for (int i = 0; i < 1000000; ++i) pointer += "/a";
    says(message_of<invalid_input>([&] { put(v, pointer, number(1)); }), "leads more than 64 deep");
}

TEST(json, put_replaces_and_creates) {
    auto v = parse("{\"run\": {\"dt\": 1}, \"list\": [1, 2]}", "a.json");
    put(v, "/run/dt", text("0.1 ms"));
    put(v, "/output/csv", boolean(true));
    put(v, "/list/1", number(5));
    put(v, "/a~1b/c~0d", number(1));
    EXPECT_EQ(v.find("run")->find("dt")->text, "0.1 ms");
    EXPECT_TRUE(v.find("output")->find("csv")->boolean);
    EXPECT_EQ(v.find("list")->items[1].number, 5);
    EXPECT_NE(v.find("a/b")->find("c~d"), nullptr);
    says(message_of<invalid_input>([&] { put(v, "run", number(1)); }), "is not a JSON pointer");
    says(message_of<invalid_input>([&] { put(v, "/list/2", number(1)); }), "'2' is not an item of this array of 2");
    says(message_of<invalid_input>([&] { put(v, "/list/01x", number(1)); }), "is not an item");
    says(message_of<invalid_input>([&] { put(v, "/run/dt/x", number(1)); }), "leads through a text, which has no 'x'");
}

TEST(json, text_of_a_document_reads_back) {
    const auto v = object({{"a", number(0.1)}, {"b", array({boolean(true), value{}, text("\"\n\xC2\xB5")})}, {"big", parse("18446744073709551615", "n")}});
    const auto again = parse(to_text(v), "a.json");
    EXPECT_EQ(to_text(again), to_text(v));
    EXPECT_EQ(again.find("a")->number, 0.1);
    EXPECT_EQ(again.find("b")->items[2].text, "\"\n\xC2\xB5");
    EXPECT_EQ(again.find("big")->text, "18446744073709551615");
    EXPECT_EQ(number(std::nan("")).type, kind::null) << "JSON has no word for it";
}

}  // namespace
}  // namespace apical::json
