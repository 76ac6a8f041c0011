#pragma once
#include "io/scale_setup.h"
#include "io/setup_fields.h"

/// Parts of setup_reader.cpp: task sets, and the elements of a ScaleTool.
namespace buttress {

/// The IKTaskSet below `parent`, or in the file that its attribute file names.
TaskSetSetup read_task_set(const XmlDocument& document, pugi::xml_node parent, Diagnostics& diagnostics);

/// `node` is <ScaleTool>; also gives the file of the generic model
ScaleSetup read_scale_tool(const XmlDocument& document, pugi::xml_node node, SetupFields& fields,
                           std::string& model_file, Diagnostics& diagnostics);

/// SETUP-009 for child elements that nobody asked for
void warn_of_unknown(const SetupFields& fields, const XmlDocument& document, Diagnostics& diagnostics);

}  // namespace buttress
