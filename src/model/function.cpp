#include <cmath>
#include <stdexcept>

#include "model/compile.h"

namespace buttress {

PiecewisePolynomial make_function(const FunctionSpec& spec) {
  const auto& c = spec.coefficients;
  for (const auto* numbers : {&spec.coefficients, &spec.x, &spec.y})
    for (double number : *numbers)
      if (!std::isfinite(number)) throw std::invalid_argument("a function's numbers must be finite");
  if (!std::isfinite(spec.scale)) throw std::invalid_argument("a function's scale must be finite");
  PiecewisePolynomial f;
  switch (spec.kind) {
    case FunctionKind::constant:
      if (c.size() != 1) throw std::invalid_argument("a constant has one value");
      f = make_constant(c[0]);
      break;
    case FunctionKind::linear:
      if (c.size() != 2)
        throw std::invalid_argument("a linear function of one coordinate has a slope and an intercept");
      f = make_line(c[0], c[1]);
      break;
    case FunctionKind::polynomial: {
      if (c.empty()) throw std::invalid_argument("a polynomial has at least one coefficient");
      // files give the highest power first
      f = make_polynomial(std::vector<double>(c.rbegin(), c.rend()));
      break;
    }
    case FunctionKind::simm_spline:
      f = make_simm_spline(spec.x, spec.y);
      break;
    case FunctionKind::natural_cubic_spline:
      f = make_natural_cubic_spline(spec.x, spec.y);
      break;
    case FunctionKind::gcv_spline:
      f = make_gcv_spline(spec.x, spec.y, spec.degree);
      break;
    case FunctionKind::piecewise_linear:
      f = make_piecewise_linear(spec.x, spec.y);
      break;
    case FunctionKind::piecewise_constant:
      f = make_piecewise_constant(spec.x, spec.y);
      break;
    case FunctionKind::step:
      if (spec.x.size() != 2 || spec.y.size() != 2)
        throw std::invalid_argument("a step has a start and an end, each with its value");
      f = make_smooth_step(spec.x[0], spec.x[1], spec.y[0], spec.y[1]);
      break;
  }
  return spec.scale == 1.0 ? f : scaled(std::move(f), spec.scale);
}

}  // namespace buttress
