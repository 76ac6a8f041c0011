#include "io/xml_document.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

namespace buttress {
namespace {

// what a message must say, exactly
void expect_only(const Diagnostics& diagnostics, const std::string& id, int line) {
  ASSERT_EQ(diagnostics.items().size(), 1u);
  EXPECT_EQ(diagnostics.items()[0].id, id);
  EXPECT_EQ(diagnostics.items()[0].line, line) << diagnostics.items()[0].message;
}

// the reference for numbers is the C library, which reads the same text by other code
TEST(XmlNumbers, agree_with_the_c_library) {
  for (const char* text : {"1", "-.5", "0.1", "1e-3", "2.5E+7", "1.7976931348623157e308", "4.9e-324", "00012.50", "-0"})
    EXPECT_EQ(parse_number(text), std::strtod(text, nullptr)) << text;
  EXPECT_EQ(parse_number("+3.25"), 3.25);
  EXPECT_EQ(parse_number("1e-400"), 0.0);
  EXPECT_TRUE(std::isnan(parse_number("NaN").value()));
  EXPECT_EQ(parse_number("-Inf"), -INFINITY);
  EXPECT_EQ(parse_number("Infinity"), INFINITY);
}

TEST(XmlNumbers, refuse_what_is_not_one_whole_number) {
  for (const char* text : {"", "abc", "1,5", "1.2.3", "0x1p3", "1e400", "--1", "+-1", "1 2", "1m", "-"})
    EXPECT_FALSE(parse_number(text)) << text;
}

TEST(XmlDocument, knows_the_line_of_every_element_for_all_three_line_endings) {
  for (const std::string newline : {"\n", "\r\n", "\r"}) {
    const std::string text = "<?xml version=\"1.0\"?>" + newline + "<a>" + newline + newline + "  <b/><c>x</c>" +
                             newline + "\t<d>" + newline + "1</d>" + newline + "</a>";
    Diagnostics diagnostics;
    const auto document = parse_xml(text, "m.osim", diagnostics);
    ASSERT_TRUE(document);
    EXPECT_EQ(document->line_of(document->root()), 2);
    EXPECT_EQ(document->line_of(document->root().child("b")), 4);
    EXPECT_EQ(document->line_of(document->root().child("c")), 4);
    EXPECT_EQ(document->line_of(document->root().child("d")), 5);
    EXPECT_EQ(document->line_of({}), 0);
  }
}

TEST(XmlDocument, lets_bom_latin1_bytes_and_colons_in_names_through) {
  Diagnostics diagnostics;
  const auto document =
      parse_xml("\xEF\xBB\xBF<a>\n<credits>Andr\xE9</credits><A::B name=\"x\"/>\n<v>7</v></a>", "m.osim", diagnostics);
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->root().child("A::B"));
  EXPECT_EQ(document->line_of(document->root().child("v")), 3);
}

TEST(XmlDocument, refuses_truncated_text_where_it_ends) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_xml("<a>\n<b>\n1</b>\n<c>2", "m.osim", diagnostics));
  expect_only(diagnostics, "XML-003", 4);
}

TEST(XmlDocument, refuses_text_that_is_not_xml) {
  for (const char* text : {"", "time\tforce\n0\t1\n", "   \n\n"}) {
    Diagnostics diagnostics;
    EXPECT_FALSE(parse_xml(text, "m.osim", diagnostics)) << text;
    ASSERT_EQ(diagnostics.items().size(), 1u);
    EXPECT_EQ(diagnostics.items()[0].id, "XML-003");
  }
}

TEST(XmlDocument, refuses_mismatched_tags_on_their_line) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_xml("<a>\n<b>1</c>\n</a>", "m.osim", diagnostics));
  expect_only(diagnostics, "XML-003", 2);
}

TEST(XmlDocument, refuses_elements_nested_beyond_the_limit) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "<a>";
  for (int i = 0; i < 100000; ++i) text += "</a>";
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_xml(text, "m.osim", diagnostics));
  expect_only(diagnostics, "XML-004", 1);
}

TEST(XmlDocument, refuses_utf16) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_xml(std::string_view("\xFF\xFE<\0a\0/\0>\0", 10), "m.osim", diagnostics));
  expect_only(diagnostics, "XML-005", 1);
}

