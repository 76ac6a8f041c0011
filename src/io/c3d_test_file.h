#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "io/c3d_numbers.h"

/// For tests only: writes C3D files of any kind, after the format's guide and without the reader's code.
namespace buttress {

class C3dTestFile {
 public:
  C3dProcessor processor = C3dProcessor::intel;
  bool is_float = true;
  double scale = 0.1;  ///< of integer points; its negative tells of floats
  double rate_hz = 100;
  std::uint64_t first_frame = 1, frame_count = 2;
  std::size_t samples_per_frame = 2;
  std::vector<std::string> points{"LASI", "RASI", "SACR"}, channels{"Fx", "Fy"};
  std::string point_unit = "mm";
  std::vector<std::string> channel_units{"N", "N"};
  std::vector<double> channel_scales{1, 1}, channel_offsets{0, 0};
  double general_scale = 1;
  bool is_unsigned = false;
  bool with_long_frames = false;  ///< writes TRIAL:ACTUAL_START_FIELD and ACTUAL_END_FIELD

  struct Parameter {
    std::string group, name;
    int type = 2;  ///< -1 text, 1 and 2 integers, 4 floats
    std::vector<int> dimensions;
    std::vector<double> numbers;
    std::vector<std::string> texts;  ///< rows, as long as the first dimension
  };
  std::vector<Parameter> more;  ///< further parameters

