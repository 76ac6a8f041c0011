#pragma once

namespace buttress {

/// The CSS of report.html: light and dark (text contrast of at least 4.5:1 in both), one column on a phone, ink on
/// paper when printed.
extern const char* const kReportStyle;

}  // namespace buttress
