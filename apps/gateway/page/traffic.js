// The live view: reads /metrics each second while it is looked at.
import {Chart} from './chart.js';
import {element} from './elements.js';
import {count, duration, rate, share} from './figures.js';
import {between, isRestart, quantile, readingOf, totalOf} from './prometheus.js';

const pause = 1_000; // milliseconds
const mostReadings = 150;
const window = 10_000; // what percentiles are of: one second alone has too few

/** In the order in which a message meets them. */
const stages = {queue: 'Waiting', input_checks: 'Input rail', llm: 'Model', output_checks: 'Output rail', total: 'In all'};
const seconds = value => (value === null ? '–' : duration(value * 1e6));

export class Traffic {
  #gateway;
  #readings = [];
  #shown = false;
  #timer = null;
  #view;
  #charts;

  constructor(gateway, view) {
    this.#gateway = gateway;
    this.#view = Object.fromEntries(['tiles', 'charts', 'stages', 'checks', 'reasons', 'statuses', 'problem']
      .map(name => [name, view.querySelector(`[data-part=${name}]`)]));
    this.#charts = {
      rate: new Chart('Requests a second', ['answered'], rate),
      latency: new Chart('Latency, in all', ['p50', 'p99'], seconds),
      load: new Chart('Load', ['in flight', 'connections'], count),
    };
    this.#view.charts.append(...Object.values(this.#charts).map(chart => chart.element));
    document.addEventListener('visibilitychange', () => this.#resume());
  }

  setShown(shown) {
    this.#shown = shown;
    this.#resume();
  }

  #resume() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#shown && !document.hidden) this.#read();
  }

  async #read() {
    const timer = (this.#timer = setTimeout(() => this.#timer === timer && this.#read(), pause));
    try {
      const reading = {at: performance.now(), ...readingOf(await this.#gateway.metrics())};
      this.#view.problem.hidden = true;
      this.#keep(reading);
      this.#draw();
    } catch (problem) {
      this.#view.problem.hidden = false;
      this.#view.problem.textContent = problem.message;
    }
  }

  #keep(reading) {
    const last = this.#readings.at(-1);
    if (last && isRestart(last, reading)) this.#readings = [];
    this.#readings.push(reading);
    this.#readings = this.#readings.slice(-mostReadings);
  }

  /** The oldest reading of the window that ends with reading `i`. */
  #windowBefore(i) {
    const end = this.#readings[i].at;
    return this.#readings.slice(0, i + 1).find(({at}) => end - at <= window);
  }

  /** Of the window that ends with reading `i`. `kind`: stages or checks. */
  #quantileAt(i, kind, name, part) {
    const now = this.#readings[i][kind].get(name);
    return now ? quantile(between(this.#windowBefore(i)[kind].get(name) ?? [], now), part) : null;
  }

  #rateAt(i) {
    if (i === 0) return null;
    const [before, now] = [this.#readings[i - 1], this.#readings[i]];
    return ((now.requests - before.requests) * 1000) / (now.at - before.at);
  }

  #draw() {
    const points = value => this.#readings.map((reading, i) => ({at: reading.at, value: value(i, reading)}));
    const now = this.#readings.at(-1).at;
    this.#charts.rate.draw([points(i => this.#rateAt(i))], now);
    this.#charts.latency.draw([0.5, 0.99].map(part => points(i => this.#quantileAt(i, 'stages', 'total', part))), now);
    this.#charts.load.draw([points((_, {inFlight}) => inFlight), points((_, {connections}) => connections)], now);
    this.#drawTiles();
    this.#drawStages();
    this.#drawChecks();
    this.#drawReasons();
    this.#drawStatuses();
  }

  #drawTiles() {
    const i = this.#readings.length - 1;
    const now = this.#readings[i];
    const before = this.#windowBefore(i);
    const blocked = [...now.blocked.values()].reduce((sum, value) => sum + value, 0);
    const passed = (now.at - before.at) / 1000;
    const tiles = [
      ['requests', 'Requests', count(now.requests)],
      ['rate', 'a second', passed > 0 ? rate((now.requests - before.requests) / passed) : '–'],
      ['p50', 'p50', seconds(this.#quantileAt(i, 'stages', 'total', 0.5))],
      ['p99', 'p99', seconds(this.#quantileAt(i, 'stages', 'total', 0.99))],
      ['blocked', 'Blocked', count(blocked)],
      ['blocked-share', 'of requests', now.requests > 0 ? share(blocked / now.requests) : '–'],
      ['in-flight', 'In flight', count(now.inFlight)],
      ['connections', 'Connections', count(now.connections)],
    ];
    this.#view.tiles.replaceChildren(...tiles.map(([key, name, value]) =>
      element('div', {'data-tile': key}, element('dt', {}, name), element('dd', {}, value))));
  }

  #drawStages() {
    const i = this.#readings.length - 1;
    this.#view.stages.replaceChildren(...Object.entries(stages).map(([stage, name]) =>
      row(name, [0.5, 0.9, 0.99].map(part => seconds(this.#quantileAt(i, 'stages', stage, part))))));
  }

  #drawChecks() {
    const i = this.#readings.length - 1;
    const {checks, findings} = this.#readings[i];
    const ran = [...checks].filter(([, histogram]) => totalOf(histogram) > 0).map(([name]) => name);
    this.#view.checks.replaceChildren(...ran.map(name =>
      row(element('code', {}, name), [...[0.5, 0.99].map(part => seconds(this.#quantileAt(i, 'checks', name, part))),
        count(findings.get(name) ?? 0)])));
  }

  #drawReasons() {
    const rows = [...this.#readings.at(-1).blocked].filter(([, value]) => value > 0).sort((a, b) => b[1] - a[1]);
    this.#view.reasons.replaceChildren(...(rows.length > 0 ? bars(rows) : [element('p', {class: 'note'}, 'Nothing was blocked so far.')]));
  }

  #drawStatuses() {
    const rows = [...this.#readings.at(-1).statuses].sort((a, b) => b[1] - a[1]);
    this.#view.statuses.replaceChildren(...(rows.length > 0 ? bars(rows) : [element('p', {class: 'note'}, 'Nobody has asked so far.')]));
  }
}

const row = (name, values) =>
  element('tr', {}, element('th', {scope: 'row'}, name), values.map(value => element('td', {}, value)));

function bars(rows) {
  const most = Math.max(...rows.map(([, value]) => value));
  return [element('ul', {class: 'bars'}, rows.map(([name, value]) => {
    const bar = element('span', {class: 'bar', 'aria-hidden': 'true'});
    bar.style.setProperty('--part', value / most);
    return element('li', {'data-name': name}, element('span', {class: 'name'}, name), bar, element('span', {class: 'time'}, count(value)));
  }))];
}
