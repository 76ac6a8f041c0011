// Which couplers grow with a body: those of translational coordinates, and by the rule of persons only of those whose
// own function does not grow already.
#include "body/document_scaling.h"

#include <gtest/gtest.h>

namespace buttress {
namespace {

TEST(DocumentScaling, couplers_grow_for_ways_along_an_axis_alone) {
  Diagnostics diagnostics;
  const auto document =
      read_xml(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/scaled_leg.osim", diagnostics);
  ASSERT_TRUE(document);
  const auto model = compile_document(*document, diagnostics);
  ASSERT_TRUE(model);
  // the kneecap's coordinate turns and slides it; pad_back is a way whose function has slope -1, which OpenSim scales
  EXPECT_EQ(find_slides(*model, SlideRule::opensim), (std::set<std::string>{"pad_out", "pad_back"}));
  EXPECT_EQ(find_slides(*model, SlideRule::along_axis), (std::set<std::string>{"pad_out"}));
}

TEST(DocumentScaling, a_kneecap_follows_the_knee_whatever_the_factors) {
  for (const Vec3d& factor : {Vec3d{1.2, 1.2, 1.2}, Vec3d{1.1, 1.2, 0.9}})
    for (const SlideRule rule : {SlideRule::opensim, SlideRule::along_axis}) {
      Diagnostics diagnostics;
      auto document =
          read_xml(std::string(BUTTRESS_SOURCE_DIR) + "/tests/golden/opensim_4_6/scaled_leg.osim", diagnostics);
      const auto model = compile_document(*document, diagnostics);
      ASSERT_TRUE(scale_document(*document, *model, {{"thigh", factor}}, false, diagnostics, rule));
      EXPECT_FALSE(diagnostics.has_errors());
      const auto scaled = compile_document(*document, diagnostics);
      for (const Coupler& coupler : scaled->couplers)
        if (scaled->coordinates[static_cast<std::size_t>(coupler.dependent)].name == "beta") {
          EXPECT_DOUBLE_EQ(evaluate(coupler.function, 1.0).f, 1.0);
        }
    }
}

}  // namespace
}  // namespace buttress
