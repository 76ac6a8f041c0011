#include "base/decimal.h"

#include <gtest/gtest.h>

#include <clocale>
#include <cmath>
#include <limits>
#include <locale>

namespace buttress {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// numbers as Germans write them
struct CommaPunctuation : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

TEST(Decimal, numbers_are_read_with_their_length_and_the_rest_is_left) {
  EXPECT_EQ(scan_decimal("0.12,5").value, 0.12);
  EXPECT_EQ(scan_decimal("0.12,5").length, 4u);
  EXPECT_EQ(scan_decimal("+3e2m").value, 300);
  EXPECT_EQ(scan_decimal("+3e2m").length, 4u);
  for (const char* none : {"", "+", "-", "+-3", "x1", " 1", ".", "e5"})
    EXPECT_EQ(scan_decimal(none).length, 0u) << none;
  EXPECT_EQ(parse_decimal("-.5"), -0.5);
  EXPECT_EQ(parse_decimal("0,12"), std::nullopt);
  EXPECT_EQ(parse_decimal("1 "), std::nullopt);
}

TEST(Decimal, what_no_double_holds_is_zero_or_infinite_with_its_sign) {
  EXPECT_EQ(parse_decimal("1e999"), kInfinite);
  EXPECT_EQ(parse_decimal("-12345e305"), -kInfinite);
  EXPECT_EQ(parse_decimal("0.0001e-400"), 0.0);
  EXPECT_TRUE(std::signbit(parse_decimal("-1e-999").value()));
  EXPECT_EQ(parse_decimal("0." + std::string(400, '0') + "1"), 0.0);
  EXPECT_EQ(parse_decimal("0." + std::string(400, '0') + "1e800"), kInfinite);
  EXPECT_EQ(parse_decimal(std::string(400, '9')), kInfinite);
  EXPECT_EQ(parse_decimal("1" + std::string(400, '0') + "e-900"), 0.0);
  EXPECT_EQ(parse_decimal("1e99999999999999999999"), kInfinite);
  EXPECT_EQ(parse_decimal("1e-99999999999999999999"), 0.0);
  // the smallest double is none of these
  EXPECT_EQ(parse_decimal("5e-324"), std::numeric_limits<double>::denorm_min());
}

TEST(Decimal, the_locale_of_the_process_changes_nothing) {
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new CommaPunctuation));
  const std::string c_before = std::setlocale(LC_NUMERIC, nullptr);
  // where such a locale is installed, strtod would read 0 from 0.12
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"})
    if (std::setlocale(LC_NUMERIC, name)) break;
  EXPECT_EQ(parse_decimal("0.12"), 0.12);
  EXPECT_EQ(parse_decimal("0,12"), std::nullopt);
  EXPECT_EQ(parse_decimal("1e400"), kInfinite);
  EXPECT_EQ(format_decimal(1234567.5), "1.23457e+06");
  EXPECT_EQ(format_decimal(0.125), "0.125");
  std::setlocale(LC_NUMERIC, c_before.c_str());
  std::locale::global(before);
}

TEST(Decimal, text_is_that_of_percent_g) {
  EXPECT_EQ(format_decimal(0), "0");
  EXPECT_EQ(format_decimal(100000), "100000");
  EXPECT_EQ(format_decimal(1e-5), "1e-05");
  EXPECT_EQ(format_decimal(-2.0 / 3), "-0.666667");
  EXPECT_EQ(format_decimal(2.0 / 3, 3), "0.667");
  EXPECT_EQ(format_decimal(std::nan("")), "nan");
}

TEST(Decimal, numbers_that_differ_are_printed_so_that_one_sees_it) {
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(format_apart(20, 21), Pair("20", "21"));
  EXPECT_EQ(format_apart(1000000, 1000001), Pair("1000000", "1000001"));
  EXPECT_EQ(format_apart(1606780800.5, 1606780800.25), Pair("1606780800.5", "1606780800.2"));
  EXPECT_EQ(format_apart(0.3, 0.1 + 0.2), Pair("0.29999999999999999", "0.30000000000000004"));
  EXPECT_EQ(format_apart(2, 2), Pair("2", "2"));
}

}  // namespace
}  // namespace buttress
