// A running gateway with `guardrails mock-llm` behind it, both on ports of their own on loopback.
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before} from 'node:test';

const program = process.env.GUARDRAILS_PROGRAM;
const patience = 60_000;

export const card = 'My card is 4111 1111 1111 1111';

/** Rails that look at nothing: answers stream while they are made. */
export const noChecks = 'input_checks: false, output_checks: false';

/** Starts the program and waits until it says where it listens. */
async function start(...args) {
  const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'inherit']});
  const url = await new Promise((resolve, reject) => {
    let output = '';
    const late = setTimeout(() => reject(new Error(`${args[0]} does not listen`)), patience);
    child.on('error', reject);
    child.on('exit', code => reject(new Error(`${args[0]} ended with code ${code}`)));
    child.stdout.on('data', text => {
      output += text;
      const found = /listening on (http:\S+)\n/.exec(output);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    });
  });
  return {child, url};
}

async function stop({child}) {
  if (child.exitCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(late);
}

/**
 * What one file of tests runs against; starts before them and ends after them.
 * `rails`: the section `guardrails:`; `model`: the upstream's, whose name may choose a fault; `keys`: name → {key, …limits};
 * `options` and `upstream`: further options of `serve` and of `mock-llm`.
 */
export function runningGateway({rails = 'check_sensitive_data: true', model = 'mock', keys, options = [], upstream = []} = {}) {
  const running = {};
  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'guardrails-clients-'));
    running.folder = folder;
    running.mock = await start('mock-llm', '--listen', '127.0.0.1:0', ...upstream);
    const config = path.join(folder, 'gateway.yml');
    await writeFile(config, `llm: {engine: openai_compatible, base_url: "${running.mock.url}/v1", model: ${model}, ` +
      `timeout: 10m, retries: {max: 0}}\nguardrails: {${rails}}\n`);
    const more = [...options];
    if (keys) {
      const file = path.join(folder, 'keys.yml');
      await writeFile(file, keysFile(keys));
      more.push('--keys', file);
    }
    running.serve = await start('serve', '--listen', '127.0.0.1:0', '--config', config, '--drain-timeout', '1s', ...more);
    running.url = running.serve.url;
    running.baseURL = `${running.url}/v1`;
  });
  after(async () => {
    if (running.serve) await stop(running.serve);
    if (running.mock) await stop(running.mock);
    await rm(running.folder, {recursive: true, force: true});
  });
  running.upstreamStats = async () => (await fetch(`${running.mock.url}/stats`)).json();
  return running;
}

function keysFile(keys) {
  const lines = Object.entries(keys).map(([name, {key, ...limits}]) => {
    const sha256 = createHash('sha256').update(key).digest('hex');
    return `  - ${JSON.stringify({name, sha256, ...limits})}`;
  });
  return `keys:\n${lines.join('\n')}\n`;
}

/** Waits until `condition` holds; false: it never did. */
export async function comesTrue(condition) {
  for (let i = 0; i < 500; ++i) {
    if (await condition()) return true;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return false;
}