  std::string bytes_of_word(std::uint64_t value) const {
    const char low = static_cast<char>(value & 0xff), high = static_cast<char>(value >> 8 & 0xff);
    return processor == C3dProcessor::mips ? std::string{high, low} : std::string{low, high};
  }
  std::string bytes_of_integer(double value) const {
    return bytes_of_word(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)) & 0xffff);
  }
  std::string bytes_of_float(double value) const {
    if (processor == C3dProcessor::dec) {
      if (value == 0) return std::string(4, '\0');
      int exponent = 0;
      const double fraction = std::frexp(std::abs(value), &exponent);
      const auto mantissa = static_cast<std::uint64_t>(std::lround(fraction * 0x1p24)) & 0x7fffff;
      const auto high = (value < 0 ? 0x8000u : 0u) | static_cast<std::uint64_t>(exponent + 128) << 7 | mantissa >> 16;
      return bytes_of_word(high) + bytes_of_word(mantissa & 0xffff);
    }
    const float narrow = static_cast<float>(value);
    std::uint32_t bits = 0;
    std::memcpy(&bits, &narrow, 4);
    std::string bytes;
    for (int i = 0; i < 4; ++i)
      bytes += static_cast<char>(bits >> 8 * (processor == C3dProcessor::mips ? 3 - i : i) & 0xff);
    return bytes;
  }
  std::string bytes_of_number(double value) const { return is_float ? bytes_of_float(value) : bytes_of_integer(value); }

  /// One frame. @param positions [points x 3] numbers as they stand in the file; NaN: a gap
  /// @param analogs [samples_per_frame x channels] numbers as they stand in the file
  std::string make_frame(const std::vector<double>& positions, const std::vector<double>& analogs) const {
    std::string bytes;
    for (std::size_t point = 0; point < points.size(); ++point) {
      const bool is_gap = std::isnan(positions[3 * point]);
      for (std::size_t i = 0; i < 3; ++i) bytes += bytes_of_number(is_gap ? 12.0 : positions[3 * point + i]);
      bytes += bytes_of_number(is_gap ? -1.0 : 258.0);
    }
    for (double value : analogs) bytes += bytes_of_number(value);
    return bytes;
  }

  /// Header and parameters, filled up to the block in which the data begin.
  std::string make_head() const {
    std::vector<Parameter> all{
        {"POINT", "USED", 2, {}, {static_cast<double>(points.size())}, {}},
        {"POINT", "SCALE", 4, {}, {is_float ? -scale : scale}, {}},
        {"POINT", "RATE", 4, {}, {rate_hz}, {}},
        {"POINT", "FRAMES", 2, {}, {static_cast<double>(std::min<std::uint64_t>(65535, frame_count))}, {}},
        {"POINT", "UNITS", -1, {static_cast<int>(point_unit.size()), 1}, {}, {point_unit}},
        {"ANALOG", "USED", 2, {}, {static_cast<double>(channels.size())}, {}},
        {"ANALOG", "RATE", 4, {}, {rate_hz * static_cast<double>(samples_per_frame)}, {}},
        {"ANALOG", "GEN_SCALE", 4, {}, {general_scale}, {}},
        {"ANALOG", "FORMAT", -1, {8}, {}, {is_unsigned ? "UNSIGNED" : "SIGNED  "}}};
    std::size_t longest = 8;
    for (const std::string& name : points) longest = std::max(longest, name.size());
    add_texts(all, "POINT", "LABELS", points, longest);
    add_texts(all, "ANALOG", "LABELS", channels, 8);
    add_texts(all, "ANALOG", "UNITS", channel_units, 4);
    add_numbers(all, "ANALOG", "SCALE", 4, channel_scales);
    add_numbers(all, "ANALOG", "OFFSET", 2, channel_offsets);
    const std::uint64_t last = first_frame + frame_count - 1;
    if (with_long_frames) {
      const auto field = [&](const char* name, std::uint64_t frame) {
        all.push_back(
            {"TRIAL", name, 2, {2}, {static_cast<double>(frame & 0xffff), static_cast<double>(frame >> 16)}, {}});
      };
      field("ACTUAL_START_FIELD", first_frame);
      field("ACTUAL_END_FIELD", last);
    }
    all.insert(all.end(), more.begin(), more.end());

    std::vector<std::string> groups;
    std::string records;
    for (const Parameter& parameter : all) {
      std::size_t group = 0;
      while (group < groups.size() && groups[group] != parameter.group) ++group;
      if (group == groups.size()) {
        groups.push_back(parameter.group);
        records += make_record(parameter.group, -static_cast<int>(group) - 1, std::string(1, '\0'));
      }
      std::string content{static_cast<char>(parameter.type), static_cast<char>(parameter.dimensions.size())};
      for (int dimension : parameter.dimensions) content += static_cast<char>(dimension);
      for (double number : parameter.numbers)
        content += parameter.type == 4   ? bytes_of_float(number)
                   : parameter.type == 2 ? bytes_of_integer(number)
                                         : std::string(1, static_cast<char>(static_cast<int>(number)));
      for (const std::string& text : parameter.texts) content += text;
      // the length of a description, which is empty
      records += make_record(parameter.name, static_cast<int>(group) + 1, content + '\0');
    }
    records += std::string(2, '\0');
    const std::size_t blocks = (4 + records.size() + 511) / 512;
    records = std::string{1, 80, static_cast<char>(std::min<std::size_t>(255, blocks)), static_cast<char>(processor)} +
              records;
    records.resize(blocks * 512, '\0');

    std::string header{2, 80};
    header += bytes_of_word(points.size()) + bytes_of_word(channels.size() * samples_per_frame);
    header += bytes_of_word(std::min<std::uint64_t>(65535, first_frame)) +
              bytes_of_word(std::min<std::uint64_t>(65535, last));
    header += bytes_of_word(10) + bytes_of_float(is_float ? -scale : scale);
    header += bytes_of_word(2 + blocks) + bytes_of_word(samples_per_frame) + bytes_of_float(rate_hz);
    header.resize(512, '\0');
    return header + records;
  }

 private:
  std::string make_record(const std::string& name, int id, const std::string& content) const {
    return std::string{static_cast<char>(name.size()), static_cast<char>(id)} + name +
           bytes_of_word(content.size() + 2) + content;
  }
  /// at most 255 rows go into one parameter
  static void add_texts(std::vector<Parameter>& all, const std::string& group, const std::string& name,
                        const std::vector<std::string>& texts, std::size_t length) {
    for (std::size_t start = 0, part = 1; start < texts.size(); start += 255, ++part) {
      Parameter parameter{group, part == 1 ? name : name + std::to_string(part), -1, {}, {}, {}};
      for (std::size_t i = start; i < std::min(texts.size(), start + 255); ++i) {
        parameter.texts.push_back(texts[i]);
        parameter.texts.back().resize(length, ' ');
      }
      parameter.dimensions = {static_cast<int>(length), static_cast<int>(parameter.texts.size())};
      all.push_back(parameter);
    }
  }
  static void add_numbers(std::vector<Parameter>& all, const std::string& group, const std::string& name, int type,
                          const std::vector<double>& numbers) {
    for (std::size_t start = 0, part = 1; start < numbers.size(); start += 255, ++part) {
      const std::size_t end = std::min(numbers.size(), start + 255);
      Parameter parameter{
          group, part == 1 ? name : name + std::to_string(part), type, {static_cast<int>(end - start)}, {}, {}};
      for (std::size_t i = start; i < end; ++i) parameter.numbers.push_back(numbers[i]);
      all.push_back(parameter);
    }
  }
};

}  // namespace buttress
