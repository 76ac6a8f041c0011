#include "base/version.h"

namespace buttress {

const char* engine_version() {
  return BUTTRESS_VERSION;
}

}  // namespace buttress
