#include "io/c3d_parameters.h"

#include <algorithm>
#include <cstddef>
#include <map>

namespace buttress {

namespace {

/// letters in capitals, everything a terminal could stumble over as '?'
std::string read_name(const unsigned char* bytes, std::size_t length) {
  std::string name;
  for (std::size_t i = 0; i < length; ++i) {
    const unsigned char c = bytes[i];
    name += c >= 'a' && c <= 'z'    ? static_cast<char>(c - 'a' + 'A')
            : c < 0x20 || c == 0x7f ? '?'
                                    : static_cast<char>(c);
  }
  return name;
}

/// a row of characters without the blanks and zeros at its end
std::string read_text(const unsigned char* bytes, std::size_t length) {
  while (length > 0 && (bytes[length - 1] == ' ' || bytes[length - 1] == 0)) --length;
  std::string text;
  for (std::size_t i = 0; i < length; ++i)
    text += bytes[i] < 0x20 || bytes[i] == 0x7f ? '?' : static_cast<char>(bytes[i]);
  return text;
}

/// Reads dimensions and values from the bytes between a record's type and its end; what is wrong, or empty.
std::string read_values(const unsigned char* bytes, std::size_t size, C3dProcessor processor, C3dParameter& parameter) {
  if (size < 2) return "it ends before its values";
  const int type = static_cast<signed char>(bytes[0]);
  if (type != -1 && type != 1 && type != 2 && type != 4)
    return "its type is " + std::to_string(type) + "; -1 (text), 1, 2 (integers) and 4 (floats) are known";
  const std::size_t dimension_count = bytes[1];
  if (dimension_count > 7) return "it has " + std::to_string(dimension_count) + " dimensions; at most 7 are possible";
  if (size < 2 + dimension_count) return "it ends before its dimensions";
  const std::size_t width = type == -1 ? 1 : static_cast<std::size_t>(type);
  const std::size_t room = size - 2 - dimension_count;
  std::size_t count = 1;
  for (std::size_t i = 0; i < dimension_count; ++i) {
    parameter.dimensions.push_back(bytes[2 + i]);
    // seven times 255 fits into 64 bits
    count *= bytes[2 + i];
  }
  if (count * width > room)
    return "its dimensions ask for " + std::to_string(count * width) + " bytes, the record has " + std::to_string(room);
  const unsigned char* const values = bytes + 2 + dimension_count;
  if (type == -1) {
    const std::size_t length =
        parameter.dimensions.empty() ? 1 : static_cast<std::size_t>(parameter.dimensions.front());
    for (std::size_t at = 0; length > 0 && at + length <= count; at += length)
      parameter.texts.push_back(read_text(values + at, length));
    return {};
  }
  parameter.numbers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned char* const p = values + i * width;
    parameter.numbers.push_back(type == 1   ? static_cast<double>(static_cast<signed char>(*p))
                                : type == 2 ? static_cast<double>(decode_c3d_integer(p, processor))
                                            : decode_c3d_float(p, processor));
  }
  return {};
}

}  // namespace

std::vector<C3dParameter> parse_c3d_parameters(const std::vector<unsigned char>& bytes, std::uint64_t first_byte,
                                               C3dProcessor processor, const std::string& file,
                                               Diagnostics& diagnostics) {
  std::vector<C3dParameter> parameters;
  std::vector<int> group_of;  // [parameters] number of the group
  std::map<int, std::string> groups;
  const auto fail = [&](std::size_t at, const std::string& what) {
    diagnostics.error("C3D-006", file, 0,
                      "byte " + std::to_string(first_byte + at) + ": the parameter record here is damaged: " + what,
                      "Export the file again; it may be cut short or damaged.");
  };
  // the first four bytes are the section's own header; then records, chained by the distance to the next
  std::size_t at = 4;
  while (true) {
    if (at + 2 > bytes.size()) {
      // some programs leave out the closing zero when the section is full
      if (at < bytes.size() && bytes[at] != 0) fail(at, "it runs beyond the end of the section");
      break;
    }
    const int signed_length = static_cast<signed char>(bytes[at]), id = static_cast<signed char>(bytes[at + 1]);
    if (signed_length == 0) break;
    // a locked parameter has a negative length
    const std::size_t name_length = static_cast<std::size_t>(signed_length < 0 ? -signed_length : signed_length);
    const std::size_t distance_at = at + 2 + name_length;
    if (distance_at + 2 > bytes.size()) {
      fail(at, "its name of " + std::to_string(name_length) + " letters runs beyond the end of the section");
      break;
    }
    const std::string name = read_name(bytes.data() + at + 2, name_length);
    const std::size_t distance = decode_c3d_word(bytes.data() + distance_at, processor);
    const std::size_t next = distance == 0 ? bytes.size() : distance_at + distance;
    if (next > bytes.size() || next < distance_at + 2) {
      fail(at, "\"" + name + "\" ends at byte " + std::to_string(first_byte + next) + ", outside the section");
      break;
    }
    if (id < 0) {
      groups.emplace(-id, name);
    } else if (id > 0) {
      C3dParameter parameter;
      parameter.name = name;
      parameter.byte = first_byte + at;
      const std::string problem =
          read_values(bytes.data() + distance_at + 2, next - distance_at - 2, processor, parameter);
      if (!problem.empty()) {
        fail(at, "\"" + name + "\": " + problem);
        break;
      }
      parameters.push_back(std::move(parameter));
      group_of.push_back(id);
    }
    if (distance == 0) break;
    at = next;
  }
  // a group may stand behind its parameters
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto found = groups.find(group_of[i]);
    if (found != groups.end()) parameters[i].group = found->second;
  }
  return parameters;
}

const C3dParameter* find_c3d_parameter(const std::vector<C3dParameter>& parameters, const std::string& group,
                                       const std::string& name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const C3dParameter& p) { return p.name == name && p.group == group; });
  return found == parameters.end() ? nullptr : &*found;
}

std::vector<std::string> find_c3d_texts(const std::vector<C3dParameter>& parameters, const std::string& group,
                                        const std::string& name) {
  std::vector<std::string> texts;
  const C3dParameter* part = find_c3d_parameter(parameters, group, name);
  for (int number = 2; part; part = find_c3d_parameter(parameters, group, name + std::to_string(number++)))
    texts.insert(texts.end(), part->texts.begin(), part->texts.end());
  return texts;
}

std::vector<double> find_c3d_numbers(const std::vector<C3dParameter>& parameters, const std::string& group,
                                     const std::string& name) {
  std::vector<double> numbers;
  const C3dParameter* part = find_c3d_parameter(parameters, group, name);
  for (int number = 2; part; part = find_c3d_parameter(parameters, group, name + std::to_string(number++)))
    numbers.insert(numbers.end(), part->numbers.begin(), part->numbers.end());
  return numbers;
}

}  // namespace buttress
