#include "body/data_folder.h"

#include <cstdlib>

namespace buttress {

std::string find_data_folder() {
  const char* chosen = std::getenv("BUTTRESS_DATA");
  return chosen && *chosen ? chosen : BUTTRESS_DATA_FOLDER;
}

}  // namespace buttress
