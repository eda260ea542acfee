// The gateway's endpoints, as this page asks them.
import {eventsOf} from './event_stream.js';

/** What the gateway refused, or that it could not be reached (status 0). */
export class Refusal extends Error {
  constructor(status, {message, code} = {}) {
    super(message ?? (status ? `Answered with status ${status}.` : 'The gateway cannot be reached.'));
    this.status = status;
    this.code = code ?? null;
  }
}

async function refusalOf(answer) {
  const body = await answer.json().catch(() => null);
  return new Refusal(answer.status, body?.error ?? undefined);
}

export class Gateway {
  #key = ''; // of this page's memory alone: no storage has it

  setKey(key) {
    this.#key = key.trim();
  }

  /** Asks; an answer of any status. Throws a Refusal where there is none, and what an abort throws. */
  async #fetch(path, {body, headers = {}, signal} = {}) {
    const all = {...headers};
    if (this.#key) all.authorization = `Bearer ${this.#key}`;
    if (body) all['content-type'] = 'application/json';
    const options = {method: body ? 'POST' : 'GET', headers: all, signal, cache: 'no-store', credentials: 'omit'};
    try {
      return await fetch(path, body ? {...options, body: JSON.stringify(body)} : options);
    } catch (problem) {
      throw signal?.aborted ? problem : new Refusal(0);
    }
  }

  async #ask(path, options) {
    const answer = await this.#fetch(path, options);
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  }

  /**
   * The chunks of an answer, as they come. One that was cut after its first word ends with what the gateway says of that,
   * in a chunk with an `error`, where there is a report of it.
   */
  async *chat(messages, signal) {
    const body = {messages, stream: true};
    const answer = await this.#ask('/v1/chat/completions', {body, signal, headers: {'x-guardrails-report': 'true'}});
    for await (const event of eventsOf(answer.body)) {
      if (event === '[DONE]') return;
      const chunk = JSON.parse(event);
      if (chunk.error && !chunk.guardrails) throw new Refusal(answer.status, chunk.error);
      yield chunk;
      if (chunk.error) return;
    }
    throw new Refusal(answer.status, {message: 'The answer broke off.', code: 'cut_off'});
  }

  async check(text, direction, signal) {
    const answer = await this.#ask('/v1/guardrails/check', {body: {text, direction}, signal});
    return {report: await answer.json(), version: answer.headers.get('x-guardrails-config-version')};
  }

  async metrics() {
    return (await this.#ask('/metrics')).text();
  }

  /** Also while it is not ready, which is no failure. */
  async readiness() {
    const answer = await this.#fetch('/readyz');
    if (!answer.ok && answer.status !== 503) throw await refusalOf(answer);
    return answer.json();
  }

  async models() {
    return (await (await this.#ask('/v1/models')).json()).data.map(({id}) => id);
  }

  async version() {
    return (await this.#ask('/version')).json();
  }
}
