#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Names that somebody who misspelt one may have meant.
namespace buttress {

/// Letters to add, leave out, exchange or swap with their neighbour to make one name of the other; capitals count as
/// small letters.
std::size_t count_misspellings(std::string_view a, std::string_view b);

/// The candidates nearest to a name, nearest first, those of equal distance in their order; a name of four letters may
/// differ in one, of eight in two, and so on. At most `most` of them.
std::vector<std::string> find_near_names(std::string_view name, const std::vector<std::string>& candidates,
                                         std::size_t most = 3);

/// "Did you mean hip_flexion_r or hip_flexion_l? " to stand before other advice; empty when nothing is near
std::string ask_for_near_names(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace buttress
