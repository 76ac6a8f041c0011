#include "io/xml_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <new>

#include "base/decimal.h"
#include "io/name_length.h"

namespace buttress {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// lines end at LF, CR LF or a lone CR
std::vector<std::size_t> find_line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) starts.push_back(i + 1);
  return starts;
}

int find_line(const std::vector<std::size_t>& starts, std::size_t offset) {
  return static_cast<int>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

bool is_utf16_or_32(std::string_view text) {
  if (text.size() < 2) return false;
  const auto a = static_cast<unsigned char>(text[0]), b = static_cast<unsigned char>(text[1]);
  return (a == 0xFE && b == 0xFF) || (a == 0xFF && b == 0xFE) || (a == 0 && (b == '<' || b == 0)) ||
         (a == '<' && b == 0);
}

// walks the tree without recursion (the text decides the depth), stops at an element that stands too deep or has too
// long a name, and joins
// text that a comment cuts in two, so that a list of numbers is not cut short
struct TreeCheck : pugi::xml_tree_walker {
  pugi::xml_node too_deep, too_long_a_name;

  bool for_each(pugi::xml_node& node) override {
    if (depth() >= kMaxXmlDepth) {
      too_deep = node;
      return false;
    }
    if (std::string_view(node.attribute("name").value()).size() > kLongestName) {
      too_long_a_name = node;
      return false;
    }
    if (node.type() == pugi::node_pcdata && node.next_sibling().type() == pugi::node_pcdata) {
      std::string joined = node.value();
      while (node.next_sibling().type() == pugi::node_pcdata) {
        (joined += ' ') += node.next_sibling().value();
        node.parent().remove_child(node.next_sibling());
      }
      node.set_value(joined.c_str());
    }
    return true;
  }
};

// long cells are cut: a message is not the place for a spline of 500 knots
std::string quoted(std::string_view text) {
  constexpr std::size_t kShown = 40;
  std::string shown(text.substr(0, kShown));
  // a cell of a damaged file may hold anything; keep the message on one line
  for (char& c : shown)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return text.size() > kShown ? "'" + shown + "...'" : "'" + shown + "'";
}

std::optional<double> check_number(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics,
                                   std::string_view word, NumberRange range) {
  const std::optional<double> value = parse_number(word);
  if (!value) {
    diagnostics.error("XML-010", document.file, document.line_of(node),
                      word.empty() ? fmt::format("<{}> is empty, expected a number", node.name())
                                   : fmt::format("<{}> holds {}, expected a number", node.name(), quoted(word)));
    return std::nullopt;
  }
  if ((range != NumberRange::any && std::isnan(*value)) || (range == NumberRange::finite && std::isinf(*value))) {
    diagnostics.error("XML-011", document.file, document.line_of(node),
                      fmt::format("<{}> holds {}, expected a finite number", node.name(), quoted(word)));
    return std::nullopt;
  }
  return value;
}

}  // namespace

int XmlDocument::line_of(pugi::xml_node node) const {
  const std::ptrdiff_t offset = node ? node.offset_debug() : -1;
  return offset < 0 ? 0 : find_line(line_starts, static_cast<std::size_t>(offset));
}

std::optional<XmlDocument> parse_xml(std::string_view text, const std::string& file_name, Diagnostics& diagnostics) {
  if (is_utf16_or_32(text)) {
    diagnostics.error("XML-005", file_name, 1, "the text is UTF-16 or UTF-32, expected UTF-8",
                      "Save the file as UTF-8.");
    return std::nullopt;
  }
  XmlDocument document;
  document.file = file_name;
  document.line_starts = find_line_starts(text);
  document.tree = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result result =
      document.tree->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (result.status == pugi::status_out_of_memory) throw std::bad_alloc();
  // another kind of file is no damaged one
  const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first != std::string_view::npos && text[first] != '<') {
    diagnostics.error(
        "XML-003", file_name, find_line(document.line_starts, first),
        "this is no XML file: it does not begin with an element",
        "Is it another kind of file, or are two files exchanged? Models, setups and external loads are XML.");
    return std::nullopt;
  }
  if (!result) {
    // an unclosed element is noticed at its parent's end or at the end of the file
    const std::size_t offset = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)),
                                        text.empty() ? 0 : text.size() - 1);
    diagnostics.error("XML-003", file_name, find_line(document.line_starts, offset),
                      fmt::format("the text is not well-formed XML: {}", result.description()),
                      "The file may be cut short or damaged; export it again.");
    return std::nullopt;
  }
  if (!document.root()) {
    diagnostics.error("XML-003", file_name, 1, "the text is not well-formed XML: no element found",
                      "The file may be cut short or damaged; export it again.");
    return std::nullopt;
  }
  TreeCheck check;
  document.tree->traverse(check);
  if (check.too_deep) {
    diagnostics.error("XML-004", file_name, document.line_of(check.too_deep),
                      fmt::format("elements are nested more than {} deep", kMaxXmlDepth));
    return std::nullopt;
  }
  if (check.too_long_a_name && !check_name_length(check.too_long_a_name.attribute("name").value(), file_name,
                                                  document.line_of(check.too_long_a_name), diagnostics))
    return std::nullopt;
  return document;
}

