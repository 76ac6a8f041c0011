#include "io/c3d_description.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "base/decimal.h"

namespace buttress {

namespace {

constexpr std::uint64_t kBlockBytes = 512;

/// integers of C3D are stored with a sign and meant without
std::size_t as_word(double number) {
  return static_cast<std::size_t>(number < 0 ? number + 65536 : number);
}

std::string in_text(double number) {
  return format_decimal(number, 9);
}

std::string in_capitals(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

/// Works through header and parameters; collects what is wrong.
class DescriptionMaker {
 public:
  DescriptionMaker(const C3dHeader& header, std::uint64_t parameter_byte, std::uint64_t file_bytes,
                   C3dDescription& description, Diagnostics& diagnostics)
      : header_(header),
        parameter_byte_(parameter_byte),
        file_bytes_(file_bytes),
        d_(description),
        diagnostics_(diagnostics) {}

  void make() {
    find_data();
    find_rates_and_scale();
    if (has_failed_) return;
    find_layout();
    if (has_failed_) return;
    find_points();
    find_channels();
    find_events();
  }

 private:
  struct Layout {
    std::size_t points = 0, analogs = 0;
    friend bool operator==(const Layout& a, const Layout& b) { return a.points == b.points && a.analogs == b.analogs; }
  };
  struct FrameCount {
    std::uint64_t count = 0;
    std::string source;
  };

  void fail(const char* id, std::string message, std::string advice) {
    has_failed_ = true;
    diagnostics_.error(id, d_.file, 0, std::move(message), std::move(advice));
  }
  void warn(const char* id, std::string message, std::string advice = {}) {
    diagnostics_.warning(id, d_.file, 0, std::move(message), std::move(advice));
  }
  const C3dParameter* find(const char* group, const char* name) const {
    return find_c3d_parameter(d_.parameters, group, name);
  }
  /// the first number of a parameter, if it has one
  std::optional<double> find_number(const char* group, const char* name) const {
    const C3dParameter* const parameter = find(group, name);
    if (!parameter || parameter->numbers.empty()) return std::nullopt;
    return parameter->numbers.front();
  }
  /// "byte 1034: POINT:RATE"
  std::string place(const char* group, const char* name) const {
    const C3dParameter* const parameter = find(group, name);
    return (parameter ? "byte " + std::to_string(parameter->byte) + ": " : "") + group + ":" + name;
  }
  /// A 16-bit count; floats with a fraction or below zero are no counts. Of what markers do without, that is a warning.
  std::optional<std::size_t> find_count(const char* group, const char* name, bool is_needed = true) {
    const auto number = find_number(group, name);
    if (!number) return std::nullopt;
    if (!(*number >= -32768 && *number <= 65535) || *number != std::floor(*number)) {
      if (!is_needed) {
        warn("C3D-008", place(group, name) + " is " + in_text(*number) + ", no whole number from 0 to 65535",
             "It is left out of account.");
        return std::nullopt;
      }
      fail("C3D-008", place(group, name) + " is " + in_text(*number) + "; a whole number from 0 to 65535 was expected",
           "Export the file again; it may be damaged.");
      return std::nullopt;
    }
    return as_word(*number);
  }

  void find_data() {
    const auto block_of_parameter = find_count("POINT", "DATA_START");
    const auto fits = [&](std::uint64_t block) {
      return block > 0 && (block - 1) * kBlockBytes > parameter_byte_ && (block - 1) * kBlockBytes < file_bytes_;
    };
    std::uint64_t block = header_.data_block;
    if (block_of_parameter && *block_of_parameter != block) {
      const std::uint64_t header_block = block;
      if (fits(*block_of_parameter)) block = *block_of_parameter;
      if (fits(block))
        warn("C3D-007", "byte 16: the header has the data in block " + std::to_string(header_block) + ", " +
                            place("POINT", "DATA_START") + " in block " + std::to_string(*block_of_parameter) +
                            "; taken: " + std::to_string(block));
    }
    if (!fits(block)) {
      fail("C3D-009",
           "byte 16: the data section is said to begin in block " + std::to_string(block) +
               "; the parameters begin in " + std::to_string(parameter_byte_ / kBlockBytes + 1) +
               " and the file ends in " + std::to_string((file_bytes_ + kBlockBytes - 1) / kBlockBytes),
           "Export the file again; it may be cut short or damaged.");
      return;
    }
    d_.data_byte = (block - 1) * kBlockBytes;
  }

  void find_rates_and_scale() {
    d_.rate_hz = find_number("POINT", "RATE").value_or(header_.rate_hz);
    // some programs fill only one of both
    if (d_.rate_hz == 0) d_.rate_hz = header_.rate_hz;
    if (!(d_.rate_hz > 0) || !(d_.rate_hz < 1e7))
      fail("C3D-008", place("POINT", "RATE") + " is " + in_text(d_.rate_hz) + "; frames per second were expected",
           "Correct the rate in the program that wrote the file.");
    double scale = find_number("POINT", "SCALE").value_or(header_.scale);
    if (scale == 0) scale = header_.scale;
    // a negative scale says that the data are floats
    d_.is_float = scale < 0;
    d_.point_scale = std::abs(scale);
    if (!std::isfinite(scale) || scale == 0)
      fail("C3D-008",
           place("POINT", "SCALE") + " is " + in_text(scale) +
               "; a number above zero (integers) or below zero (floats) was expected",
           "Export the file again; it may be damaged.");
  }

  /// how many frames the file may have, the most trustworthy word first
  std::vector<FrameCount> find_frame_counts() {
    std::vector<FrameCount> counts;
    const auto field = [&](const char* name) -> std::optional<std::uint64_t> {
      const C3dParameter* const p = find("TRIAL", name);
      if (!p || p->numbers.size() < 2) return std::nullopt;
      // two words, the low one first
      for (double number : p->numbers)
        if (!(number >= -32768 && number <= 65535) || number != std::floor(number)) return std::nullopt;
      return as_word(p->numbers[0]) + 65536ull * as_word(p->numbers[1]);
    };
    const auto first = field("ACTUAL_START_FIELD"), last = field("ACTUAL_END_FIELD");
    d_.first_frame = header_.first_frame;
    if (first && last && *first >= 1 && *last >= *first) {
      counts.push_back({*last - *first + 1, place("TRIAL", "ACTUAL_END_FIELD")});
      d_.first_frame = static_cast<std::int64_t>(*first);
    }
    const auto add = [&](double number, const std::string& source) {
      if (number >= 1 && number <= 1e15 && number == std::floor(number))
        counts.push_back({static_cast<std::uint64_t>(number), source});
    };
    if (const auto frames = find_number("POINT", "LONG_FRAMES")) add(*frames, place("POINT", "LONG_FRAMES"));
    if (const auto frames = find_number("POINT", "FRAMES"))
      add(*frames < 0 ? *frames + 65536 : *frames, place("POINT", "FRAMES"));
    if (header_.last_frame >= header_.first_frame && header_.last_frame > 0)
      add(static_cast<double>(header_.last_frame - header_.first_frame + 1), "byte 6: the header");
    return counts;
  }

  std::uint64_t calc_frame_bytes(const Layout& layout) const {
    return (static_cast<std::uint64_t>(layout.points) * 4 + layout.analogs) * (d_.is_float ? 4 : 2);
  }

  /// Points, channels, samples and frames. Where header and parameters differ, that pair wins which fills the file to
  /// its last block; if none does, the parameters.
  void find_layout() {
    const auto points = find_count("POINT", "USED"), channels = find_count("ANALOG", "USED", false);
    if (has_failed_) return;
    std::size_t samples = header_.samples_per_frame;
    const auto analog_rate = find_number("ANALOG", "RATE");
    if (samples == 0 && channels.value_or(0) > 0 && analog_rate) {
      const double ratio = std::round(*analog_rate / d_.rate_hz);
      if (ratio >= 1 && ratio <= 65535) samples = static_cast<std::size_t>(ratio);
    }
    const Layout of_header{header_.point_count, header_.analog_count};
    const Layout of_parameters{points.value_or(header_.point_count),
                               channels ? *channels * samples : header_.analog_count};
    const std::vector<FrameCount> counts = find_frame_counts();
    if (counts.empty()) {
      fail("C3D-012",
           "byte 6: neither the header nor POINT:FRAMES nor TRIAL:ACTUAL_END_FIELD says that there are frames",
           "Export the file again with its data.");
      return;
    }
    if (calc_frame_bytes(of_parameters) == 0 && calc_frame_bytes(of_header) == 0) {
      fail("C3D-012", "byte 2: the file has neither points nor analog channels",
           "Export the file again with its data.");
      return;
    }
    const std::uint64_t room = file_bytes_ - d_.data_byte;
    const auto fits = [&](const Layout& layout, std::uint64_t count) {
      const std::uint64_t bytes = calc_frame_bytes(layout);
      return bytes > 0 && count <= room / bytes;
    };
    const auto fills = [&](const Layout& layout, std::uint64_t count) {
      return fits(layout, count) && room - count * calc_frame_bytes(layout) < kBlockBytes;
    };
    Layout layout = calc_frame_bytes(of_parameters) > 0 ? of_parameters : of_header;
    FrameCount frames = counts.front();
    const auto choose = [&] {
      for (const Layout& candidate : {of_parameters, of_header})
        for (const FrameCount& count : counts)
          if (fills(candidate, count.count)) {
            layout = candidate;
            frames = count;
            return;
          }
    };
    choose();
    const std::uint64_t bytes = calc_frame_bytes(layout);
    if (!fits(layout, frames.count)) {
      fail("C3D-010",
           frames.source + " says " + std::to_string(frames.count) + " frames; at " + std::to_string(bytes) +
               " bytes each the file has room for " + std::to_string(room / bytes) + " after byte " +
               std::to_string(d_.data_byte),
           "The file was cut short, or its header is wrong: copy or export it again.");
      return;
    }
    if (!(of_parameters == of_header))
      warn("C3D-007", "byte 2: the header has " + std::to_string(of_header.points) + " points and " +
                          std::to_string(of_header.analogs) + " analog numbers per frame, the parameters " +
                          std::to_string(of_parameters.points) + " and " + std::to_string(of_parameters.analogs) +
                          "; taken: those of the " + (layout == of_parameters ? "parameters" : "header"));
    if (frames.count != counts.front().count)
      warn("C3D-007", counts.front().source + " says " + std::to_string(counts.front().count) + " frames, " +
                          frames.source + " " + std::to_string(frames.count) +
                          "; taken: " + std::to_string(frames.count) + ", which fill the file");
    const std::uint64_t left = room - frames.count * bytes;
    if (left >= std::max(bytes, kBlockBytes))
      warn("C3D-011",
           frames.source + " says " + std::to_string(frames.count) + " frames; " + std::to_string(left) +
               " bytes after them are not read, room for " + std::to_string(left / bytes) + " more",
           "If frames are missing, export the file again.");
    set_layout(layout.points, layout.analogs, samples, channels, analog_rate);
    d_.frame_count = static_cast<std::size_t>(frames.count);
    d_.frame_bytes = bytes;
  }

  void set_layout(std::size_t points, std::size_t analogs, std::size_t samples, std::optional<std::size_t> channels,
                  std::optional<double> analog_rate) {
    d_.point_count = points;
    if (analogs == 0) return;
    if (samples == 0) samples = 1;
    if (analogs % samples != 0) {
      // where frames begin is known all the same, and so are the points
      warn("C3D-008",
           "byte 18: the header has " + std::to_string(samples) + " analog samples per frame, but " +
               std::to_string(analogs) + " analog numbers, which is no multiple of it",
           "The channels are left out. Export the file again if they are needed.");
      return;
    }
    d_.samples_per_frame = samples;
    d_.channel_count = analogs / samples;
    if (channels && *channels != d_.channel_count)
      warn("C3D-007", place("ANALOG", "USED") + " is " + std::to_string(*channels) +
                          "; taken: " + std::to_string(d_.channel_count));
    const double rate = d_.analog_rate_hz();
    if (analog_rate && !(std::abs(*analog_rate - rate) <= 0.001 * rate))
      warn("C3D-007", place("ANALOG", "RATE") + " is " + in_text(*analog_rate) + ", but " + std::to_string(samples) +
                          " samples per frame at " + in_text(d_.rate_hz) + " frames per second are " + in_text(rate) +
                          " per second; taken: " + in_text(rate));
  }

  /// gives names to what has none, and a name of its own to what shares one
  void mend_names(std::vector<std::string>& names, std::size_t count, const char* what, const char* place_of_labels) {
    names.resize(count);
    std::size_t unnamed = 0, repeated = 0;
    std::string example;
    // names of the file are not taken from those who come later
    const std::unordered_set<std::string> reserved(names.begin(), names.end());
    std::unordered_set<std::string> used;
    std::unordered_map<std::string, std::size_t> next_number;
    for (std::size_t i = 0; i < count; ++i) {
      std::string& name = names[i];
      if (name.empty()) {
        ++unnamed;
        name = std::string(what) + "_" + std::to_string(i + 1);
        if (!reserved.count(name) && used.insert(name).second) continue;
      } else {
        if (used.insert(name).second) continue;
        if (repeated++ == 0) example = name;
      }
      const std::string stem = name;
      std::size_t& number = next_number.emplace(stem, 2).first->second;
      do name = stem + "_" + std::to_string(number++);
      while (reserved.count(name) || !used.insert(name).second);
    }
    if (unnamed > 0)
      warn("C3D-015", std::string(place_of_labels) + " names " + std::to_string(count - unnamed) + " of " +
                          std::to_string(count) + "; the others are called " + what + "_1, " + what +
                          "_2, ... by their place");
    if (repeated > 0)
      warn("C3D-016",
           std::string(place_of_labels) + ": " + std::to_string(repeated) + " name(s) stand more than once, \"" +
               example + "\" is one",
           "The later ones get _2, _3, ... at their end.");
  }

  void find_points() {
    d_.point_names = find_c3d_texts(d_.parameters, "POINT", "LABELS");
    mend_names(d_.point_names, d_.point_count, "point", "POINT:LABELS");
    // results of Vicon's models stand among the points; POINT:ANGLES and so on name them
    std::unordered_set<std::string> results;
    for (const char* kind : {"ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS"})
      for (const std::string& name : find_c3d_texts(d_.parameters, "POINT", kind)) results.insert(name);
    d_.is_marker.resize(d_.point_count);
    for (std::size_t i = 0; i < d_.point_count; ++i) d_.is_marker[i] = !results.count(d_.point_names[i]);
    const auto units = find_c3d_texts(d_.parameters, "POINT", "UNITS");
    d_.point_unit = units.empty() ? "" : units.front();
    if (d_.point_unit.empty()) {
      if (d_.point_count > 0)
        warn("C3D-014", "POINT:UNITS does not say the unit of the points; millimetres are assumed");
      d_.point_unit = "mm";
    }
    const auto metres = find_metres_per_unit(d_.point_unit);
    if (!metres)
      fail("C3D-013", place("POINT", "UNITS") + " is \"" + d_.point_unit + "\"; mm, cm, dm, m, in or ft was expected",
           "Export the points in millimetres.");
    d_.point_unit_m = metres.value_or(1e-3);
  }

  void find_channels() {
    const std::size_t count = d_.channel_count;
    if (count == 0) return;
    auto names = find_c3d_texts(d_.parameters, "ANALOG", "LABELS");
    mend_names(names, count, "channel", "ANALOG:LABELS");
    const auto units = find_c3d_texts(d_.parameters, "ANALOG", "UNITS");
    const auto scales = find_c3d_numbers(d_.parameters, "ANALOG", "SCALE");
    const auto offsets = find_c3d_numbers(d_.parameters, "ANALOG", "OFFSET");
    const auto formats = find_c3d_texts(d_.parameters, "ANALOG", "FORMAT");
    d_.analog_is_unsigned = !formats.empty() && in_capitals(formats.front()) == "UNSIGNED";
    const double general = find_number("ANALOG", "GEN_SCALE").value_or(1.0);
    if (scales.size() < count || offsets.size() < count)
      warn("C3D-018", "ANALOG:SCALE has " + std::to_string(scales.size()) + " and ANALOG:OFFSET " +
                          std::to_string(offsets.size()) + " numbers for " + std::to_string(count) +
                          " channels; a missing scale is taken as 1, a missing offset as 0");
    std::size_t unusable = 0;
    std::string first_unusable;
    for (std::size_t i = 0; i < count; ++i) {
      C3dChannel channel;
      channel.name = std::move(names[i]);
      if (i < units.size()) channel.unit = units[i];
      channel.scale = general * (i < scales.size() ? scales[i] : 1.0);
      channel.offset = i < offsets.size() ? offsets[i] : 0.0;
      if (d_.analog_is_unsigned && channel.offset < 0) channel.offset += 65536;
      if (!std::isfinite(channel.scale) || !std::isfinite(channel.offset) || general == 0) {
        if (unusable++ == 0)
          first_unusable = place("ANALOG", general == 0 || !std::isfinite(general) ? "GEN_SCALE" : "SCALE") +
                           ", channel \"" + channel.name + "\": scale " + in_text(channel.scale) + ", offset " +
                           in_text(channel.offset);
        channel.scale = std::numeric_limits<double>::quiet_NaN();
      }
      d_.channels.push_back(std::move(channel));
    }
    if (unusable > 0)
      warn("C3D-008",
           first_unusable + "; finite numbers, and a general scale other than zero, were expected (channels without: " +
               std::to_string(unusable) + " of " + std::to_string(count) + ")",
           "What such channels hold is not known. Correct the scale in the program that wrote the file.");
  }

  void find_events() {
    const auto used = find_number("EVENT", "USED");
    const auto times = find_c3d_numbers(d_.parameters, "EVENT", "TIMES");
    const auto labels = find_c3d_texts(d_.parameters, "EVENT", "LABELS");
    const auto contexts = find_c3d_texts(d_.parameters, "EVENT", "CONTEXTS");
    if (!used || !(*used > 0)) return;
    const double count = std::min(*used, 65535.0);
    const double start = static_cast<double>(d_.first_frame - 1) / d_.rate_hz;
    std::size_t missing = 0;
    for (std::size_t i = 0; static_cast<double>(i) < count; ++i) {
      // minutes and seconds from the start of the recording
      const double time =
          2 * i + 1 < times.size() ? 60 * times[2 * i] + times[2 * i + 1] : std::numeric_limits<double>::quiet_NaN();
      if (!std::isfinite(time)) {
        ++missing;
        continue;
      }
      d_.events.push_back({i < labels.size() ? labels[i] : "", i < contexts.size() ? contexts[i] : "", time - start});
    }
    if (missing > 0)
      warn("C3D-019", place("EVENT", "USED") + " is " + in_text(*used) + ", but " + std::to_string(missing) +
                          " of these events have no time in EVENT:TIMES; they are left out");
  }

  const C3dHeader& header_;
  const std::uint64_t parameter_byte_, file_bytes_;
  C3dDescription& d_;
  Diagnostics& diagnostics_;
  bool has_failed_ = false;
};

}  // namespace

std::optional<double> find_metres_per_unit(const std::string& unit) {
  static constexpr std::array<std::pair<const char*, double>, 10> kUnits{{{"MM", 1e-3},
                                                                          {"CM", 1e-2},
                                                                          {"DM", 1e-1},
                                                                          {"M", 1.0},
                                                                          {"METERS", 1.0},
                                                                          {"METRES", 1.0},
                                                                          {"MILLIMETERS", 1e-3},
                                                                          {"MILLIMETRES", 1e-3},
                                                                          {"IN", 0.0254},
                                                                          {"FT", 0.3048}}};
  const std::string wanted = in_capitals(unit);
  for (const auto& [name, metres] : kUnits)
    if (wanted == name) return metres;
  return std::nullopt;
}

C3dHeader decode_c3d_header(const unsigned char* bytes, C3dProcessor processor) {
  const auto word = [&](int number) { return decode_c3d_word(bytes + 2 * (number - 1), processor); };
  C3dHeader header;
  header.point_count = word(2);
  header.analog_count = word(3);
  header.first_frame = word(4);
  header.last_frame = word(5);
  header.scale = decode_c3d_float(bytes + 12, processor);
  header.data_block = word(9);
  header.samples_per_frame = word(10);
  header.rate_hz = decode_c3d_float(bytes + 20, processor);
  return header;
}

std::optional<C3dDescription> make_c3d_description(const C3dHeader& header, C3dProcessor processor,
                                                   std::vector<C3dParameter> parameters, std::uint64_t parameter_byte,
                                                   std::uint64_t file_bytes, const std::string& file,
                                                   Diagnostics& diagnostics) {
  C3dDescription description;
  description.file = file;
  description.processor = processor;
  description.parameters = std::move(parameters);
  Diagnostics found;
  DescriptionMaker(header, parameter_byte, file_bytes, description, found).make();
  for (const Diagnostic& item : found.items()) diagnostics.add(item);
  if (found.has_errors()) return std::nullopt;
  return description;
}

}  // namespace buttress
