// The line that a text travels: its stations are the rails and the model, and where it is blocked the line ends.
import {checksOf, railVerdict} from './checks.js';
import {element} from './elements.js';
import {duration, score} from './figures.js';
import {pieces} from './spans.js';

const words = {
  passed: 'Passed', answered: 'Answered', masked: 'Masked', flagged: 'Flagged', blocked: 'Blocked', error: 'Failed',
  waiting: 'Under way', skipped: 'Not reached', off: 'Off', stopped: 'Stopped',
};

export const verdictChip = verdict => element('span', {class: `chip is-${verdict}`}, words[verdict]);

const longestQuote = 60;

function quoteOf(text, found) {
  const piece = pieces(text, [{...found, message: null}]).filter(({findings}) => findings.length > 0)
    .map(part => part.text).join('');
  return piece.length > longestQuote ? `${[...piece].slice(0, longestQuote).join('')}…` : piece;
}

function evidenceOf({why, score: value, threshold, model_version: model}) {
  const parts = [`score ${score(value)} of ${score(threshold)}`];
  if (why.pattern) parts.push(`pattern ${why.pattern}`);
  if (why.checksum) parts.push(`checksum ${why.checksum}`);
  if (model) parts.push(`model ${model}`);
  return parts.join(' · ');
}

/** `text`: what the span counts bytes of; null: it is not known here, or it is a tool's. */
function findingItem(found, text) {
  const quote = text === null || found.message !== null ? '' : quoteOf(text, found);
  return element('li', {},
    element('strong', {}, found.entity ?? found.label),
    quote ? element('q', {}, quote) : null,
    found.replacement === null ? null : element('span', {class: 'becomes'}, '→ ', element('code', {}, found.replacement)),
    element('span', {class: 'evidence'}, evidenceOf(found)));
}

function latencyBar(micros, longest) {
  const bar = element('span', {class: 'bar', 'aria-hidden': 'true'});
  bar.style.setProperty('--part', micros === null || longest === 0 ? 0 : micros / longest);
  return bar;
}

function checkItem(check, longest, text) {
  return element('li', {class: 'check', 'data-check': check.name},
    element('span', {class: 'name'}, check.name),
    element('span', {class: 'sentence'}, check.sentence),
    check.verdict === 'shared' ? element('span', {class: 'note'}, 'shared') : verdictChip(check.verdict),
    element('span', {class: 'time'}, check.micros === null ? '–' : duration(check.micros), latencyBar(check.micros, longest)),
    check.findings.length > 0
      ? element('ul', {class: 'findings'}, check.findings.map(found => findingItem(found, text)))
      : null);
}

export function checkList(report, text) {
  const checks = checksOf(report);
  const longest = Math.max(0, ...checks.map(({micros}) => micros ?? 0));
  return element('div', {class: 'checks'},
    element('ul', {}, checks.map(check => checkItem(check, longest, text))),
    report.checks_off.length > 0
      ? element('details', {class: 'off'}, element('summary', {}, `${report.checks_off.length} checks are off`),
        element('p', {}, report.checks_off.join(', ')))
      : null);
}

function station(name, verdict, time, ...content) {
  return element('li', {class: `station is-${verdict}`},
    element('div', {class: 'sign'}, element('h4', {}, name), verdictChip(verdict), element('span', {class: 'time'}, time)),
    ...content);
}

function budgetLine(budget) {
  if (!budget) return null;
  const used = `${budget.context_tokens} tokens of conversation, ${budget.output_tokens} of answer`;
  return element('p', {class: 'budget'}, `Token budget: ${budget.passed ? used : budget.message}`);
}

function railStation(name, report, budget, micros, text, reached) {
  if (!report) {
    const stopped = budget && !budget.passed;
    return station(name, stopped ? 'blocked' : reached ? 'off' : 'skipped', '', budgetLine(budget));
  }
  return station(name, railVerdict(report), duration(micros), budgetLine(budget), checkList(report, text));
}

function modelVerdict(report) {
  if (report.block_reason === 'llm_error') return 'error';
  return report.timings.llm > 0 ? 'answered' : 'skipped';
}

/** Before anything is known. */
export const openTrace = (verdict = 'waiting') => element('ol', {class: 'line'},
  ['Input rail', 'Model', 'Output rail'].map(name => station(name, verdict, '')));

/** `asked`: the user's text. The model's own answer, which the output rail judged, is not known here. */
export function trace(report, asked) {
  const {timings} = report;
  const toModel = timings.llm > 0;
  return element('ol', {class: 'line'},
    railStation('Input rail', report.input_check, report.token_budget_input_check, timings.input_checks, asked, toModel),
    station('Model', modelVerdict(report), toModel ? duration(timings.llm) : ''),
    railStation('Output rail', report.output_check, report.token_budget_output_check, timings.output_checks, null,
      !report.blocked));
}

export function facts(pairs) {
  return element('dl', {class: 'facts'}, pairs.filter(([, value]) => value !== null)
    .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
}
