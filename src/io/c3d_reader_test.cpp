#include "io/c3d_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "io/c3d_test_file.h"

namespace buttress {
namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();

/// the first diagnostic of that id, or one with an empty id
Diagnostic find(const Diagnostics& diagnostics, const std::string& id) {
  for (const Diagnostic& d : diagnostics.items())
    if (d.id == id) return d;
  return {};
}

std::string list(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.items()) text += format_diagnostic(d) + "\n";
  return text;
}

/// every frame of a file in one block
C3dBlock read_all(C3dReader& reader, Diagnostics& diagnostics) {
  C3dBlock all, block;
  while (reader.read_block(block, diagnostics)) {
    EXPECT_EQ(block.first_frame, all.frame_count);
    all.frame_count += block.frame_count;
    all.positions.insert(all.positions.end(), block.positions.begin(), block.positions.end());
    all.analogs.insert(all.analogs.end(), block.analogs.begin(), block.analogs.end());
  }
  return all;
}

/// a whole number or a fraction that each of the formats holds exactly
double make_number(std::mt19937& random, bool is_float) {
  const int whole = std::uniform_int_distribution<int>(-32000, 32000)(random);
  return is_float ? whole / 64.0 : whole;
}

/// head and frames; the numbers as they stand in the file
std::string make_file(const C3dTestFile& file, unsigned seed, std::vector<double>* positions = nullptr,
                      std::vector<double>* analogs = nullptr) {
  std::mt19937 random(seed);
  std::string bytes = file.make_head();
  for (std::uint64_t frame = 0; frame < file.frame_count; ++frame) {
    std::vector<double> p(3 * file.points.size()), a(file.samples_per_frame * file.channels.size());
    for (double& v : p) v = make_number(random, file.is_float);
    for (double& v : a) v = make_number(random, file.is_float);
    bytes += file.make_frame(p, a);
    if (positions) positions->insert(positions->end(), p.begin(), p.end());
    if (analogs) analogs->insert(analogs->end(), a.begin(), a.end());
  }
  return bytes;
}

// the writer knows nothing of the reader, so agreement shows that both follow the format's guide
TEST(C3dReader, gives_back_what_was_written_for_every_processor_and_number_kind) {
  for (C3dProcessor processor : {C3dProcessor::intel, C3dProcessor::dec, C3dProcessor::mips})
    for (bool is_float : {true, false})
      for (bool is_unsigned : {false, true}) {
        C3dTestFile file;
        file.processor = processor;
        file.is_float = is_float;
        file.is_unsigned = is_unsigned;
        file.scale = 0.125;
        file.frame_count = 37;
        file.samples_per_frame = 4;
        file.channel_scales = {0.5, -3};
        file.channel_offsets = {is_unsigned ? 32768.0 : 5.0, -7};
        file.general_scale = 0.25;
        std::vector<double> positions, analogs;
        const std::string bytes = make_file(file, 1, &positions, &analogs);
        Diagnostics diagnostics;
        auto reader = C3dReader::open_bytes(bytes, "walk.c3d", diagnostics);
        ASSERT_TRUE(reader) << list(diagnostics);
        EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
        const C3dDescription& d = reader->description();
        EXPECT_EQ(d.is_float, is_float);
        EXPECT_EQ(d.rate_hz, 100);
        EXPECT_EQ(d.analog_rate_hz(), 400);
        EXPECT_EQ(d.point_names, file.points);
        EXPECT_EQ(d.channels.at(1).name, "Fy");
        EXPECT_EQ(d.channels.at(1).unit, "N");
        const C3dBlock all = read_all(*reader, diagnostics);
        ASSERT_EQ(all.frame_count, 37u);
        ASSERT_EQ(all.positions.size(), positions.size());
        ASSERT_EQ(all.analogs.size(), analogs.size());
        for (std::size_t i = 0; i < positions.size(); ++i)
          EXPECT_DOUBLE_EQ(all.positions[i], positions[i] * (is_float ? 1 : 0.125) * 1e-3);
        for (std::size_t i = 0; i < analogs.size(); ++i) {
          double raw = analogs[i];
          if (is_unsigned && !is_float && raw < 0) raw += 65536;
          const double offset = i % 2 == 0 ? file.channel_offsets[0] : is_unsigned ? 65529 : -7;
          EXPECT_DOUBLE_EQ(all.analogs[i], (raw - offset) * 0.25 * (i % 2 == 0 ? 0.5 : -3));
        }
      }
}

