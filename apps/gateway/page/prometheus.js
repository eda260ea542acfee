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

/** A histogram's bounds in seconds and its counts up to each. */
function histogramOf(samples, stage) {
  const rows = samples.filter(({name, labels}) => name === 'guardrails_stage_seconds_bucket' && labels.stage === stage);
  return rows.map(({labels, value}) => ({bound: boundOf(labels.le), count: value})).sort((a, b) => a.bound - b.bound);
}

export const stages = ['queue', 'input_checks', 'llm', 'output_checks', 'total'];

// What people and this page ask about the gateway itself is no traffic.
const ownRoutes = new Set(['healthz', 'readyz', 'version', 'metrics', 'openapi', 'page', 'models']);

/** What one reading says, as this page needs it. */
export function readingOf(text) {
  const samples = samplesOf(text);
  const only = name => samples.find(sample => sample.name === name)?.value ?? 0;
  const rows = (name, label) => samples.filter(sample => sample.name === name).map(({labels, value}) => [labels[label], value]);
  const requests = samples.filter(({name, labels}) => name === 'guardrails_requests_total' && !ownRoutes.has(labels.route));
  const statuses = new Map();
  for (const {labels, value} of requests) statuses.set(labels.status, (statuses.get(labels.status) ?? 0) + value);
  return {
    requests: requests.reduce((sum, {value}) => sum + value, 0),
    statuses,
    blocked: new Map(rows('guardrails_blocked_total', 'reason')),
    histograms: new Map(stages.map(stage => [stage, histogramOf(samples, stage)])),
    inFlight: only('guardrails_in_flight'),
    connections: only('guardrails_connections'),
    refused: only('guardrails_connections_refused_total'),
  };
}

/** Whether the counters began anew in between: the gateway was started again. */
export const isRestart = (before, now) => now.requests < before.requests;

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
