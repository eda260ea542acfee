// nginx in front of the gateway, by the very configuration that docs/deploy.md shows: only addresses and paths differ.
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import https from 'node:https';
import net from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {promisify} from 'node:util';
import {comesTrue, noChecks, runningGateway} from './gateway.js';

const run = promisify(execFile);
const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);
const document = await readFile(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
const [, snippet] = /```nginx\n([\s\S]*?)```/.exec(document);

/** A port that nobody listens on now. */
function freePort() {
  return new Promise(resolve => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Replaces every `from`, which has to be there. */
function replaced(text, from, to) {
  assert.ok(text.includes(from), `docs/deploy.md: ${from}`);
  return text.replaceAll(from, to);
}

function configuration(folder, port, upstream) {
  let server = replaced(snippet, 'listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  server = replaced(server, 'server 127.0.0.1:8080', `server ${upstream}`);
  server = replaced(server, '/etc/ssl/private/llm.key', path.join(folder, 'key.pem'));
  server = replaced(server, '/etc/ssl/certs/llm.pem', path.join(folder, 'certificate.pem'));
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${path.join(folder, name)};`).join('\n');
  return `daemon off;\nmaster_process off;\nerror_log stderr error;\npid ${path.join(folder, 'pid')};\n` +
    `events {}\nhttp {\naccess_log off;\n${folders}\n${server}}\n`;
}

describe('nginx in front', {skip: nginx ? false : 'nginx is not installed'}, () => {
  const gateway = runningGateway({rails: noChecks, upstream: ['--tokens-per-second', '20']});
  const front = {};

  before(async () => {
    front.folder = await mkdtemp(path.join(tmpdir(), 'guardrails-nginx-'));
    front.port = await freePort();
    const file = name => path.join(front.folder, name);
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=llm.example.com',
      '-addext', 'subjectAltName=DNS:llm.example.com', '-keyout', file('key.pem'), '-out', file('certificate.pem')]);
    await writeFile(file('nginx.conf'), configuration(front.folder, front.port, gateway.url.slice('http://'.length)));
    front.child = spawn(nginx, ['-e', 'stderr', '-p', front.folder, '-c', file('nginx.conf')], {stdio: ['ignore', 'inherit', 'inherit']});
    front.ca = await readFile(file('certificate.pem'));
    assert.ok(await comesTrue(() => ask('/healthz').then(() => true, () => false)), 'nginx does not listen');
  });
  after(async () => {
    if (front.child?.exitCode === null) {
      const ended = new Promise(resolve => front.child.once('exit', resolve));
      front.child.kill('SIGTERM');
      await ended;
    }
    await rm(front.folder, {recursive: true, force: true});
  });

  /** Status, headers, and the body in the pieces in which it came. */
  function ask(page, body, headers = {}) {
    return new Promise((resolve, reject) => {
      const request = https.request({host: '127.0.0.1', port: front.port, path: page, ca: front.ca,
        servername: 'llm.example.com', method: body ? 'POST' : 'GET', headers: {host: 'llm.example.com', ...headers}});
      request.on('error', reject);
      request.on('response', response => {
        const pieces = [];
        response.on('data', piece => pieces.push(piece.toString()));
        response.on('error', reject);
        response.on('end', () => resolve({status: response.statusCode, headers: response.headers, pieces}));
      });
      request.end(body && JSON.stringify(body));
    });
  }

  const chat = more => ({messages: [{role: 'user', content: 'one two three four five six seven eight'}], ...more});

  it('passes chats on, with a name of its own for each', async () => {
    const got = await ask('/v1/chat/completions', chat());
    assert.equal(got.status, 200);
    assert.equal(JSON.parse(got.pieces.join('')).choices[0].message.content, chat().messages[0].content);
    assert.match(got.headers['x-request-id'], /^[0-9a-f]{32}$/);
  });

  it('passes streams on as they come', async () => {
    const got = await ask('/v1/chat/completions', chat({stream: true}));
    assert.ok(got.pieces.length > 2, `${got.pieces.length} pieces`);
    assert.ok(got.pieces.join('').endsWith('data: [DONE]\n\n'));
  });

  it('keeps what is the operator\'s to itself', async () => {
    for (const page of ['/admin/config', '/metrics'])
      assert.equal((await ask(page)).status, 404, page);
  });
});
