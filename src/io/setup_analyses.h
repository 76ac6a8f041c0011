#pragma once
#include <string>

#include "io/setup_reader.h"
#include "io/xml_document.h"

/// The analyses of an AnalyzeTool's setup, a part of the reader of setup files.
namespace buttress {

/// one element of the AnalysisSet; its kind is unsupported when it is none of list_analysis_types()
AnalysisSetup read_analysis(const XmlDocument& document, pugi::xml_node node, Diagnostics& diagnostics);

/// "StaticOptimization, JointReaction, ...", for messages
std::string list_analysis_types();

}  // namespace buttress
