// Reads what /metrics says, and tells what happened between two readings.

const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const labelPair = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Every sample: its name, its labels and its value. */
export function samplesOf(text) {
  return text.split('\n').map(line => sampleLine.exec(line)).filter(Boolean).map(([, name, labels, value]) => ({
    name,
    labels: Object.fromEntries([...(labels ?? '').matchAll(labelPair)].map(([, label, content]) => [label, content])),
    value: value === '+Inf' ? Infinity : Number(value),
  }));
}

const boundOf = text => (text === '+Inf' ? Infinity : Number(text));

/** The bounds of histograms in seconds, and their counts up to each, added up, by the value of a label. */
function histogramsOf(samples, name, label) {
  const counts = new Map();
  for (const {labels, value} of samples.filter(sample => sample.name === `${name}_bucket`)) {
    const own = counts.get(labels[label]) ?? new Map();
    const bound = boundOf(labels.le);
    counts.set(labels[label], own.set(bound, (own.get(bound) ?? 0) + value));
  }
  return new Map([...counts].map(([key, own]) =>
    [key, [...own].map(([bound, count]) => ({bound, count})).sort((a, b) => a.bound - b.bound)]));
}

/** Samples added up by the value of a label. */
function sumsOf(samples, label) {
  const sums = new Map();
  for (const {labels, value} of samples) sums.set(labels[label], (sums.get(labels[label]) ?? 0) + value);
  return sums;
}

// What people and this page ask about the gateway itself is no traffic.
const ownRoutes = new Set(['healthz', 'readyz', 'version', 'metrics', 'openapi', 'page', 'models']);

/** What one reading says, as this page needs it. */
export function readingOf(text) {
  const samples = samplesOf(text);
  const only = name => samples.find(sample => sample.name === name)?.value ?? 0;
  const all = name => samples.filter(sample => sample.name === name);
  const requests = samples.filter(({name, labels}) => name === 'guardrails_requests_total' && !ownRoutes.has(labels.route));
  return {
    requests: requests.reduce((sum, {value}) => sum + value, 0),
    statuses: sumsOf(requests, 'status'),
    blocked: sumsOf(all('guardrails_blocked_total'), 'reason'),
    stages: histogramsOf(samples, 'guardrails_stage_seconds', 'stage'),
    checks: histogramsOf(samples, 'guardrails_check_seconds', 'check'),
    findings: sumsOf(all('guardrails_check_findings_total'), 'check'),
    inFlight: only('guardrails_in_flight'),
    connections: only('guardrails_connections'),
    refused: only('guardrails_connections_refused_total'),
  };
}

/** The nodes that run generations: where, in which state, with how much under way and how slow, in seconds. */
export function nodesOf(text) {
  const samples = samplesOf(text);
  const of = (name, node) => samples.find(sample => sample.name === name && sample.labels.node === node)?.value ?? 0;
  return samples.filter(({name}) => name === 'guardrails_node_state').map(({labels: {node, state}}) => ({
    node,
    state,
    inFlight: of('guardrails_node_in_flight', node),
    latency: of('guardrails_node_latency_seconds', node),
  }));
}

/** Whether the counters began anew in between: the gateway was started again. */
export const isRestart = (before, now) => now.requests < before.requests;

/** How much a histogram counted. */
export const totalOf = histogram => histogram.at(-1)?.count ?? 0;

/** The counts of a histogram between two readings, each bucket for itself. */
export function between(before, now) {
  const earlier = new Map(before.map(({bound, count}) => [bound, count]));
  let below = 0;
  return now.map(({bound, count}) => {
    const upTo = count - (earlier.get(bound) ?? 0);
    const own = upTo - below;
    below = upTo;
    return {bound, count: own};
  });
}

/** The value that this share of the counts does not exceed, in seconds; between a bucket's bounds by proportion. */
export function quantile(buckets, share) {
  const total = buckets.reduce((sum, {count}) => sum + count, 0);
  if (total <= 0) return null;
  let left = share * total;
  let low = 0;
  for (const {bound, count} of buckets) {
    if (left <= count && count > 0) return bound === Infinity ? low : low + ((bound - low) * left) / count;
    left -= count;
    if (bound !== Infinity) low = bound;
  }
  return low;
}