// values and bits from the table of test values that the U.S. Geological Survey's libvaxdata prints
TEST(C3dReader, reads_the_known_bits_of_vax_floats) {
  const struct {
    std::uint32_t bits;
    double value;
  } known[] = {{0x00004080, 1.0},     {0x0000c080, -1.0},       {0x00004160, 3.5},         {0x0000c160, -3.5},
               {0x0fd04149, 3.14159}, {0xbdc27df0, 1e37},       {0xbdc2fdf0, -1e37},       {0x1cea0308, 1e-37},
               {0x1cea8308, -1e-37},  {0x0652409e, 1.23456789}, {0x0652c09e, -1.23456789}, {0x00000000, 0.0}};
  for (const auto& [bits, value] : known) {
    unsigned char bytes[4];
    for (int i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned char>(bits >> 8 * i);
    EXPECT_NEAR(decode_c3d_float(bytes, C3dProcessor::dec), value, std::abs(value) * 0x1p-24) << value;
  }
  const unsigned char reserved[4] = {0, 0x80, 0, 0};
  EXPECT_TRUE(std::isnan(decode_c3d_float(reserved, C3dProcessor::dec)));
}

TEST(C3dReader, a_negative_residual_zeros_and_infinite_coordinates_are_gaps) {
  C3dTestFile file;
  file.frame_count = 1;
  std::string bytes = file.make_head();
  bytes += file.make_frame({kNaN, kNaN, kNaN, 0, 0, 0, 1, INFINITY, 2}, {1, 2, 3, 4});
  Diagnostics diagnostics;
  auto reader = C3dReader::open_bytes(bytes, "gaps.c3d", diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  const C3dBlock all = read_all(*reader, diagnostics);
  for (double v : all.positions) EXPECT_TRUE(std::isnan(v));
  EXPECT_EQ(all.analogs, (std::vector<double>{1, 2, 3, 4}));
}

TEST(C3dReader, more_than_255_points_channels_and_parameters_go_on_in_labels2_and_scale2) {
  C3dTestFile file;
  file.points.clear();
  file.channels.clear();
  file.channel_units.clear();
  file.channel_scales.clear();
  file.channel_offsets.clear();
  for (int i = 0; i < 600; ++i) file.points.push_back("M" + std::to_string(i));
  for (int i = 0; i < 300; ++i) {
    file.channels.push_back("C" + std::to_string(i));
    file.channel_units.push_back(i < 256 ? "V" : "mV");
    file.channel_scales.push_back(i);
    file.channel_offsets.push_back(-i);
  }
  for (int i = 0; i < 400; ++i)
    file.more.push_back({"EXTRA", "P" + std::to_string(i), 4, {}, {static_cast<double>(i)}, {}});
  // beyond what the section's own count of blocks can say
  for (int i = 0; i < 5; ++i)
    file.more.push_back({"EXTRA", "LONG" + std::to_string(i), 1, {200, 150}, std::vector<double>(30000, 1), {}});
  file.more.push_back({"EXTRA", "LAST", 4, {}, {0.5}, {}});
  const std::string bytes = make_file(file, 3);
  Diagnostics diagnostics;
  auto reader = C3dReader::open_bytes(bytes, "many.c3d", diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  EXPECT_TRUE(diagnostics.items().empty()) << list(diagnostics);
  const C3dDescription& d = reader->description();
  EXPECT_EQ(d.point_names, file.points);
  ASSERT_EQ(d.channels.size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_EQ(d.channels[i].name, file.channels[i]);
    EXPECT_EQ(d.channels[i].unit, file.channel_units[i]);
    EXPECT_EQ(d.channels[i].scale, file.channel_scales[i]);
    EXPECT_EQ(d.channels[i].offset, file.channel_offsets[i]);
  }
  const C3dParameter* const last = find_c3d_parameter(d.parameters, "EXTRA", "LAST");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->numbers, std::vector<double>{0.5});
}

TEST(C3dReader, more_than_65535_frames_are_counted_by_the_trial_fields_or_long_frames) {
  for (bool with_fields : {true, false}) {
    C3dTestFile file;
    file.points = {"A"};
    file.channels.clear();
    file.channel_scales.clear();
    file.channel_offsets.clear();
    file.channel_units.clear();
    file.first_frame = 70001;
    file.frame_count = 80000;
    file.with_long_frames = with_fields;
    if (!with_fields) {
      file.first_frame = 1;
      file.more.push_back({"POINT", "LONG_FRAMES", 4, {}, {80000}, {}});
    }
    std::string bytes = file.make_head();
    for (std::uint64_t i = 0; i < file.frame_count; ++i)
      bytes += file.make_frame({static_cast<double>(i + 1), 2, 3}, {});
    Diagnostics diagnostics;
    auto reader = C3dReader::open_bytes(bytes, "long.c3d", diagnostics);
    ASSERT_TRUE(reader) << list(diagnostics);
    EXPECT_EQ(reader->description().frame_count, 80000u);
    EXPECT_EQ(reader->description().first_frame, with_fields ? 70001 : 1);
    const C3dBlock all = read_all(*reader, diagnostics);
    ASSERT_EQ(all.frame_count, 80000u);
    EXPECT_DOUBLE_EQ(all.positions[3 * 79999], 80.0);
  }
}

TEST(C3dReader, events_count_from_the_first_frame_of_the_file) {
  C3dTestFile file;
  file.first_frame = 201;
  file.more.push_back({"EVENT", "USED", 2, {}, {3}, {}});
  file.more.push_back({"EVENT", "TIMES", 4, {2, 2}, {0, 2.5, 1, 0.25}, {}});
  file.more.push_back({"EVENT", "LABELS", -1, {11, 2}, {}, {"Foot Strike", "Foot Off   "}});
  file.more.push_back({"EVENT", "CONTEXTS", -1, {5, 2}, {}, {"Left ", "Right"}});
  Diagnostics diagnostics;
  auto reader = C3dReader::open_bytes(make_file(file, 1), "events.c3d", diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  const auto& events = reader->description().events;
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].label, "Foot Strike");
  EXPECT_EQ(events[1].context, "Right");
  EXPECT_DOUBLE_EQ(events[0].time, 0.5);
  EXPECT_DOUBLE_EQ(events[1].time, 58.25);
  EXPECT_EQ(find(diagnostics, "C3D-019").severity, Severity::warning) << "the third has no time";
}

TEST(C3dReader, names_that_are_missing_or_repeated_are_made_unique_and_results_are_told_from_markers) {
  C3dTestFile file;
  file.points = {"HEAD", "", "HEAD", "HEAD_2", "LKneeAng", ""};
  file.more.push_back({"POINT", "ANGLES", -1, {8, 1}, {}, {"LKneeAng"}});
  Diagnostics diagnostics;
  auto reader = C3dReader::open_bytes(make_file(file, 1), "names.c3d", diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  EXPECT_EQ(reader->description().point_names,
            (std::vector<std::string>{"HEAD", "point_2", "HEAD_3", "HEAD_2", "LKneeAng", "point_6"}));
  EXPECT_EQ(reader->description().is_marker, (std::vector<bool>{true, true, true, true, false, true}));
  EXPECT_EQ(find(diagnostics, "C3D-015").severity, Severity::warning);
  EXPECT_EQ(find(diagnostics, "C3D-016").severity, Severity::warning);
}

/// changes bytes of a sound file and expects an error of that id that names the file
void expect_error(const std::string& id, const std::string& part, const std::string& bytes) {
  Diagnostics diagnostics;
  EXPECT_FALSE(C3dReader::open_bytes(bytes, "bad.c3d", diagnostics)) << id;
  const Diagnostic d = find(diagnostics, id);
  EXPECT_EQ(d.id, id) << list(diagnostics);
  EXPECT_EQ(d.severity, Severity::error) << list(diagnostics);
  EXPECT_EQ(d.file, "bad.c3d");
  EXPECT_NE(d.message.find(part), std::string::npos) << d.message;
  EXPECT_FALSE(d.advice.empty()) << id;
}

std::string with_bytes(std::string bytes, std::size_t at, const std::string& change) {
  return bytes.replace(at, change.size(), change);
}

/// a file with another value of one parameter
std::string with_parameter(C3dTestFile changed, C3dTestFile::Parameter parameter) {
  // the file's own parameter of that name gets another one
  const std::string name = parameter.name, group = parameter.group;
  changed.more.push_back(std::move(parameter));
  std::string bytes = make_file(changed, 1);
  std::size_t at = bytes.find(name, bytes.find(group, 512));
  while (bytes[at - 1] == '_') at = bytes.find(name, at + 1);
  bytes[at] = '_';
  return bytes;
}

TEST(C3dReader, a_header_that_lies_is_an_error_with_id_and_byte) {
  C3dTestFile file;
  const std::string good = make_file(file, 1);
  const auto zero = std::string(2, '\0');
  expect_error("C3D-003", "0 bytes", "");
  expect_error("C3D-003", "byte 1 is 81", with_bytes(good, 1, "\x51"));
  expect_error("C3D-004", "block 0", with_bytes(good, 0, std::string(1, '\0')));
  expect_error("C3D-004", "block 200", with_bytes(good, 0, "\xc8"));
  expect_error("C3D-005", "byte 515", with_bytes(good, 515, "\x57"));
  expect_error("C3D-006", "byte 516", with_bytes(good, 516, "\x7f"));
  // the data pointer is both in the header and, here, in a parameter
  expect_error("C3D-009", "block 0", with_bytes(good, 16, zero));
  expect_error("C3D-009", "block 1;", with_bytes(good, 16, std::string("\x01\x00", 2)));
  expect_error("C3D-009", "block 65535", with_bytes(good, 16, "\xff\xff"));
  expect_error("C3D-008", "POINT:RATE is -5", with_parameter(file, {"POINT", "RATE", 4, {}, {-5}, {}}));
  expect_error("C3D-008", "POINT:SCALE is nan", with_parameter(file, {"POINT", "SCALE", 4, {}, {NAN}, {}}));
  expect_error("C3D-008", "POINT:USED is 2.5", with_parameter(file, {"POINT", "USED", 4, {}, {2.5}, {}}));
  expect_error("C3D-013", "furlongs", with_parameter(file, {"POINT", "UNITS", -1, {8}, {}, {"furlongs"}}));
  // counts that the file has no room for
  expect_error("C3D-010", "1000 frames", [&] {
    C3dTestFile longer = file;
    longer.frame_count = 1000;
    return longer.make_head() + std::string(200, '\1');
  }());
  expect_error("C3D-010", "room for 0", [&] {
    C3dTestFile wider = file;
    wider.points.assign(60000, "");
    return wider.make_head() + std::string(200, '\1');
  }());
  C3dTestFile empty = file;
  empty.points.clear();
  empty.channels.clear();
  expect_error("C3D-012", "neither points nor analog", empty.make_head() + std::string(512, '\0'));
  C3dTestFile no_frames = file;
  no_frames.frame_count = 0;
  expect_error("C3D-012", "POINT:FRAMES", no_frames.make_head() + std::string(512, '\0'));
}

TEST(C3dReader, where_header_and_parameters_differ_the_one_that_fills_the_file_is_taken) {
  C3dTestFile file;
  file.frame_count = 50;
  std::string bytes = make_file(file, 1);
  // a header with a wrong number of points and a wrong last frame
  bytes = with_bytes(with_bytes(bytes, 2, std::string("\x09\x00", 2)), 8, std::string("\x07\x00", 2));
  Diagnostics diagnostics;
  auto reader = C3dReader::open_bytes(bytes, "differ.c3d", diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  EXPECT_EQ(reader->description().point_count, 3u);
  EXPECT_EQ(reader->description().frame_count, 50u);
  EXPECT_EQ(find(diagnostics, "C3D-007").severity, Severity::warning);
}

TEST(C3dReader, what_is_left_unsaid_or_left_over_is_a_warning_and_the_frames_are_read) {
  const auto expect_warning = [](const std::string& id, const std::string& part, const std::string& bytes) {
    Diagnostics diagnostics;
    auto reader = C3dReader::open_bytes(bytes, "odd.c3d", diagnostics);
    ASSERT_TRUE(reader) << id << list(diagnostics);
    EXPECT_EQ(find(diagnostics, id).severity, Severity::warning) << id << list(diagnostics);
    EXPECT_NE(find(diagnostics, id).message.find(part), std::string::npos) << list(diagnostics);
    EXPECT_EQ(read_all(*reader, diagnostics).frame_count, 2u);
    EXPECT_FALSE(diagnostics.has_errors());
  };
  C3dTestFile file;
  expect_warning("C3D-011", "room for 16 more", make_file(file, 1) + std::string(16 * 64, '\0'));
  C3dTestFile without_unit = file;
  without_unit.point_unit = "  ";
  expect_warning("C3D-014", "POINT:UNITS", make_file(without_unit, 1));
  C3dTestFile without_scale = file;
  without_scale.channel_scales = {2};
  expect_warning("C3D-018", "ANALOG:SCALE has 1", make_file(without_scale, 1));
  std::string other_rate = make_file(file, 1);
  // the second RATE is that of the channels; its value stands behind name, distance, type and count of dimensions
  const std::size_t at = other_rate.find("RATE", other_rate.find("RATE", 512) + 1);
  expect_warning("C3D-007", "ANALOG:RATE is 150", with_bytes(other_rate, at + 8, file.bytes_of_float(150)));
  // what is wrong with channels does not touch the points
  const auto infinity = std::numeric_limits<double>::infinity();
  expect_warning("C3D-008", "GEN_SCALE", with_parameter(file, {"ANALOG", "GEN_SCALE", 4, {}, {0}, {}}));
  expect_warning("C3D-008", "1 of 2", with_parameter(file, {"ANALOG", "SCALE", 4, {2}, {infinity, 1}, {}}));
  expect_warning("C3D-008", "ANALOG:USED is 2.5", with_parameter(file, {"ANALOG", "USED", 4, {}, {2.5}, {}}));
  expect_warning("C3D-008", "no multiple", with_bytes(make_file(file, 1), 18, std::string("\x03\x00", 2)));
  C3dTestFile other_start = file;
  other_start.more.push_back({"POINT", "DATA_START", 2, {}, {900}, {}});
  expect_warning("C3D-007", "in block 900", make_file(other_start, 1));
}

TEST(C3dReader, missing_files_and_folders_are_errors) {
  Diagnostics diagnostics;
  EXPECT_FALSE(C3dReader::open("no/such/file.c3d", diagnostics));
  EXPECT_FALSE(C3dReader::open(std::filesystem::temp_directory_path(), diagnostics));
  EXPECT_EQ(find(diagnostics, "C3D-001").file, "no/such/file.c3d");
  EXPECT_EQ(find(diagnostics, "C3D-002").severity, Severity::error);
}

// a file cut short anywhere has lost frames or parameters, and the user must hear of it
TEST(C3dReader, a_file_cut_short_at_any_byte_is_an_error) {
  C3dTestFile file;
  file.frame_count = 3;
  const std::string good = make_file(file, 1);
  for (std::size_t size = 0; size < good.size(); ++size) {
    Diagnostics diagnostics;
    EXPECT_FALSE(C3dReader::open_bytes(good.substr(0, size), "cut.c3d", diagnostics)) << size;
    EXPECT_TRUE(diagnostics.has_errors()) << size;
  }
}

TEST(C3dReader, any_damaged_byte_ends_in_frames_or_in_an_error) {
  C3dTestFile file;
  const std::string good = make_file(file, 1);
  std::mt19937 random(7);
  for (int trial = 0; trial < 20000; ++trial) {
    std::string bytes = good;
    for (int change = 0; change < 1 + trial % 4; ++change)
      bytes[random() % (good.size() - 64)] = static_cast<char>(random());
    Diagnostics diagnostics;
    auto reader = C3dReader::open_bytes(bytes, "damaged.c3d", diagnostics);
    ASSERT_EQ(reader.has_value(), !diagnostics.has_errors()) << trial << "\n" << list(diagnostics);
    if (!reader) continue;
    const C3dBlock all = read_all(*reader, diagnostics);
    EXPECT_EQ(all.frame_count, reader->description().frame_count);
  }
}

/// resident memory of this process, in MB
double find_resident_mb() {
  std::ifstream status("/proc/self/statm");
  double total = 0, resident = 0;
  status >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576.0;
}

// memory is looked at after every block: a reader that kept the file would grow by as much
TEST(C3dReader, a_large_file_streams_in_bounded_memory) {
  const bool is_big = std::getenv("BUTTRESS_BIG") != nullptr;
  const std::uint64_t wanted_bytes = is_big ? 1'000'000'000 : 100'000'000;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("buttress_big_" + std::to_string(getpid()) + ".c3d");
  C3dTestFile file;
  file.points.clear();
  for (int i = 0; i < 100; ++i) file.points.push_back("M" + std::to_string(i));
  file.channels.assign(30, "");
  file.channel_units.assign(30, "V");
  file.channel_scales.assign(30, 0.5);
  file.channel_offsets.assign(30, 0);
  file.samples_per_frame = 10;
  const std::size_t frame_bytes = 4 * (4 * 100 + 30 * 10);
  file.frame_count = wanted_bytes / frame_bytes;
  file.with_long_frames = true;
  {
    std::ofstream out(path, std::ios::binary);
    out << file.make_head();
    std::vector<double> positions(300, 1), analogs(300);
    for (std::size_t i = 0; i < analogs.size(); ++i) analogs[i] = static_cast<double>(i);
    std::string frame = file.make_frame(positions, analogs);
    for (std::uint64_t i = 0; i < file.frame_count; ++i) {
      // the number of the frame stands in the first coordinate
      frame.replace(0, 4, file.bytes_of_float(static_cast<double>(i + 1)));
      out << frame;
    }
    ASSERT_TRUE(out.good());
  }
  Diagnostics diagnostics;
  const auto start = std::chrono::steady_clock::now();
  auto reader = C3dReader::open(path.string(), diagnostics);
  ASSERT_TRUE(reader) << list(diagnostics);
  const double before = find_resident_mb();
  double most = before, analog_sum = 0;
  std::size_t frames = 0;
  C3dBlock block;
  while (reader->read_block(block, diagnostics)) {
    for (std::size_t i = 0; i < block.frame_count; ++i) {
      ASSERT_DOUBLE_EQ(block.positions[i * 300], static_cast<double>(++frames) * 1e-3);
      for (std::size_t c = 0; c < 300; ++c) analog_sum += block.analogs[i * 300 + c];
    }
    most = std::max(most, find_resident_mb());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::filesystem::remove(path);
  EXPECT_EQ(frames, file.frame_count);
  EXPECT_DOUBLE_EQ(analog_sum, static_cast<double>(frames) * 0.5 * 299 * 150);
  EXPECT_LT(most - before, 20) << "MB";
  RecordProperty("seconds", std::to_string(seconds));
  RecordProperty("most_mb", std::to_string(most - before));
  if (is_big)
    std::printf("%.0f MB in %.2f s, %.1f MB of memory\n", static_cast<double>(frames * frame_bytes) * 1e-6, seconds,
                most - before);
}

}  // namespace
}  // namespace buttress
