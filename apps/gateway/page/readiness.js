// Whether the gateway is ready, which checks have proved themselves, and what it runs.
import {element} from './elements.js';
import {nodesOf} from './prometheus.js';

const pause = 10_000; // milliseconds
const proofs = {
  armed: ['passed', 'Armed', 'caught what it must catch'],
  failed: ['blocked', 'Failed', ''],
  unknown: ['off', 'Unknown', 'nobody knows a text that it must catch'],
};

const shortVersion = 8; // characters of a hash that tell configurations apart

function stateOf(said) {
  if (!said) return ['blocked', 'Unreachable'];
  if (said.draining) return ['flagged', 'Shutting down'];
  return said.ready ? ['passed', 'Ready'] : ['blocked', 'Not ready'];
}

function proofItem({check, proof, detail}) {
  const [verdict, word, meaning] = proofs[proof];
  return element('li', {class: 'check', 'data-check': check}, element('span', {class: 'name'}, check),
    element('span', {class: `chip is-${verdict}`}, word), element('p', {class: 'sentence'}, detail || meaning));
}

const nodeStates = {open: 'passed', draining: 'flagged', connecting: 'flagged', lost: 'blocked', refused: 'blocked'};

function nodeItem({node, state, inFlight, latency}) {
  const work = `${inFlight} in flight` + (latency > 0 ? `, ${(latency * 1000).toFixed(1)} ms` : '');
  return element('li', {class: 'check', 'data-node': node}, element('span', {class: 'name'}, node),
    element('span', {class: `chip is-${nodeStates[state]}`}, state), element('p', {class: 'sentence'}, work));
}

export class Readiness {
  #gateway;
  #pill;
  #view;
  #version = null;

  /** `pill`: the short form, always in sight; `view`: the whole. */
  constructor(gateway, pill, view) {
    this.#gateway = gateway;
    this.#pill = pill;
    this.#view = Object.fromEntries(['state', 'checks', 'models', 'program', 'configuration', 'cluster', 'nodes']
      .map(name => [name, view.querySelector(`[data-part=${name}]`)]));
    setInterval(() => document.hidden || this.refresh(), pause);
    document.addEventListener('visibilitychange', () => document.hidden || this.refresh());
  }

  async refresh() {
    const settled = await Promise.allSettled([this.#gateway.readiness(), this.#gateway.models(), this.#gateway.version(),
      this.#gateway.metrics()]);
    const [said, models, version, metrics] = settled.map(({value}) => value ?? null);
    this.#showState(said);
    this.#view.models.textContent = models ? models.join(', ') || 'none' : settled[1].reason.message;
    this.#showNodes(nodesOf(metrics ?? ''));
    if (!version) return;
    this.#view.program.textContent = version.version;
    this.showVersion(version.config_version);
  }

  /** Of the configuration that judged last. */
  showVersion(version) {
    if (version === this.#version) return;
    this.#version = version;
    this.#view.configuration.textContent = version;
    const short = this.#pill.querySelector('[data-part=version]');
    short.textContent = version.slice(0, shortVersion);
    short.title = `Configuration ${version}`;
  }

  #showNodes(nodes) {
    this.#view.cluster.hidden = nodes.length === 0;
    this.#view.nodes.replaceChildren(...nodes.map(nodeItem));
  }

  #showState(said) {
    const [verdict, word] = stateOf(said);
    const chip = this.#pill.querySelector('[data-part=ready]');
    chip.className = `chip is-${verdict}`;
    chip.textContent = word;
    const failed = said?.failed.join(', ');
    this.#view.state.textContent = failed ? `${word}: ${failed}` : word;
    this.#view.checks.replaceChildren(...(said?.checks ?? []).map(proofItem));
  }
}
