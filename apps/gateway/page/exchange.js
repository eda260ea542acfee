// One question and its answer, beside the line it travelled.
import {element} from './elements.js';
import {duration} from './figures.js';
import {markedText} from './marked_text.js';
import {afterMasking, isMasked, masked} from './spans.js';
import {facts, openTrace, trace} from './trace.js';

const reasons = {
  input: 'A check blocked the message',
  output: 'A check blocked the answer',
  llm_error: 'The model gave no usable answer',
  no_user_input: 'There was no message to judge',
  token_budget_input: 'The message is beyond the token budget',
  token_budget_output: 'The answer is beyond the token budget',
  rate_limited: 'This session has used up its requests',
  overloaded: 'The gateway is full',
  timeout: 'The time for an answer is over',
  cancelled: 'The generation was cancelled',
  check_error: 'A check could not judge the text',
};

const said = (who, ...content) => element('div', {class: 'said'}, element('h3', {}, who), ...content);

export class Exchange {
  #asked;
  #begun = performance.now();
  #firstWord = null;
  #question;
  #answer;
  #talk;
  #line;
  #shown = document.createTextNode('');

  /** `number`: of this message in the conversation. */
  constructor(asked, number) {
    this.#asked = asked;
    this.#question = element('div', {class: 'question'}, said('You', element('p', {class: 'text'}, asked)));
    this.#answer = element('p', {class: 'text answer is-coming', 'aria-live': 'polite', 'aria-busy': 'true'}, this.#shown);
    this.#talk = element('div', {class: 'talk'}, this.#question, said('Answer', this.#answer));
    this.#line = element('div', {class: 'travelled card'}, openTrace());
    this.element = element('article', {class: 'exchange'}, element('h2', {class: 'unseen'}, `Message ${number}`), this.#talk, this.#line);
  }

  /** Where the answer grows. */
  get end() {
    return this.#answer.getBoundingClientRect().bottom;
  }

  get answer() {
    return this.#shown.data;
  }

  add(text) {
    if (!text) return;
    this.#firstWord ??= performance.now() - this.#begun;
    this.#shown.appendData(text);
  }

  /** It has ended. `report` is null where the gateway gave none; `cut`: only its beginning was shown. */
  finish(report, cut) {
    this.#end();
    if (!report) return this.#line.replaceChildren();
    this.#line.replaceChildren(trace(report, this.#asked), this.#factsOf(report));
    this.#mark(report);
    if (report.blocked) this.#explain(reasons[report.block_reason] ?? 'The answer was blocked', report.block_reason);
    if (cut) this.#note('Only the beginning was shown: the rest is withheld.');
  }

  fail({message, code}) {
    this.#end();
    this.#line.replaceChildren();
    this.#explain(message, code);
  }

  stop() {
    this.#end();
    this.#line.replaceChildren(openTrace('stopped'));
    this.#note('Stopped. The gateway has ended the generation.');
  }

  #note(text) {
    this.#talk.append(element('p', {class: 'note'}, text));
  }

  #end() {
    this.#answer.classList.remove('is-coming');
    this.#answer.setAttribute('aria-busy', 'false');
    if (!this.#shown.data) this.#answer.parentElement.hidden = true;
  }

  #explain(sentence, code) {
    this.#answer.classList.add('is-refusal');
    this.#question.after(element('p', {class: 'notice'}, element('strong', {}, sentence), code ? element('code', {}, code) : null));
  }

  #mark({input_check: input, output_check: output, blocked}) {
    if (input?.findings.length > 0) this.#question.replaceChildren(...this.#questionParts(input.findings));
    if (output && !blocked) {
      const found = afterMasking(this.#shown.data, output.findings);
      this.#answer.replaceChildren(...markedText(this.#shown.data, found));
    }
  }

  #questionParts(findings) {
    const original = element('p', {class: 'text'}, markedText(this.#asked, findings));
    if (!isMasked(findings)) return [said('You', original)];
    const sent = masked(this.#asked, findings);
    return [said('You, as written', original),
      said('You, as masked', element('p', {class: 'text'}, markedText(sent.text, sent.findings)))];
  }

  #factsOf({timings, config_version: version, request_id: id}) {
    return facts([
      ['in all', duration(timings.total)],
      ['waiting', duration(timings.queue)],
      ['first word seen', this.#firstWord === null ? null : duration(this.#firstWord * 1000)],
      ['configuration', element('code', {}, version)],
      ['request', element('code', {}, id)],
    ]);
  }
}
