// What a report says of each check: a verdict, a sentence, what it found and the time it took.

/** Members of a report that are named otherwise than their check. */
const checkNames = {sql: 'sql_syntax', exfiltration: 'data_exfiltration'};

/** Work that several checks share; it has a time and no verdict. */
const sharedWork = new Set(['heads', 'patterns']);

const verdictMembers = ['toxicity', 'sensitive_data', 'semantic_class', 'off_topic', 'sql', 'pii', 'exfiltration',
  'invisible_text', 'urls', 'languages', 'output_json'];

// What reports say where there is nothing to say.
const allPassed = 'All checks passed';
const nothingSensitive = 'No sensitive data detected';

const percent = value => `${Math.round(value * 100)} %`;

function sentenceOf(member, value) {
  if (member === 'toxicity') return `${value.label}, ${percent(value.confidence)} sure`;
  if (member === 'sensitive_data') return value.predicted_labels.filter(label => label !== nothingSensitive).join(', ');
  if (member === 'semantic_class') return value;
  return value.message === allPassed ? '' : value.message;
}

export function verdictOf(findings, {failed = false, passed = true} = {}) {
  if (failed) return 'error';
  if (!passed || findings.some(({action}) => action === 'block')) return 'blocked';
  if (findings.some(({replacement}) => replacement !== null)) return 'masked';
  if (findings.some(({action}) => action === 'flag' || action === 'review')) return 'flagged';
  return 'passed';
}

function checkOf(report, name, member) {
  const said = member ? report[member] : null;
  const findings = report.findings.filter(({check}) => check === name);
  const error = report.errors.find(({check}) => check === name);
  return {
    name,
    verdict: sharedWork.has(name) ? 'shared' : verdictOf(findings, {failed: Boolean(error), passed: said?.passed}),
    sentence: error?.message ?? (said === null ? '' : sentenceOf(member, said)),
    micros: report.latency_us[name] ?? null,
    findings,
  };
}

/** Every check that ran: those that found something first, and what they share last. */
export function checksOf(report) {
  const members = new Map(verdictMembers.filter(member => report[member] !== null)
    .map(member => [checkNames[member] ?? member, member]));
  const names = new Set([...members.keys(), ...Object.keys(report.latency_us),
    ...report.findings.map(({check}) => check), ...report.errors.map(({check}) => check)]);
  const order = ['error', 'blocked', 'masked', 'flagged', 'passed', 'shared'];
  return [...names].map(name => checkOf(report, name, members.get(name)))
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
}

/** The verdict of a whole rail. */
export function railVerdict(report) {
  if (!report.passed) return report.errors.length > 0 && !report.findings.some(({action}) => action === 'block') ? 'error' : 'blocked';
  return verdictOf(report.findings);
}
