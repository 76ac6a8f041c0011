#pragma once
#include <string>

#include "base/diagnostics.h"
#include "base/table.h"

/// Writes .sto files, without a copy of their numbers.
///
/// Ids of this header:
///   TABLE-016  the file cannot be written
///   TABLE-030  a result would have two columns of one name and other values; it is not written
namespace buttress {

/// The text of a .sto file as OpenSim 4 writes it: version 1, tabs, and as many digits as give back the same double.
std::string format_sto(const TableView& table);
/// Writes format_sto() to a file, whose folder must exist, no name of a column twice: a column that repeats another one
/// is left out. False, with TABLE-016, when that fails, or with TABLE-030 when columns of one name differ.
bool write_sto(const std::string& path, const TableView& table, Diagnostics& diagnostics);

}  // namespace buttress
