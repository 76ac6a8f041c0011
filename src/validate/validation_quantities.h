#pragma once
#include <string>
#include <vector>

namespace buttress {

/// How a quantity of data/evidence is shown to people.
struct QuantityTitle {
  std::string quantity;  ///< Measurement::quantity
  std::string title;
  std::string unit;       ///< of measured and computed values as they are compared; empty = a bare ratio or index
  int decimals = 0;       ///< of both
  double band_share = 0;  ///< the bar on the median error, shaded in the plot; 0 = none
  bool in_emg_bands = false;
  bool has_plot = true;
  std::string explanation;  ///< whole sentences
};

/// those that are compared, in the order of the page
const std::vector<QuantityTitle>& list_quantity_titles();

}  // namespace buttress