TEST(XmlDocument, says_that_a_file_is_missing_or_a_folder) {
  Diagnostics missing;
  EXPECT_FALSE(read_xml("/no/such/model.osim", missing));
  expect_only(missing, "XML-001", 0);
  EXPECT_EQ(missing.items()[0].file, "/no/such/model.osim");
  Diagnostics folder;
  EXPECT_FALSE(read_xml(std::filesystem::temp_directory_path().string(), folder));
  expect_only(folder, "XML-002", 0);
}

class XmlCells : public testing::Test {
 protected:
  // the element <v> on line 2 with that content
  pugi::xml_node cell(const std::string& content) {
    diagnostics = {};
    document = parse_xml("<a>\n<v>" + content + "</v></a>", "m.osim", diagnostics);
    return document->root().child("v");
  }
  std::optional<XmlDocument> document;
  Diagnostics diagnostics;
};

TEST_F(XmlCells, read_numbers_vectors_truth_and_whole_numbers) {
  pugi::xml_node v = cell(" \n\t 0.25 ");
  EXPECT_EQ(read_number(*document, v, diagnostics), 0.25);
  v = cell("\r\n 1 -2\t3e1\n");
  const auto vector = read_vec3(*document, v, diagnostics);
  ASSERT_TRUE(vector);
  EXPECT_EQ(vector->x, 1);
  EXPECT_EQ(vector->y, -2);
  EXPECT_EQ(vector->z, 30);
  v = cell("(1, 2, 3)");
  EXPECT_EQ(read_numbers(*document, v, diagnostics, 3), (std::vector<double>{1, 2, 3}));
  v = cell("");
  EXPECT_EQ(read_numbers(*document, v, diagnostics), std::vector<double>());
  v = cell(" True ");
  EXPECT_EQ(read_bool(*document, v, diagnostics), true);
  v = cell("0");
  EXPECT_EQ(read_bool(*document, v, diagnostics), false);
  v = cell(" 12 ");
  EXPECT_EQ(read_integer(*document, v, diagnostics), 12);
  v = cell("-Inf");
  EXPECT_EQ(read_number(*document, v, diagnostics, NumberRange::may_be_infinite), -INFINITY);
  EXPECT_TRUE(diagnostics.items().empty());
}

TEST_F(XmlCells, read_on_past_a_comment) {
  const pugi::xml_node v = cell("1 <!-- x --> 2\n<!-- z --> 3");
  EXPECT_EQ(read_numbers(*document, v, diagnostics, 3), (std::vector<double>{1, 2, 3}));
}

TEST_F(XmlCells, report_each_kind_of_bad_content_under_its_id) {
  pugi::xml_node v = cell("heavy");
  EXPECT_FALSE(read_number(*document, v, diagnostics));
  expect_only(diagnostics, "XML-010", 2);
  EXPECT_EQ(diagnostics.items()[0].message, "<v> holds 'heavy', expected a number");
  v = cell("  ");
  EXPECT_FALSE(read_number(*document, v, diagnostics));
  expect_only(diagnostics, "XML-010", 2);
  v = cell("NaN");
  EXPECT_FALSE(read_number(*document, v, diagnostics, NumberRange::may_be_infinite));
  expect_only(diagnostics, "XML-011", 2);
  v = cell("1 Inf 3");
  EXPECT_FALSE(read_vec3(*document, v, diagnostics));
  expect_only(diagnostics, "XML-011", 2);
  v = cell("1 2");
  EXPECT_FALSE(read_vec3(*document, v, diagnostics));
  expect_only(diagnostics, "XML-012", 2);
  EXPECT_EQ(diagnostics.items()[0].message, "<v> holds 2 numbers, expected 3");
  v = cell("yes");
  EXPECT_FALSE(read_bool(*document, v, diagnostics));
  expect_only(diagnostics, "XML-013", 2);
  v = cell("1.5");
  EXPECT_FALSE(read_integer(*document, v, diagnostics));
  expect_only(diagnostics, "XML-014", 2);
}

}  // namespace
}  // namespace buttress
