// The README's examples of the gateway, run as they are written: only the address and the program differ.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {start, stop} from './gateway.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const address = '127.0.0.1:8080';

const readme = await readFile(`${root}/README.md`, 'utf8');
const section = /\n## The gateway\n([\s\S]*?)\n## /.exec(readme)[1];
const examples = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text]) => text.trim());

describe('the README', () => {
  const [opening, ...asking] = examples;
  let running, answers;

  before(async () => {
    const [path, ...options] = opening.split(/\s+/);
    assert.equal(path, 'build/release/apps/guardrails');
    assert.ok(options.includes(address));
    running = await start(options.map(option => (option === address ? '127.0.0.1:0' : option)), {cwd: root});
    const host = new URL(running.url).host;
    answers = await Promise.all(asking.map(async command => {
      assert.ok(command.startsWith('curl ') && command.includes(`http://${address}/`), command);
      const {stdout} = await promisify(execFile)('bash', ['-c', command.replace(address, host)]);
      return stdout;
    }));
  });
  after(async () => {
    if (running) await stop(running);
  });

  it('asks four times', () => assert.equal(asking.length, 4));

  it('gets an answer', () => {
    const [choice] = JSON.parse(answers[0]).choices;
    assert.equal(choice.message.content, 'What is machine learning?');
    assert.equal(choice.finish_reason, 'stop');
  });

  it('gets a stream', () => {
    const events = answers[1].split('\n\n').filter(event => event !== '').map(event => event.slice('data: '.length));
    assert.equal(events.pop(), '[DONE]');
    const choices = events.map(event => JSON.parse(event).choices[0]);
    assert.equal(choices.map(choice => choice.delta.content ?? '').join(''), 'What is machine learning?');
    assert.equal(choices.at(-1).finish_reason, 'stop');
  });

  it('gets a refusal that says why', () => {
    const {choices: [choice], guardrails} = JSON.parse(answers[2]);
    assert.equal(choice.finish_reason, 'content_filter');
    assert.match(choice.message.content, /^Sensitive data detected/);
    assert.equal(guardrails.block_reason, 'input');
  });

  it('gets the report of a check', () => {
    const report = JSON.parse(answers[3]);
    assert.equal(report.passed, false);
    assert.deepEqual(report.sensitive_data.predicted_labels, ['CreditCard']);
  });
});
