// Memory that readers take against the bytes they read: files whose headers promise more than they hold, whose rows are
// shorter than their names, or that repeat one fault a hundred thousand times. All memory passes through the operators
// below; pugixml's too.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <new>
#include <pugixml.hpp>

#include "body/person_file.h"
#include "io/c3d_test_file.h"
#include "io/c3d_trial.h"
#include "io/contact_reader.h"
#include "io/csv_table.h"
#include "io/external_loads_reader.h"
#include "io/marker_map.h"
#include "io/osim_reader.h"
#include "io/setup_reader.h"
#include "io/table_reader.h"
#include "io/trc_reader.h"
#include "movement/movement.h"

namespace {

std::size_t live = 0, peak = 0;

void* take(std::size_t size) {
  void* const p = std::malloc(size);
  if (!p) throw std::bad_alloc();
  live += malloc_usable_size(p);
  peak = std::max(peak, live);
  return p;
}
void give_back(void* p) noexcept {
  if (p) live -= malloc_usable_size(p);
  std::free(p);
}

}  // namespace

void* operator new(std::size_t size) {
  return take(size);
}
void* operator new[](std::size_t size) {
  return take(size);
}
void operator delete(void* p) noexcept {
  give_back(p);
}
void operator delete[](void* p) noexcept {
  give_back(p);
}
void operator delete(void* p, std::size_t) noexcept {
  give_back(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  give_back(p);
}

namespace buttress {
namespace {

constexpr std::size_t kSize = std::size_t{1} << 20;

std::string repeat(const std::string& piece, std::size_t bytes = kSize) {
  std::string text;
  while (text.size() < bytes) text += piece;
  return text;
}
/// "a0 a1 a2 ..." up to a count of names
std::string make_names(std::size_t count, const std::string& between) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += between + "a" + std::to_string(i);
  return text;
}

struct Input {
  std::string name, text;
};

/// what a reader takes over 100 MB, in bytes of its input; the text itself counts once
double measure(const std::string& text, const std::function<void(const std::string&)>& read) {
  const std::size_t before = live;
  peak = live;
  read(text);
  const double used = static_cast<double>(peak - before) + static_cast<double>(text.size());
  return (used - 100e6) / static_cast<double>(text.size());
}

void expect_bounded(const std::vector<Input>& inputs, const std::function<void(const std::string&)>& read) {
  for (const Input& input : inputs) {
    const double factor = measure(input.text, read);
    EXPECT_LT(factor, 50) << input.name << ", " << input.text.size() << " bytes";
  }
}

/// for readers that take a path
std::function<void(const std::string&)> through_file(const std::function<void(const std::string&)>& read) {
  return [read](const std::string& text) {
    const std::string path = (std::filesystem::path(testing::TempDir()) / "buttress_reader_memory").string();
    std::ofstream(path, std::ios::binary) << text;
    read(path);
    std::filesystem::remove(path);
  };
}

std::string make_trc(const std::string& names, const std::string& rows, const std::string& count = "3") {
  return "PathFileType\t4\t(X/Y/Z)\tx.trc\nDataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\t"
         "OrigDataStartFrame\tOrigNumFrames\n100\t100\t" +
         count + "\t" + count + "\tmm\t100\t1\t" + count + "\nFrame#\tTime" + names + "\n\t\tX1\tY1\tZ1\n" + rows;
}
/// rows of frame and time alone
std::string make_short_rows(std::size_t bytes) {
  std::string rows;
  for (int i = 0; rows.size() < bytes; ++i) rows += std::to_string(i) + "\t" + std::to_string(i) + "\n";
  return rows;
}

TEST(ReaderMemory, trc) {
  expect_bounded(
      {{"rows without cells", make_trc(make_names(20000, "\t\t\t"), make_short_rows(kSize / 3))},
       {"few names, many rows without cells", make_trc(make_names(500, "\t\t\t"), make_short_rows(8 * kSize))},
       {"names only", make_trc(make_names(150000, "\t\t\t"), "1\t0\n")},
       {"one name over and over", make_trc(repeat("\ta"), "1\t0\n")},
       {"frames promised", make_trc("\ta", "1\t0\t1\t2\t3\n", "999999999999999999")},
       {"gaps", make_trc(make_names(300, "\t\t\t"),
                         [] {
                           std::string rows;
                           for (int i = 0; rows.size() < kSize; ++i)
                             rows += "1\t" + std::to_string(i) + std::string(900, '\t') + "\n";
                           return rows;
                         }())},
       {"wrong rows", make_trc("\ta", repeat("1\tx\n"))},
       {"cells that no marker has", make_trc("\ta", "1\t0" + repeat("\t1") + "\n")}},
      [](const std::string& text) {
        Diagnostics diagnostics;
        parse_trc(text, "x.trc", diagnostics);
      });
}

TEST(ReaderMemory, tables) {
  const std::string head = "x\nversion=1\ninDegrees=no\n";
  expect_bounded({{"rows promised", head + "nRows=9000000000000000000\nnColumns=2\nendheader\ntime\ta\n0\t1\n"},
                  {"labels only", head + "endheader\ntime" + make_names(120000, "\t") + "\n0\t1\n"},
                  {"one label over and over", head + "endheader\ntime" + repeat("\ta") + "\n0\t1\n"},
                  {"vectors of 12", head + "DataType=Vec12\nendheader\ntime" + make_names(60000, "\t") + "\n" +
                                        repeat("0\t1\n", 100000)},
                  {"short rows", head + "endheader\ntime" + make_names(1000, "\t") + "\n" + make_short_rows(kSize)},
                  {"numbers of one digit", head + "endheader\ntime\ta\n" + make_short_rows(kSize)},
                  {"wrong rows", head + "endheader\ntime\ta\n" + repeat("x\n")},
                  {"header only", repeat("a\n")}},
                 [](const std::string& text) {
                   Diagnostics diagnostics;
                   parse_table(text, "x.sto", diagnostics);
                 });
}

TEST(ReaderMemory, c3d) {
  std::vector<Input> inputs;
  C3dTestFile file;
  file.frame_count = 1000000;
  inputs.push_back({"frames promised", file.make_head() + std::string(kSize, '\1')});
  C3dTestFile points;
  points.points.assign(60000, "");
  points.frame_count = 1;
  inputs.push_back({"points without names", points.make_head() + std::string(kSize, '\1')});
  // channels of two bytes that all plates share
  C3dTestFile plates;
  plates.is_float = false;
  plates.points.clear();
  plates.channels = {"a", "b", "c", "d", "e", "f"};
  plates.channel_units.assign(6, "N");
  plates.channel_scales.assign(6, 1);
  plates.channel_offsets.assign(6, 0);
  plates.samples_per_frame = 1;
  for (const double count : {2.0, 200.0}) {
    C3dTestFile shared = plates;
    shared.frame_count = 60000;
    std::vector<double> types, channels, corners, origins;
    for (double plate = 0; plate < std::min(count, 100.0); ++plate) {
      types.push_back(2);
      for (double channel = 1; channel <= 6; ++channel) channels.push_back(channel);
      corners.insert(corners.end(), {1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0});
      origins.insert(origins.end(), {0, 0, -1});
    }
    const int n = static_cast<int>(types.size());
    const auto wide = [&](int width) { return std::vector<int>{width, std::min(n, 250)}; };
    shared.more = {{"FORCE_PLATFORM", "USED", 2, {}, {count}, {}},
                   {"FORCE_PLATFORM", "TYPE", 2, {n}, types, {}},
                   {"FORCE_PLATFORM", "CHANNEL", 2, wide(6), channels, {}},
                   {"FORCE_PLATFORM", "CORNERS", 4, {3, 4, n}, corners, {}},
                   {"FORCE_PLATFORM", "ORIGIN", 4, wide(3), origins, {}}};
    inputs.push_back({"plates of the same channels", shared.make_head() + std::string(12 * 60000, '\1')});
  }
  expect_bounded(inputs, [](const std::string& text) {
    Diagnostics diagnostics;
    parse_c3d(text, "x.c3d", diagnostics);
  });
}

TEST(ReaderMemory, models_and_setups) {
  const std::string open = "<OpenSimDocument Version=\"40000\">", close = "</OpenSimDocument>";
  const auto in_model = [&](const std::string& inside) {
    return open + "<Model name=\"m\">" + inside + "</Model>" + close;
  };
  const auto in_set = [&](const std::string& set, const std::string& piece) {
    return in_model("<" + set + "><objects>" + repeat(piece) + "</objects></" + set + ">");
  };
  const std::vector<Input> models = {
      {"elements", in_model(repeat("<a/>"))},
      {"depth", in_model(repeat("<a>", kSize / 2) + repeat("</a>", kSize / 2))},
      {"attributes", in_model("<a " + repeat("a=\"\" ") + "/>")},
      {"bodies", in_set("BodySet", "<Body/>")},
      {"joints", in_set("JointSet", "<PinJoint/>")},
      {"muscles", in_set("ForceSet", "<Thelen2003Muscle/>")},
      {"strangers", in_set("ForceSet", "<Strange/>")},
      {"markers", in_set("MarkerSet", "<Marker/>")},
      {"constraints", in_set("ConstraintSet", "<CoordinateCouplerConstraint/>")},
      {"numbers", in_set("BodySet", "<Body><mass_center>1 1 1</mass_center><inertia>1 1 1 1 1 1</inertia></Body>")},
      {"a list of numbers", in_model("<gravity>" + repeat("1 ") + "</gravity>")}};
  expect_bounded(models, [](const std::string& text) {
    Diagnostics diagnostics;
    parse_osim(text, "x.osim", diagnostics);
  });
  std::vector<Input> setups;
  for (const char* tool : {"InverseDynamicsTool", "AnalyzeTool", "InverseKinematicsTool", "ScaleTool"})
    for (const char* piece :
         {"<a/>", "<IKMarkerTask/>", "<force_set_files>a</force_set_files>", "<MeasurementSet><objects>"})
      setups.push_back(
          {std::string(tool) + " " + piece, open + "<" + tool + ">" + repeat(piece) + "</" + tool + ">" + close});
  expect_bounded(setups, [](const std::string& text) {
    Diagnostics diagnostics;
    parse_setup(text, "x.xml", diagnostics);
  });
  expect_bounded({{"loads", open + "<ExternalLoads><objects>" + repeat("<ExternalForce/>") +
                                "</objects></ExternalLoads>" + close}},
                 [](const std::string& text) {
                   Diagnostics diagnostics;
                   parse_external_loads(text, "x.xml", diagnostics);
                 });
}

TEST(ReaderMemory, tables_of_commas_and_descriptions) {
  const std::string map = "marker,theirs,match,source\n";
  std::string many = map;
  for (int i = 0; many.size() < kSize; ++i) many += "a,b" + std::to_string(i) + ",same,\n";
  expect_bounded({{"wrong rows", map + repeat(",\n")}, {"repeated rows", map + repeat("a,b,same,\n")}, {"rows", many}},
                 [](const std::string& text) {
                   Diagnostics diagnostics;
                   parse_marker_map(text, "x.csv", diagnostics);
                 });
  const Model model;
  const std::string contacts = "point,group,body,x_m,y_m,z_m,strength_N,mirrored,source,sure\n";
  expect_bounded({{"wrong rows", contacts + repeat("a\n")},
                  {"points", contacts + repeat("a,b,c,0,0,0,1,no,,\n")},
                  {"commas", contacts + repeat(",")}},
                 through_file([&](const std::string& path) {
                   Diagnostics diagnostics;
                   read_contacts(path, model, 0, diagnostics);
                 }));
  expect_bounded({{"rows", "a,b\n" + repeat(",\n")}, {"columns", repeat("a,") + "\n" + repeat("b,")}},
                 through_file([](const std::string& path) {
                   Diagnostics diagnostics;
                   read_csv_table(path, {"a"}, diagnostics);
                 }));
  const std::vector<Input> descriptions = {{"depth", repeat("[")},
                                           {"closed depth", repeat("[", kSize / 2) + repeat("]", kSize / 2)},
                                           {"numbers", "[" + repeat("1,") + "1]"},
                                           {"names", "{" + repeat("\"a\":1,") + "\"b\":1}"},
                                           {"objects", "[" + repeat("{},") + "1]"},
                                           {"keyframes", "{\"keyframes\":[" + repeat("{},") + "1]}"},
                                           {"unknown fields", [] {
                                              std::string text = "{";
                                              for (int i = 0; text.size() < kSize; ++i)
                                                text += "\"a" + std::to_string(i) + "\":1,";
                                              return text + "\"b\":1}";
                                            }()}};
  expect_bounded(descriptions, through_file([](const std::string& path) {
                   Diagnostics diagnostics;
                   read_movement(path, diagnostics);
                 }));
  expect_bounded(descriptions, through_file([](const std::string& path) {
                   Diagnostics diagnostics;
                   read_person(path, {}, diagnostics);
                 }));
}

}  // namespace
}  // namespace buttress

int main(int count, char** arguments) {
  pugi::set_memory_management_functions(take, give_back);
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
