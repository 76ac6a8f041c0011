#pragma once
#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/c3d_numbers.h"
#include "io/c3d_parameters.h"

/// Reads C3D files (points, analog channels, events) of Intel, DEC and MIPS processors, as integers or floats, block by
/// block in bounded memory. c3d_trial.h reads a whole file, c3d_plates.h makes forces of its force plates.
/// Source: The C3D File Format User Guide (Motion Lab Systems, 2008, and c3d.org).
///
/// Messages name the byte of the file they speak of. Ids of this header:
///   C3D-001  the file does not exist, or cannot be read
///   C3D-002  the path is a folder
///   C3D-003  the file is too short for a C3D header, or its second byte is not 80
///   C3D-004  the header's pointer to the parameter section is zero or points outside the file
///   C3D-005  the processor type is not Intel (84), DEC (85) or MIPS (86)
///   C3D-006  a parameter record is damaged
///   C3D-007  header and parameters disagree (warning; the message says which is taken)
///   C3D-008  a count, rate or scale is negative, zero or no number where it cannot be (of analog channels a warning:
///   points do without them)
///   C3D-009  the pointer to the data section is zero, or points outside the file or into the parameters
///   C3D-010  the file is shorter than its frames need
///   C3D-011  the file is longer than its frames need, by a frame or more (warning)
///   C3D-012  there are no frames, or neither points nor channels
///   C3D-013  the unit of the points is not a length
///   C3D-014  the unit of the points is not stated (warning: mm)
///   C3D-015  points or channels without a name (warning: numbered)
///   C3D-016  a name stands more than once (warning: the later ones get _2, _3, ...)
///   C3D-017  the file could not be read to its end
///   C3D-018  channels without scale or offset (warning: 1 and 0)
///   C3D-019  an event has no time (warning: left out)
namespace buttress {

struct C3dChannel {
  std::string name;
  std::string unit;  ///< as the file says: "N", "Nmm", "V"
  double scale = 1;  ///< value in `unit` = (number in the file - offset) * scale; ANALOG:GEN_SCALE is in it
  double offset = 0;
};

struct C3dEvent {
  std::string label;    ///< "Foot Strike"
  std::string context;  ///< "Left", "Right", "General"
  double time = 0;      ///< s after the first frame of the file; negative: before it
};

/// What header and parameters say, checked against one another and against the size of the file.
struct C3dDescription {
  std::string file;
  C3dProcessor processor = C3dProcessor::intel;
  bool is_float = false;            ///< data are floats; else 16-bit integers
  bool analog_is_unsigned = false;  ///< integer channels run from 0 to 65535
  std::size_t point_count = 0;
  std::size_t channel_count = 0;
  std::size_t samples_per_frame = 0;  ///< analog samples of each channel per frame
  std::size_t frame_count = 0;
  std::int64_t first_frame = 1;          ///< number of the first frame in the recording it was cut from
  double rate_hz = 0;                    ///< frames per second
  double point_scale = 1;                ///< integer coordinate times this is in point_unit
  std::string point_unit;                ///< as the file says
  double point_unit_m = 1e-3;            ///< m per point_unit
  std::vector<std::string> point_names;  ///< [points], all different
  std::vector<bool> is_marker;           ///< [points] false: an angle, force, moment, power or other result
  std::vector<C3dChannel> channels;      ///< [channels]
  std::vector<C3dEvent> events;
  std::vector<C3dParameter> parameters;
  std::uint64_t data_byte = 0;    ///< where the first frame begins
  std::uint64_t frame_bytes = 0;  ///< size of a frame

  double analog_rate_hz() const { return rate_hz * static_cast<double>(samples_per_frame); }
};

/// Frames that follow one another.
struct C3dBlock {
  std::size_t first_frame = 0;  ///< 0-based, within the file
  std::size_t frame_count = 0;
  /// [frames x points x 3] m in lab axes; NaN = gap: the residual is negative, or all three coordinates are exactly
  /// zero (as in OpenSim), or one is not finite. Points that are no markers keep the file's own unit.
  std::vector<double> positions;
  /// [frames x samples_per_frame x channels], each in its own unit
  std::vector<double> analogs;
};

/// An open C3D file. Memory: the parameters (at most 2 MB in the file), one buffer and the caller's block, which hold
/// one frame, or about 1 MB of the file if a frame is smaller.
class C3dReader {
 public:
  /// Opens a file and reads header and parameters; nothing when there is an error.
  static std::optional<C3dReader> open(const std::string& path, Diagnostics& diagnostics);
  /// the same from bytes in memory; `file_name` stands in messages
  static std::optional<C3dReader> open_bytes(std::string bytes, const std::string& file_name, Diagnostics& diagnostics);

  const C3dDescription& description() const { return description_; }
  /// The next frames; false at the end, or with C3D-017 when reading fails. Reuse of `block` saves allocations.
  bool read_block(C3dBlock& block, Diagnostics& diagnostics);

 private:
  C3dReader() = default;
  static std::optional<C3dReader> open_stream(std::unique_ptr<std::istream> stream, const std::string& file_name,
                                              Diagnostics& diagnostics);

  std::unique_ptr<std::istream> stream_;
  C3dDescription description_;
  std::vector<unsigned char> buffer_;
  std::size_t next_frame_ = 0;
};

}  // namespace buttress
