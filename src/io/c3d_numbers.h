#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

/// Numbers as the three kinds of processor wrote them that a C3D file can come from.
namespace buttress {

/// The number that stands in the fourth byte of the parameter section.
enum class C3dProcessor { intel = 84, dec = 85, mips = 86 };

/// 16 bits without a sign; Intel and DEC write the low byte first, MIPS (SGI) the high one.
inline std::uint16_t decode_c3d_word(const unsigned char* bytes, C3dProcessor processor) {
  const unsigned low = processor == C3dProcessor::mips ? bytes[1] : bytes[0];
  const unsigned high = processor == C3dProcessor::mips ? bytes[0] : bytes[1];
  return static_cast<std::uint16_t>(low | high << 8);
}

/// 16 bits in two's complement.
inline int decode_c3d_integer(const unsigned char* bytes, C3dProcessor processor) {
  return static_cast<std::int16_t>(decode_c3d_word(bytes, processor));
}

/// 32 bits: IEEE 754 for Intel (low byte first) and MIPS (high byte first); VAX F_floating for DEC.
/// VAX: two 16-bit words, the one with sign and exponent first, each low byte first; value = +-0.1f * 2^(e - 128), with
/// the leading 1 of the fraction not stored; e = 0 is zero, or a reserved operand (NaN) with the sign set
/// (VAX Architecture Reference Manual, chapter 1).
inline double decode_c3d_float(const unsigned char* bytes, C3dProcessor processor) {
  if (processor != C3dProcessor::dec) {
    std::uint32_t bits = 0;
    for (int i = 0; i < 4; ++i)
      bits |= static_cast<std::uint32_t>(bytes[processor == C3dProcessor::mips ? 3 - i : i]) << (8 * i);
    float value = 0;
    std::memcpy(&value, &bits, 4);
    return static_cast<double>(value);
  }
  const unsigned high = decode_c3d_word(bytes, processor), low = decode_c3d_word(bytes + 2, processor);
  const int exponent = static_cast<int>(high >> 7 & 0xff);
  const bool is_negative = (high & 0x8000) != 0;
  if (exponent == 0) return is_negative ? std::numeric_limits<double>::quiet_NaN() : 0.0;
  const double fraction = static_cast<double>(0x800000u | (high & 0x7f) << 16 | low);
  return std::ldexp(is_negative ? -fraction : fraction, exponent - 128 - 24);
}

}  // namespace buttress
