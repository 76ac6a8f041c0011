#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostics.h"
#include "base/table.h"

/// Reads .mot and .sto files: OpenSim's of versions 1 to 3 and SIMM's motion files. table_writer.h writes them.
///
/// Ids of this header:
///   TABLE-001  the file does not exist, or cannot be read
///   TABLE-002  the path is a folder
///   TABLE-003  no line "endheader"
///   TABLE-004  no column labels after the header
///   TABLE-005  no column named time
///   TABLE-006  a column name stands more than once (warning: the later ones become 1_name, 2_name, ..., as in OpenSim)
///   TABLE-007  no rows
///   TABLE-008  the header's nRows or datarows is not the count of rows (warning: the rows win)
///   TABLE-009  the header's nColumns or datacolumns is not the count of labels (warning: the labels win)
///   TABLE-010  a row has too few or too many cells
///   TABLE-011  a cell is not a number
///   TABLE-012  a cell is NaN or infinite
///   TABLE-013  time decreases
///   TABLE-014  DataType is one we do not read
///   TABLE-015  the header says of the unit of angles what OpenSim does not follow (warning; find_angle_unit())
///   TABLE-017  more problems of the same kind than are listed
///   TABLE-019  there are more column labels than 65,536
///   TABLE-018  rows have the same time as the row before (warning: the first is taken)
namespace buttress {

struct TableReadOptions {
  bool allow_nan = false;  ///< let NaN and infinite cells through (never in the time column)
};

/// Reads a whole table. Nothing is returned when there was an error; every error found is in `diagnostics`, with the
/// line of the file and the name of the column.
/// Cells are separated by any run of blanks and tabs; DataType=Vec3, SpatialVec, Quaternion and the like have several
/// numbers with commas between them per cell, which become columns name_1, name_2, ...
/// Angles: find_angle_unit() of table_header.h; Table::degrees_stated is false where the unit taken is not one that the
/// header states.
std::optional<Table> read_table(const std::string& path, Diagnostics& diagnostics, const TableReadOptions& = {});
/// The same from text; `file_name` stands in messages, and its ending (.mot or not) counts for the rule above.
std::optional<Table> parse_table(std::string_view text, const std::string& file_name, Diagnostics& diagnostics,
                                 const TableReadOptions& = {});

}  // namespace buttress
