// The page's arithmetic: places in texts, and what happened between two readings of /metrics.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {runningGateway} from '../clients/gateway.js';
import {runningBrowser, skip} from './browser.js';

const found = (begin, end, replacement = null, more = {}) =>
  ({span: [begin, end], replacement, message: null, action: 'flag', check: 'c', label: `${begin}`, entity: null, ...more});

describe('the modules of the page', {skip}, () => {
  const gateway = runningGateway();
  const browser = runningBrowser();
  let page = null;

  /** Calls a function of a module in the browser. */
  async function call(module, name, ...values) {
    page ??= await browser.open(gateway.url);
    return page.evaluate(async ([path, what, given]) => (await import(path))[what](...given), [`/page/${module}.js`, name, values]);
  }

  it('cuts texts at bytes, whatever the characters are', async () => {
    const text = '😀é你x';
    const pieces = await call('spans', 'pieces', text, [found(4, 6), found(4, 9), found(9, 10), found(0, 4, null, {message: 2})]);
    assert.deepEqual(pieces.map(piece => [piece.text, piece.findings.length, piece.ending.length]),
      [['😀', 0, 0], ['é', 2, 1], ['你', 1, 1], ['x', 1, 1]]);
  });

  it('cuts nothing where nothing was found, or beyond the end', async () => {
    const pieces = await call('spans', 'pieces', 'abc', [found(1, 9), found(2, 2)]);
    assert.deepEqual(pieces.map(({text}) => text), ['abc']);
    assert.deepEqual(await call('spans', 'pieces', '', []), []);
  });

  it('masks, the first and longest of what overlaps', async () => {
    const masked = await call('spans', 'masked', '😀 a@b.c d', [found(5, 10, '<E>'), found(7, 10, '<U>'), found(5, 6, '<X>'), found(11, 12)]);
    assert.equal(masked.text, '😀 <E> d');
    assert.deepEqual(masked.findings.map(({span}) => span), [[5, 8]]);
  });

  it('finds places again in a text that was masked', async () => {
    const findings = [found(5, 10, '<EMAIL>'), found(11, 12), found(0, 12)];
    const moved = await call('spans', 'afterMasking', '😀 <EMAIL> d', findings);
    assert.deepEqual(moved.map(({span}) => span), [[5, 12], [13, 14], [0, 14]]);
    assert.deepEqual(await call('spans', 'afterMasking', '😀 something else', findings), []);
  });

  it('reads metrics', async () => {
    const samples = await call('prometheus', 'samplesOf', '# HELP a b\na 1\nb{x="1",y="a b"} 2.5e3\nc_bucket{le="+Inf"} 3\n');
    assert.deepEqual(samples, [{name: 'a', labels: {}, value: 1}, {name: 'b', labels: {x: '1', y: 'a b'}, value: 2500},
      {name: 'c_bucket', labels: {le: '+Inf'}, value: 3}]);
  });

  it('reads nodes out of metrics', async () => {
    const text = 'guardrails_node_state{node="10.0.0.1:4711",state="open"} 1\nguardrails_node_state{node="[::1]:1",state="lost"} 1\n'
      + 'guardrails_node_in_flight{node="10.0.0.1:4711"} 3\nguardrails_node_latency_seconds{node="10.0.0.1:4711"} 0.25\n';
    assert.deepEqual(await call('prometheus', 'nodesOf', text), [
      {node: '10.0.0.1:4711', state: 'open', inFlight: 3, latency: 0.25}, {node: '[::1]:1', state: 'lost', inFlight: 0, latency: 0}]);
    assert.deepEqual(await call('prometheus', 'nodesOf', ''), []);
  });

  it('tells quantiles between two readings', async () => {
    const bounds = [0.001, 0.01, 0.1];
    const reading = counts => bounds.map((bound, i) => ({bound, count: counts[i]}));
    const own = await call('prometheus', 'between', reading([5, 5, 5]), reading([5, 15, 25]));
    assert.deepEqual(own, [{bound: 0.001, count: 0}, {bound: 0.01, count: 10}, {bound: 0.1, count: 10}]);
    const quantile = share => call('prometheus', 'quantile', own, share);
    for (const [share, value] of [[0.25, 0.0055], [0.5, 0.01], [1, 0.1]])
      assert.ok(Math.abs(await quantile(share) - value) < 1e-9);
    assert.equal(await call('prometheus', 'quantile', [{bound: 0.1, count: 0}], 0.5), null);
  });
});
