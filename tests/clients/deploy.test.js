// nginx with the configuration of docs/deploy.md in front of a running gateway.
import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {comesTrue, noChecks, runningGateway} from './gateway.js';

const has = command => {
  try {
    execFileSync('sh', ['-c', `PATH="$PATH:/usr/sbin"; command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
};

const missing = ['nginx', 'openssl'].filter(command => !has(command));
const skip = missing.length > 0 && !process.env.CI ? `${missing.join(' and ')} not installed` : false;

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** The document's text, with this machine's addresses and files. */
async function snippet(gateway, port, folder) {
  const page = await readFile(fileURLToPath(new URL('../../docs/deploy.md', import.meta.url)), 'utf8');
  const [, text] = /```nginx\n([\s\S]*?)```/.exec(page);
  const replaced = {'127.0.0.1:8080': new URL(gateway.url).host, 'listen 443 ': `listen 127.0.0.1:${port} `,
    '/etc/nginx/guardrails.crt': `${folder}/crt`, '/etc/nginx/guardrails.key': `${folder}/key`};
  return Object.entries(replaced).reduce((result, [from, to]) => {
    assert.equal(result.split(from).length, 2, `${from} occurs once`);
    return result.replace(from, to);
  }, text);
}

describe('nginx in front', {skip}, () => {
  const gateway = runningGateway({rails: noChecks, upstream: ['--tokens-per-second', '10']});
  let folder, nginx, port;

  const ask = (method, where, body, headers = {}) => new Promise((resolve, reject) => {
    const request = https.request(
      {host: '127.0.0.1', port, method, path: where, rejectUnauthorized: false, agent: false,
        headers: {'Content-Type': 'application/json', ...headers}}, resolve);
    request.on('error', reject);
    request.end(body);
  });

  const read = async answer => {
    let text = '';
    for await (const piece of answer) text += piece;
    return text;
  };

  const chat = (content, more) => JSON.stringify({model: 'm', messages: [{role: 'user', content}], ...more});

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'guardrails-nginx-'));
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
      '-subj', '/CN=localhost', '-days', '2', '-keyout', `${folder}/key`, '-out', `${folder}/crt`], {stdio: 'ignore'});
    port = await freePort();
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${folder}/${kind};`);
    await writeFile(`${folder}/nginx.conf`, `daemon off; master_process off; pid ${folder}/pid; error_log stderr;\n` +
      `events {}\nhttp {\naccess_log off;\n${places.join('\n')}\n${await snippet(gateway, port, folder)}}\n`);
    nginx = spawn('nginx', ['-p', folder, '-c', `${folder}/nginx.conf`],
      {stdio: ['ignore', 'ignore', 'inherit'], env: {...process.env, PATH: `${process.env.PATH}:/usr/sbin`}});
    assert.ok(await comesTrue(async () => {
      try {
        return (await read(await ask('GET', '/healthz'))).includes('ok');
      } catch {
        return false; // does not listen yet
      }
    }), 'nginx answers');
  });

  after(async () => {
    if (nginx && nginx.exitCode === null) {
      const ended = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await ended;
    }
    await rm(folder, {recursive: true, force: true});
  });

  it('passes requests and answers with their headers', async () => {
    const answer = await ask('POST', '/v1/chat/completions', chat('Hello'), {'x-request-id': 'mine-1'});
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['x-request-id'], 'mine-1');
    assert.equal(JSON.parse(await read(answer)).choices[0].message.content, 'Hello');
  });

  it('passes bodies as long as the gateway takes, and keeps the rest to itself', async () => {
    const text = JSON.stringify({text: 'word '.repeat(600_000)});
    const long = await ask('POST', '/v1/guardrails/check', text);
    assert.equal(long.statusCode, 200);
    await read(long);
    for (const hidden of ['/metrics', '/admin/config']) {
      const answer = await ask('GET', hidden);
      assert.equal(answer.statusCode, 404);
      assert.match(await read(answer), /nginx/);
    }
  });

  // The whole stream takes the better part of a minute: what comes before its end was held by nobody.
  it('shows a stream while it comes, and its client\'s leaving to the model', async () => {
    const answer = await ask('POST', '/v1/chat/completions', chat('word '.repeat(500), {stream: true}));
    assert.match(answer.headers['content-type'], /^text\/event-stream/);
    let seen = '';
    for await (const piece of answer) {
      seen += piece;
      if (/"content":"w/.test(seen)) break; // ends the connection
    }
    assert.doesNotMatch(seen, /\[DONE\]/);
    assert.ok(await comesTrue(async () => (await gateway.upstreamStats()).cancelled === 1), 'the model was told');
  });
});
