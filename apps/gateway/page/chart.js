// A small chart of the last two minutes.
import {drawing, element} from './elements.js';

const width = 300;
const height = 84;
const span = 120_000; // milliseconds
const longestGap = 5_000; // a pause of the page is no line

/** A round number at or above `value`. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

function pathOf(points, top, now) {
  let path = '';
  let last = null;
  for (const {at, value} of points) {
    if (value === null) continue;
    const x = width * (1 - (now - at) / span);
    const y = height - 1 - (height - 2) * Math.min(1, value / top);
    path += `${last === null || at - last > longestGap ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    last = at;
  }
  return path;
}

/** `series`: their names, in the order of their colours; `format`: how a value is written. */
export class Chart {
  #series;
  #format;
  #picture = drawing('svg', {viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img'});
  #now = element('span', {class: 'now'});
  #top = element('span', {class: 'top'});
  #lines;

  constructor(title, series, format) {
    this.#series = series;
    this.#format = format;
    this.#lines = series.map((_, i) => drawing('path', {class: `line-${i}`}));
    this.#picture.append(drawing('path', {class: 'base', d: `M0 ${height - 1}H${width}M0 ${height / 2}H${width}M0 1H${width}`}), ...this.#lines);
    this.element = element('figure', {class: 'chart'},
      element('figcaption', {}, element('h3', {}, title), this.#now),
      element('div', {class: 'plot'}, this.#top, this.#picture),
      element('div', {class: 'axis', 'aria-hidden': 'true'}, element('span', {}, '2 min ago'), element('span', {}, 'now')));
  }

  /** `points`: for each series a list of {at, value}; a value of null is none. */
  draw(points, now) {
    const recent = points.map(list => list.filter(({at}) => now - at <= span));
    const top = roundUp(Math.max(...recent.flat().map(({value}) => value ?? 0), 0) || 1);
    this.#lines.forEach((line, i) => line.setAttribute('d', pathOf(recent[i], top, now)));
    this.#top.textContent = this.#format(top);
    const last = recent.map(list => list.at(-1)?.value ?? null);
    const legend = this.#series.map((name, i) => element('span', {class: `key key-${i}`},
      `${name} `, element('b', {}, last[i] === null ? '–' : this.#format(last[i]))));
    this.#now.replaceChildren(...legend);
    this.#picture.setAttribute('aria-label', `The last two minutes, up to ${this.#format(top)}. Now: ${this.#now.textContent}`);
  }
}
