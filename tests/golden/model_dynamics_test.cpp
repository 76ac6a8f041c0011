// Inverse dynamics of every model of the recorded data against OpenSim 4.6, through the door that run-tool uses: four
// frames each, of formulas that both programs know (opensim_4_6/make_model_dynamics.py).
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/skips_testing.h"
#include "body/model_loading.h"
#include "dynamics_testing.h"
#include "recordings_testing.h"

namespace buttress {
namespace {

using namespace dynamics_testing;
namespace fs = std::filesystem;

struct Answer {
  std::vector<std::string> names;
  std::vector<std::vector<double>> frames;
};

std::map<std::string, Answer> read_answers() {
  std::map<std::string, Answer> answers;
  Answer* current = nullptr;
  for (const GoldenLine& line : read_golden("model_dynamics.txt")) {
    if (line.key == "model") current = &answers[line.words.at(0)];
    if (line.key == "names") current->names = line.words;
    if (line.key == "frame") current->frames.push_back(line.numbers());
  }
  return answers;
}

// as in make_model_dynamics.py
Motion find_motion(const Coordinate& coordinate, int frame) {
  long sum = 0;
  for (std::size_t i = 0; i < coordinate.name.size(); ++i)
    sum += static_cast<long>(i + 1) * static_cast<unsigned char>(coordinate.name[i]);
  const double size = coordinate.motion_type != MotionType::rotational ? 0.03 : 0.3;
  const double phase = static_cast<double>(sum % 997) * 0.1 + 1.7 * frame, moves = frame >= 2 ? 1 : 0;
  return {coordinate.default_value + (frame >= 1 ? size * std::sin(phase) : 0), moves * 4 * size * std::cos(phase),
          moves * -16 * size * std::sin(phase)};
}

/// largest difference of a frame over its largest force, the worst of all frames
double compare(const Model& model, const Answer& answer) {
  Trial trial;
  for (int f = 0; f < static_cast<int>(answer.frames.size()); ++f) {
    std::vector<Motion> frame;
    for (const Coordinate& c : model.coordinates) frame.push_back(find_motion(c, f));
    append_frame(frame, trial);
  }
  if (answer.frames.empty()) return 0;
  const Table moments = calc_inverse_dynamics(model, trial, 1);
  double worst = 0;
  for (std::size_t f = 0; f < answer.frames.size(); ++f) {
    double size = 0;
    // below a thousandth of a newton metre a frame has nothing to be relative to
    for (double expected : answer.frames[f]) size = std::max({size, std::abs(expected), 1e-3});
    for (std::size_t k = 0; k < answer.names.size(); ++k) {
      const int c = model.find_coordinate(answer.names[k]);
      if (c < 0) {
        ADD_FAILURE() << "no coordinate " << answer.names[k];
        return kInfinity;
      }
      const double difference = std::abs(moments.at(f, static_cast<std::size_t>(c)) - answer.frames[f][k]) / size;
      if (difference > 1e-4)
        std::printf("[ MEASURED ] frame %zu, %s: %.9g, OpenSim %.9g\n", f, answer.names[k].c_str(),
                    moments.at(f, static_cast<std::size_t>(c)), answer.frames[f][k]);
      worst = std::max(worst, difference);
    }
  }
  return worst;
}

TEST(ModelDynamics, of_every_published_model_is_opensims) {
  const std::string data = find_data();
  if (data.empty()) GTEST_SKIP() << kNoSharedData;
  const std::map<std::string, Answer> answers = read_answers();
  std::set<std::string> models;
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.path().extension() == ".osim") models.insert(fs::relative(entry.path(), data).generic_string());
  ASSERT_GE(models.size(), 49u);
  double worst_of_all = 0;
  for (const std::string& name : models) {
    SCOPED_TRACE(name);
    const auto answer = answers.find(name);
    ASSERT_NE(answer, answers.end()) << "make_model_dynamics.py has not seen this model";
    ModelRequest request;
    request.file = data + name;
    request.simbody_rates = true;
    request.use = ModelUse::inverse_dynamics;
    Diagnostics diagnostics;
    const auto model = load_model(request, diagnostics);
    for (const Diagnostic& d : diagnostics.items())
      if (d.severity == Severity::error) ADD_FAILURE() << format_diagnostic(d);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->coordinates.size(), answer->second.names.size());
    EXPECT_TRUE(model->ignored.empty());
    const double worst = compare(*model, answer->second);
    EXPECT_LT(worst, 1e-4);
    std::printf("[ MEASURED ] %s: %.2g of the largest force of the frame\n", name.c_str(), worst);
    worst_of_all = std::max(worst_of_all, worst);
  }
  std::printf("[ MEASURED ] %zu models, worst %.2g\n", models.size(), worst_of_all);
}

}  // namespace
}  // namespace buttress
