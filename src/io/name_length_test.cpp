// Names longer than any real one, in every kind of text file that holds names.
#include "io/name_length.h"

#include <gtest/gtest.h>

#include "io/osim_reader.h"
#include "io/table_reader.h"
#include "io/trc_reader.h"
#include "io/xml_document.h"

namespace buttress {
namespace {

/// reads with a name of `size` characters on line `line`; false and NAME-001 there when it is too long
template <class Read>
void expect_limit(const char* what, int line, const Read& read) {
  for (const std::size_t size : {kLongestName, kLongestName + 1, std::size_t{100000}}) {
    Diagnostics diagnostics;
    const bool was_read = read(std::string(size, 'm'), diagnostics);
    EXPECT_EQ(was_read, size <= kLongestName) << what << " " << size;
    int said = 0;
    for (const Diagnostic& d : diagnostics.items()) {
      if (d.id != "NAME-001") continue;
      ++said;
      EXPECT_EQ(d.line, line) << what;
      EXPECT_LT(d.message.size(), 200u) << what;
    }
    EXPECT_EQ(said, size <= kLongestName ? 0 : 1) << what << " " << size;
  }
}

TEST(NameLength, is_limited_wherever_names_are_read) {
  expect_limit("element", 2, [](const std::string& name, Diagnostics& diagnostics) {
    return parse_xml("<a>\n<b><c name='" + name + "'/></b></a>", "m.xml", diagnostics).has_value();
  });
  expect_limit("body", 3, [](const std::string& name, Diagnostics& diagnostics) {
    return parse_osim("<OpenSimDocument Version='40000'><Model>\n<BodySet><objects>\n<Body name='" + name +
                          "'><mass>1</mass></Body></objects></BodySet></Model></OpenSimDocument>",
                      "m.osim", diagnostics)
        .has_value();
  });
  expect_limit("column", 3, [](const std::string& name, Diagnostics& diagnostics) {
    return parse_table("a\nendheader\ntime\t" + name + "\n0\t1\n1\t2\n", "m.sto", diagnostics).has_value();
  });
  expect_limit("marker", 4, [](const std::string& name, Diagnostics& diagnostics) {
    return parse_trc(
               "PathFileType\t4\t(X/Y/Z)\tm.trc\nDataRate\tNumFrames\tNumMarkers\tUnits\n100\t1\t1\tmm\n"
               "Frame#\tTime\t" +
                   name + "\n\t\tX1\tY1\tZ1\n1\t0\t1\t2\t3\n",
               "m.trc", diagnostics)
        .has_value();
  });
}

}  // namespace
}  // namespace buttress
