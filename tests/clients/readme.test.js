// The README's curl examples, run as they are written; only the address is that of the gateway under test.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {describe, it} from 'node:test';
import {promisify} from 'node:util';
import {runningGateway} from './gateway.js';

const run = promisify(execFile);
const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

/** The indented commands that begin with `curl`, with their continued lines. */
const examples = [...readme.matchAll(/^ {4}curl (?:.*\\\n)*.*/gm)].map(([text]) => text);

/** What each answers, in their order. */
const answers = [
  /"content":"What is machine learning\?".*"finish_reason":"stop"/,
  /data: .*"content":"[\s\S]*data: \[DONE\]/,
  /"finish_reason":"content_filter"/,
  /"passed":false/,
  /"ready":true/,
];

describe('the README', () => {
  const gateway = runningGateway();

  it('has as many examples as are expected here', () => assert.equal(examples.length, answers.length));

  for (const [index, example] of examples.entries())
    it(example.trim().split(/ -|\n/)[0], async () => {
      assert.ok(example.includes('http://127.0.0.1:8080/'), 'the address that README and test agree on');
      const command = example.replaceAll('http://127.0.0.1:8080', gateway.url);
      const {stdout} = await run('bash', ['-c', command]);
      assert.match(stdout, answers[index]);
    });
});
