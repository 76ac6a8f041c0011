#pragma once
#include <optional>

#include "io/c3d_reader.h"

/// Internal to the C3D reader: from header and parameters to a description that can be trusted.
namespace buttress {

/// The 512 bytes at the start, as numbers. Words are 16 bits, counted from 1 in the format's guide.
struct C3dHeader {
  std::size_t point_count = 0;        ///< word 2
  std::size_t analog_count = 0;       ///< word 3: analog numbers per frame
  std::int64_t first_frame = 0;       ///< word 4
  std::int64_t last_frame = 0;        ///< word 5
  double scale = 0;                   ///< words 7 and 8
  std::uint64_t data_block = 0;       ///< word 9, 1-based
  std::size_t samples_per_frame = 0;  ///< word 10
  double rate_hz = 0;                 ///< words 11 and 12
};

C3dHeader decode_c3d_header(const unsigned char* bytes, C3dProcessor processor);

/// Nothing when there is an error.
/// @param parameter_byte where the parameter section begins
/// @param file_bytes size of the file
std::optional<C3dDescription> make_c3d_description(const C3dHeader& header, C3dProcessor processor,
                                                   std::vector<C3dParameter> parameters, std::uint64_t parameter_byte,
                                                   std::uint64_t file_bytes, const std::string& file,
                                                   Diagnostics& diagnostics);

/// m per unit of length ("mm", "m", "cm", "in", ...); nothing for another word
std::optional<double> find_metres_per_unit(const std::string& unit);

}  // namespace buttress
