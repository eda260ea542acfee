// Scales, axes and lines.
#include "apps/load/plot.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace guardrails::load {
namespace {

constexpr double width = 720;
constexpr double height = 280;
constexpr double left = 64;
constexpr double right = 12;
constexpr double top = 12;
constexpr double bottom = 44;
constexpr double ticks = 5;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

/// 1, 2 or 5 times a power of ten, so that `ticks` of them reach `greatest`.
double round_step(double greatest) {
  const auto rough = greatest / ticks;
  const auto power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough)
      return factor * power;
  return 10 * power;
}

/// The greatest value of an axis; one where there is none.
template <class Project>
double greatest(const plot& what, Project project) {
  double found = 0;
  for (const auto& each : what.curves)
    for (const auto& point : each.points)
      found = std::max(found, project(point));
  return found > 0 ? found : 1;
}

class drawing {
public:
  explicit drawing(const plot& what)
    : what_{what}
    , x_end_{greatest(what, [](const auto& point) { return point.first; })}
    , y_step_{round_step(greatest(what, [](const auto& point) { return point.second; }))}
    , y_end_{std::ceil(greatest(what, [](const auto& point) { return point.second; }) / y_step_) * y_step_} {
    for (const auto& each : what.x_marks)
      x_end_ = std::max(x_end_, each.at);
  }

  std::string text() const {
    std::string out = "<figure id=\"" + html_escaped(what_.id) + "\"><figcaption>" +
                      html_escaped(what_.title) + "</figcaption>\n<svg viewBox=\"0 0 " + number(width) + " " +
                      number(height) + "\" role=\"img\" aria-label=\"" + html_escaped(what_.title) + "\">\n";
    add_axes(out);
    for (std::size_t i = 0; i < what_.curves.size(); ++i)
      add_curve(out, i);
    out += "</svg>\n<ul class=\"legend\">";
    for (std::size_t i = 0; i < what_.curves.size(); ++i)
      out += "<li class=\"c" + std::to_string(i) + "\">" + html_escaped(what_.curves[i].name) + "</li>";
    return out += "</ul></figure>\n";
  }

private:
  double x_of(double value) const { return left + value / x_end_ * (width - left - right); }
  double y_of(double value) const { return height - bottom - value / y_end_ * (height - top - bottom); }

  static void add_line(std::string& out, double x1, double y1, double x2, double y2) {
    out += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" +
           number(y2) + "\"/>";
  }

  static void add_text(std::string& out, double x, double y, std::string_view anchor, std::string_view text) {
    out.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
    out.append("\" text-anchor=\"").append(anchor).append("\">").append(html_escaped(text)).append("</text>");
  }

  void add_axes(std::string& out) const {
    for (double value = 0; value <= y_end_ * 1.0001; value += y_step_) {
      add_line(out, left, y_of(value), width - right, y_of(value));
      add_text(out, left - 6, y_of(value) + 4, "end", number(value));
    }
    if (what_.x_marks.empty())
      for (double value = 0, step = round_step(x_end_); value <= x_end_ * 1.0001; value += step)
        add_text(out, x_of(value), height - bottom + 18, "middle", number(value));
    for (const auto& each : what_.x_marks)
      add_text(out, x_of(each.at), height - bottom + 18, "middle", each.text);
    add_text(out, (left + width) / 2, height - 6, "middle", what_.x);
    out.append("<text transform=\"translate(14 ").append(number((top + height - bottom) / 2));
    out.append(") rotate(-90)\" text-anchor=\"middle\">").append(html_escaped(what_.y)).append("</text>\n");
  }

  void add_curve(std::string& out, std::size_t index) const {
    out += "<polyline class=\"c" + std::to_string(index) + "\" points=\"";
    for (const auto& [x, y] : what_.curves[index].points)
      out.append(number(x_of(x))).append(",").append(number(y_of(y))).append(" ");
    out += "\"/>\n";
  }

  const plot& what_;
  double x_end_;
  double y_step_;
  double y_end_;
};

} // namespace

std::string html_escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
    case '&':
      safe += "&amp;";
      break;
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    case '"':
      safe += "&quot;";
      break;
    default:
      safe += c;
    }
  }
  return safe;
}

std::string to_svg(const plot& what) {
  return drawing{what}.text();
}

} // namespace guardrails::load