std::optional<XmlDocument> read_xml(const std::string& path, Diagnostics& diagnostics) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    diagnostics.error("XML-002", path, 0, "this is a folder, expected a file");
    return std::nullopt;
  }
  if (!std::filesystem::exists(path, ignored)) {
    diagnostics.error("XML-001", path, 0, "the file does not exist", "Check the path and the spelling.");
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  if (stream) {
    stream.seekg(0, std::ios::end);
    const std::streamoff size = stream.tellg();
    stream.seekg(0);
    if (size > 0) {
      text.resize(static_cast<std::size_t>(size));
      stream.read(text.data(), size);
      text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    }
  }
  if (!stream) {
    diagnostics.error("XML-001", path, 0, "the file cannot be read", "Check that you may read it.");
    return std::nullopt;
  }
  return parse_xml(text, path, diagnostics);
}

std::string_view trimmed_text(pugi::xml_node node) {
  return trim(node.child_value());
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && is_space(text[i])) ++i;
    const std::size_t start = i;
    while (i < text.size() && !is_space(text[i])) ++i;
    if (i > start) words.emplace_back(text.substr(start, i - start));
  }
  return words;
}

std::optional<double> parse_number(std::string_view text) {
  const std::optional<double> value = parse_decimal(text);
  // what is too large for a double is no number, unless it says so itself
  const bool says_infinite = text.find_first_of("iI") != std::string_view::npos;
  return value && std::isinf(*value) && !says_infinite ? std::nullopt : value;
}

std::optional<double> read_number(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics,
                                  NumberRange range) {
  return check_number(document, node, diagnostics, trimmed_text(node), range);
}

std::optional<int> read_integer(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  const std::string_view text = trimmed_text(node);
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) {
    diagnostics.error("XML-014", document.file, document.line_of(node),
                      fmt::format("<{}> holds {}, expected a whole number", node.name(), quoted(text)));
    return std::nullopt;
  }
  return value;
}

std::optional<bool> read_bool(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  const std::string_view text = trimmed_text(node);
  std::string lower(text.substr(0, 8));
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (lower == "true" || lower == "1") return true;
  if (lower == "false" || lower == "0") return false;
  diagnostics.error("XML-013", document.file, document.line_of(node),
                    fmt::format("<{}> holds {}, expected true or false", node.name(), quoted(text)));
  return std::nullopt;
}

std::optional<std::vector<double>> read_numbers(const XmlDocument& document, pugi::xml_node node,
                                                Diagnostics& diagnostics, int count, NumberRange range) {
  std::vector<double> numbers;
  const std::string_view text = trimmed_text(node);
  const auto separates = [](char c) { return is_space(c) || c == ',' || c == '(' || c == ')' || c == '~'; };
  std::size_t i = 0;
  while (i < text.size()) {
    while (i < text.size() && separates(text[i])) ++i;
    const std::size_t start = i;
    while (i < text.size() && !separates(text[i])) ++i;
    if (i == start) continue;
    const std::optional<double> value = check_number(document, node, diagnostics, text.substr(start, i - start), range);
    if (!value) return std::nullopt;
    numbers.push_back(*value);
  }
  if (count >= 0 && numbers.size() != static_cast<std::size_t>(count)) {
    diagnostics.error("XML-012", document.file, document.line_of(node),
                      fmt::format("<{}> holds {} number{}, expected {}", node.name(), numbers.size(),
                                  numbers.size() == 1 ? "" : "s", count));
    return std::nullopt;
  }
  return numbers;
}

std::optional<Vec3<double>> read_vec3(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics) {
  const auto numbers = read_numbers(document, node, diagnostics, 3);
  if (!numbers) return std::nullopt;
  return Vec3<double>{(*numbers)[0], (*numbers)[1], (*numbers)[2]};
}

}  // namespace buttress
