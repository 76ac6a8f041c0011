#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The lines of a .mot or .sto file up to and with its column labels, and the scanning of lines that reading the
/// rows shares.
namespace buttress {

/// Walks over the lines of a text; both \n and \r\n end a line, and so does a lone \r (old Macintosh).
class LineScanner {
 public:
  explicit LineScanner(std::string_view text) : text_(text) {}
  /// the next line without its end; false when there is none
  bool next(std::string_view& line);
  int line_number() const { return line_number_; }  ///< 1-based, of the line last returned
  std::string_view rest() const { return text_.substr(position_); }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
  int line_number_ = 0;
};

/// more columns or markers than any program writes; bounds the memory that a file of names alone can ask for
inline constexpr std::size_t kMostNames = 65536;

std::string_view trim_blanks(std::string_view text);
std::string to_lower(std::string_view text);

struct TableHeader {
  std::string name;
  bool has_end = false;         ///< "endheader" was found
  int version = 0;              ///< 0: no line version=
  long long row_count = -1;     ///< nRows, nr or datarows; -1 absent
  long long column_count = -1;  ///< nColumns, nc or datacolumns
  int row_count_line = 0, column_count_line = 0;
  std::optional<bool> in_degrees;        ///< inDegrees, in any capitals; the last one
  std::optional<bool> sentence;          ///< "Angles are in degrees." or "... radians.", in any capitals; the last one
  std::optional<bool> heard_in_degrees;  ///< of these the last one that OpenSim hears
  int angle_line = 0;                    ///< of the last of all
  std::string data_type;                 ///< DataType; empty: absent
  int data_type_line = 0;
};

/// Reads up to and with the line endheader.
TableHeader parse_table_header(LineScanner& lines);

/// The unit of angles as OpenSim 4.6 reads it (Storage, so in InverseDynamicsTool and AnalyzeTool alike):
/// from version 1 on inDegrees=yes (or y) alone means degrees; before, the last of inDegrees and the sentences "Angles
/// are in degrees." and "Angles are in radians.", each exactly so and on its own line, counts, and a .mot is in degrees
/// whatever it says. Departure: inDegrees in other capitals, and true and 1, mean what they say.
struct AngleUnit {
  bool in_degrees = false;
  bool is_stated = false;  ///< the header says so itself
  std::string ignored;     ///< what the header says to the contrary, for a message; empty: nothing
};
AngleUnit find_angle_unit(const TableHeader& header, bool is_mot);

/// Splits the line of labels: at blanks and tabs, or at tabs alone when only that gives `expected` labels (some
/// programs put blanks into names).
std::vector<std::string> split_labels(std::string_view line, long long expected);

/// How many numbers a cell of this DataType holds; 0 for a type we do not read.
int find_components(const std::string& data_type);

}  // namespace buttress
