// Functions of a .osim file.
#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "io/osim_document.h"

namespace buttress::osim {
namespace {

void read_list(const Document& document, pugi::xml_node function, const char* name, std::vector<double>& values) {
  if (const pugi::xml_node property = find_property(document, function, name))
    if (auto numbers = read_numbers(document.xml, property, document.diagnostics)) values = std::move(*numbers);
}

// x and y of a spline or of a piecewise line
bool read_knots(const Document& document, pugi::xml_node function, FunctionSpec& spec) {
  const std::size_t errors_before = document.diagnostics.items().size();
  read_list(document, function, "x", spec.x);
  read_list(document, function, "y", spec.y);
  if (document.diagnostics.items().size() != errors_before) return false;
  if (spec.x.size() != spec.y.size()) {
    document.error("OSIM-011", function,
                   fmt::format("{} has {} values of x and {} of y, expected as many", label_of(function), spec.x.size(),
                               spec.y.size()));
    return false;
  }
  if (spec.x.size() < 2) {
    document.error("OSIM-011", function,
                   fmt::format("{} has {} point{}, expected two or more", label_of(function), spec.x.size(),
                               spec.x.size() == 1 ? "" : "s"));
    return false;
  }
  return true;
}

}  // namespace

std::optional<FunctionSpec> read_function(const Document& document, pugi::xml_node function,
                                          std::size_t argument_count) {
  FunctionSpec spec;
  // MultiplierFunctions around a function become one factor; XML depth bounds the loop
  while (std::string_view(function.name()) == "MultiplierFunction") {
    double scale = 1;
    read(document, function, "scale", scale);
    spec.scale *= scale;
    const pugi::xml_node inner = find_object(document, function, "function");
    if (!inner) {
      document.error("OSIM-010", function, "a MultiplierFunction holds no function");
      return std::nullopt;
    }
    function = inner;
  }
  if (!std::isfinite(spec.scale)) {
    document.error("OSIM-010", function, "the scales of the MultiplierFunctions multiply to no finite number");
    return std::nullopt;
  }
  const std::string_view type = function.name();
  if (type == "Constant") {
    double value = 0;
    read(document, function, "value", value);
    spec.kind = FunctionKind::constant;
    spec.coefficients = {value};
  } else if (type == "LinearFunction") {
    spec.kind = FunctionKind::linear;
    spec.coefficients = {1, 0};
    if (find_property(document, function, "coefficients")) {
      spec.coefficients.clear();
      read_list(document, function, "coefficients", spec.coefficients);
    }
    if (spec.coefficients.size() != argument_count + 1) {
      document.error("OSIM-013", function,
                     fmt::format("{} has {} coefficients, expected {}: a slope for each coordinate and the intercept",
                                 label_of(function), spec.coefficients.size(), argument_count + 1));
      return std::nullopt;
    }
  } else if (type == "SimmSpline" || type == "NaturalCubicSpline" || type == "natCubicSpline") {
    // OpenSim's older NaturalCubicSpline was SIMM's spline all along; OpenSim 3 and 4 rename it
    spec.kind = FunctionKind::simm_spline;
    if (!read_knots(document, function, spec)) return std::nullopt;
  } else if (type == "GCVSpline") {
    spec.kind = FunctionKind::gcv_spline;
    int half_order = 0;
    double error_variance = 0;
    read(document, function, "half_order", half_order);
    read(document, function, "error_variance", error_variance);
    if (half_order < 1 || half_order > 4) {
      document.error("OSIM-013", function,
                     fmt::format("{} has half_order {}, expected 1, 2, 3 or 4", label_of(function), half_order));
      return std::nullopt;
    }
    if (error_variance != 0) {
      document.error("OSIM-010", function,
                     fmt::format("{} smooths (error_variance {}), expected one that goes through its points",
                                 label_of(function), error_variance));
      return std::nullopt;
    }
    spec.degree = 2 * half_order - 1;
    if (!read_knots(document, function, spec)) return std::nullopt;
    if (spec.x.size() < static_cast<std::size_t>(spec.degree) + 1) {
      document.error("OSIM-011", function,
                     fmt::format("{} of degree {} has {} points, expected {} or more", label_of(function), spec.degree,
                                 spec.x.size(), spec.degree + 1));
      return std::nullopt;
    }
  } else if (type == "PiecewiseLinearFunction") {
    spec.kind = FunctionKind::piecewise_linear;
    if (!read_knots(document, function, spec)) return std::nullopt;
  } else if (type == "PiecewiseConstantFunction") {
    spec.kind = FunctionKind::piecewise_constant;
    if (!read_knots(document, function, spec)) return std::nullopt;
  } else if (type == "StepFunction") {
    spec.kind = FunctionKind::step;
    spec.x = {0.99, 1.01};
    spec.y = {0, 1};
    read(document, function, "transition_start_time", spec.x[0]);
    read(document, function, "transition_end_time", spec.x[1]);
    read(document, function, "start_value", spec.y[0]);
    read(document, function, "end_value", spec.y[1]);
  } else if (type == "PolynomialFunction") {
    spec.kind = FunctionKind::polynomial;
    spec.coefficients = {1};
    read_list(document, function, "coefficients", spec.coefficients);
    if (spec.coefficients.empty() || spec.coefficients.size() > 32) {
      document.error(
          "OSIM-013", function,
          fmt::format("{} has {} coefficients, expected 1 to 32", label_of(function), spec.coefficients.size()));
      return std::nullopt;
    }
  } else {
    document.error("OSIM-010", function, fmt::format("<{}> is not a function that Buttress knows", type),
                   "Known: Constant, LinearFunction, SimmSpline, NaturalCubicSpline, GCVSpline, "
                   "PiecewiseLinearFunction, PiecewiseConstantFunction, StepFunction, PolynomialFunction, "
                   "MultiplierFunction.");
    return std::nullopt;
  }
  return spec;
}

}  // namespace buttress::osim
