#pragma once
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "load/contact.h"

namespace buttress {

/// Reads a contact file: comma-separated, the first line
///
///     point,group,body,x_m,y_m,z_m,strength_N,mirrored,source,sure
///
/// then one point a line, in the frame of its body; lines that start with # are remarks. `mirrored` is yes or no: a
/// point on a body that ends in _r gets a twin on the body _l with z reversed (names ending in _r become _l).
/// Returns the points, all on surface 0, a level floor at y = floor_height.
/// Adds CONTACT-001 (file or first line), CONTACT-002 (cells or numbers), CONTACT-003 (no such body), CONTACT-004 (a
/// name twice), CONTACT-005 (no points) and returns nothing after any of them.
std::optional<ContactSet> read_contacts(const std::string& path, const Model& model, double floor_height,
                                        Diagnostics& diagnostics);

}  // namespace buttress
