#pragma once
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "spatial/spatial.h"

/// An XML file together with what messages about it need: its name and the line of every element.
///
/// Ids of this header:
///   XML-001  the file does not exist, or cannot be read
///   XML-002  the path is a folder
///   XML-003  the text is not well-formed XML (truncated, mismatched tags, not XML at all)
///   XML-004  elements are nested too deeply
///   XML-005  the text is UTF-16 or UTF-32
///   XML-010  a number was expected; text, an empty cell or something beyond the range of double was found
///   XML-011  a number is NaN or infinite where only finite ones make sense
///   XML-012  the wrong count of numbers
///   XML-013  true or false was expected
///   XML-014  a whole number was expected
namespace buttress {

/// Elements may stand this deep inside one another; real model files use about 20.
inline constexpr int kMaxXmlDepth = 100;

struct XmlDocument {
  std::string file;                          ///< as the user gave it
  std::unique_ptr<pugi::xml_document> tree;  ///< never null after parse_xml()
  std::vector<std::size_t> line_starts;      ///< byte offset at which line i + 1 begins

  pugi::xml_node root() const { return tree->document_element(); }
  /// 1-based line on which the element's tag stands; 0 for an empty node
  int line_of(pugi::xml_node node) const;
};

/// Parses XML text. Nothing is returned if it is not well-formed; the reason is in `diagnostics` with its line.
/// Throws std::bad_alloc when memory does not suffice.
/// UTF-8 with or without byte-order mark; bytes that are not UTF-8 (Latin-1 in comments and credits) are let through.
std::optional<XmlDocument> parse_xml(std::string_view text, const std::string& file_name, Diagnostics& diagnostics);
/// Reads and parses an XML file.
std::optional<XmlDocument> read_xml(const std::string& path, Diagnostics& diagnostics);

/// which numbers a cell may hold
enum class NumberRange { finite, may_be_infinite, any };

/// the element's text without white space at both ends; empty for an empty node
std::string_view trimmed_text(pugi::xml_node node);
/// the text's words (split at white space)
std::vector<std::string> split_words(std::string_view text);
/// One number from text, all of it: 1, -.5, +1e-3, Inf, -Infinity, NaN. Nothing for anything else.
std::optional<double> parse_number(std::string_view text);

/// The readers below take an element that exists, report under XML-010 ... XML-014 what does not fit, and then
/// return nothing.
std::optional<double> read_number(const XmlDocument&, pugi::xml_node, Diagnostics&,
                                  NumberRange range = NumberRange::finite);
std::optional<int> read_integer(const XmlDocument&, pugi::xml_node, Diagnostics&);
/// true, false, 1, 0; capitals do not matter
std::optional<bool> read_bool(const XmlDocument&, pugi::xml_node, Diagnostics&);
/// `count` < 0: any number of numbers. Parentheses and commas between the numbers, as OpenSim writes some, are
/// allowed.
std::optional<std::vector<double>> read_numbers(const XmlDocument&, pugi::xml_node, Diagnostics&, int count = -1,
                                                NumberRange range = NumberRange::finite);
std::optional<Vec3<double>> read_vec3(const XmlDocument&, pugi::xml_node, Diagnostics&);

}  // namespace buttress
