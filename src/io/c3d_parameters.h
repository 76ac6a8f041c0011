#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "io/c3d_numbers.h"

/// The parameter section of a C3D file: groups of named values. See c3d_reader.h for the ids.
namespace buttress {

struct C3dParameter {
  std::string group, name;         ///< in capitals, "POINT", "LABELS"
  std::vector<int> dimensions;     ///< the first runs fastest; empty: a single value
  std::vector<double> numbers;     ///< of bytes, integers (with sign) and floats; empty for text
  std::vector<std::string> texts;  ///< rows of characters, blanks at their end removed; empty for numbers
  std::uint64_t byte = 0;          ///< where in the file its record begins
};

/// Reads the records of a parameter section.
/// @param bytes   the section from its first byte on
/// @param first_byte   where in the file that is, for messages
/// Records that do not hold together end the reading with C3D-006; what stood before them is returned.
std::vector<C3dParameter> parse_c3d_parameters(const std::vector<unsigned char>& bytes, std::uint64_t first_byte,
                                               C3dProcessor processor, const std::string& file,
                                               Diagnostics& diagnostics);

/// The parameter of that group and name (capitals), or nullptr.
const C3dParameter* find_c3d_parameter(const std::vector<C3dParameter>& parameters, const std::string& group,
                                       const std::string& name);

/// Values of NAME, NAME2, NAME3, ... one after the other: one parameter holds at most 255 rows.
std::vector<std::string> find_c3d_texts(const std::vector<C3dParameter>& parameters, const std::string& group,
                                        const std::string& name);
std::vector<double> find_c3d_numbers(const std::vector<C3dParameter>& parameters, const std::string& group,
                                     const std::string& name);

}  // namespace buttress
