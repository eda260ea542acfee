// One text, judged alone: as input, as an answer, or as neither.
import {element} from './elements.js';
import {railVerdict} from './checks.js';
import {markedText} from './marked_text.js';
import {isMasked, masked} from './spans.js';
import {checkList, facts, verdictChip} from './trace.js';

const box = (title, ...content) => element('div', {class: 'said'}, element('h3', {}, title), ...content);

function judged(text, report) {
  const original = box('As written', element('p', {class: 'text'}, markedText(text, report.findings)));
  if (!isMasked(report.findings)) return [original];
  const shown = masked(text, report.findings);
  return [original, box('As masked', element('p', {class: 'text'}, markedText(shown.text, shown.findings)))];
}

function verdict(text, {report, version}) {
  return [
    element('div', {class: 'sign'}, element('h3', {}, report.message), verdictChip(railVerdict(report))),
    element('div', {class: 'question'}, judged(text, report)),
    checkList(report, text),
    facts([['configuration', version ? element('code', {}, version) : null]]),
  ];
}

/** `listeners`: `onVersion(version)`, `onRefusal(refusal)`. */
export function startChecking(gateway, view, {onVersion, onRefusal}) {
  const [form, field, result, status] = ['form', 'text', 'result', 'status'].map(name => view.querySelector(`[data-part=${name}]`));
  let running = null;

  const notice = problem => element('p', {class: 'notice'}, element('strong', {}, problem.message),
    problem.code ? element('code', {}, problem.code) : null);

  async function check() {
    const text = field.value.toWellFormed();
    if (!text.trim()) return field.focus();
    running?.abort();
    const mine = (running = new AbortController());
    try {
      const said = await gateway.check(text, new FormData(form).get('direction'), mine.signal);
      result.replaceChildren(...verdict(text, said));
      status.textContent = said.report.passed ? 'The text passes.' : 'The text does not pass.';
      if (said.version) onVersion(said.version);
    } catch (problem) {
      if (mine.signal.aborted) return;
      result.replaceChildren(notice(problem));
      status.textContent = problem.message;
      onRefusal(problem);
    }
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    check();
  });
  field.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    check();
  });
}
