// Plots as inline SVG: lines over two axes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace guardrails::load {

struct curve {
  std::string name;
  std::vector<std::pair<double, double>> points; ///< ascending in the first
};

/// A label below a place of the x axis.
struct mark {
  double at = 0;
  std::string text;
};

struct plot {
  std::string id; ///< in the page
  std::string title;
  std::string x; ///< what the axis shows, with its unit
  std::string y;
  std::vector<curve> curves;
  std::vector<mark> x_marks{}; ///< none: round numbers
};

/// `text` as it may stand in HTML and in its attributes.
std::string html_escaped(std::string_view text);

/// A `figure` with the drawing and its legend. From zero on both axes.
std::string to_svg(const plot& what);

} // namespace guardrails::load
