#include "body/ignored_elements.h"

#include <gtest/gtest.h>

namespace buttress {
namespace {

ModelSpec make_spec() {
  ModelSpec spec;
  spec.file = "leg.osim";
  spec.muscles.resize(1);
  spec.muscles[0].name = "soleus_r";
  spec.actuators.resize(1);
  spec.actuators[0].name = "hip_motor";
  spec.actuators[0].type = "CoordinateActuator";
  spec.passive_forces.resize(2);
  for (PassiveForceSpec& force : spec.passive_forces) force.type = "HuntCrossleyForce";
  spec.passive_forces[0].name = "heel";
  spec.passive_forces[1].name = "toe";
  return spec;
}

TEST(IgnoredElements, names_and_types_that_fit_are_not_spoken_of) {
  Diagnostics diagnostics;
  warn_of_unmatched_names(make_spec(), {"hip_motor", "HuntCrossleyForce", "toe"}, diagnostics);
  EXPECT_TRUE(diagnostics.items().empty());
}

TEST(IgnoredElements, MODEL_033_a_name_that_fits_nothing_is_asked_about) {
  Diagnostics diagnostics;
  warn_of_unmatched_names(make_spec(), {"HuntCrosleyForce", "foo", "soleus_r"}, diagnostics);
  ASSERT_EQ(diagnostics.items().size(), 3u);
  for (const Diagnostic& d : diagnostics.items()) {
    EXPECT_EQ(d.id, "MODEL-033");
    EXPECT_EQ(d.severity, Severity::warning);
    EXPECT_EQ(d.file, "leg.osim");
  }
  EXPECT_EQ(diagnostics.items()[0].advice,
            "Did you mean HuntCrossleyForce? What can be left out, by name or type: hip_motor, CoordinateActuator, "
            "heel, HuntCrossleyForce, toe.");
  EXPECT_EQ(diagnostics.items()[1].advice.find("Did you mean"), std::string::npos);
  EXPECT_NE(diagnostics.items()[2].advice.find("--strength soleus_r=0"), std::string::npos);
}

}  // namespace
}  // namespace buttress
