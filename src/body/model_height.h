#pragma once
#include "model/model.h"

namespace buttress {

/// Height of the person whom a model was made for, m. For the built-in body it is known (data/models/parameters.csv);
/// for another model with legs it is that height times the ratio of the distances hip to knee to ankle. 0 when neither
/// can be told.
double estimate_model_height(const std::string& data_folder, const Model& model, bool is_built_in);

}  // namespace buttress
