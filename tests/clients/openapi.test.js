// The OpenAPI document says what the gateway does: every example in it is sent, and what comes back is held against it.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';
import {describe, it} from 'node:test';
import {Validator} from '@seriousme/openapi-schema-validator';
import {Ajv2020} from 'ajv/dist/2020.js';
import {runningGateway} from './gateway.js';

const document = JSON.parse(await readFile(new URL('../../apps/gateway/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({strict: false, allErrors: true}).addSchema(document, 'document');

/** What `value` has against the part of the document at the pointer. */
function problems(value, pointer) {
  const fits = ajv.getSchema(`document${pointer}`) ?? ajv.compile({$ref: `document${pointer}`});
  return fits(value) ? [] : fits.errors;
}

const pointerTo = (...steps) =>
  '#/' + steps.map(step => encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** The response that an operation documents for a status: its pointer and itself. */
function documented(path, method, status) {
  const response = document.paths[path][method].responses[status];
  assert.ok(response, `${method} ${path} does not document ${status}`);
  if (!response.$ref) return [['paths', path, method, 'responses', status], response];
  const steps = response.$ref.slice(2).split('/');
  return [steps, steps.reduce((at, step) => at[step], document)];
}

/** Asserts that an answer is one that the document knows. */
async function check(path, method, answer) {
  const [steps, response] = documented(path, method, answer.status);
  const type = answer.headers.get('content-type').split(';')[0];
  assert.ok(response.content[type], `${method} ${path} does not document ${type} for ${answer.status}`);
  for (const name of Object.keys(response.headers ?? {}))
    assert.ok(answer.headers.has(name), `${name} is missing`);
  const text = await answer.text();
  if (type === 'text/event-stream') return checkEvents(text, eventSchemas[path]);
  const body = type === 'application/json' ? JSON.parse(text) : text;
  assert.deepEqual(problems(body, pointerTo(...steps, 'content', type, 'schema')), []);
}

const eventSchemas = {
  '/v1/chat/completions': '#/components/schemas/ChatCompletionChunk',
  '/v1/completions': '#/components/schemas/Completion',
};

function checkEvents(text, schema) {
  const events = text.split('\n\n');
  assert.deepEqual(events.splice(-2), ['data: [DONE]', '']);
  assert.ok(events.length >= 2);
  for (const event of events)
    assert.deepEqual(problems(JSON.parse(event.slice('data: '.length)), schema), []);
}

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({path, method, operation})));

/** Every example of a request, and one request without a body for the others. */
const examples = operations.flatMap(({path, method, operation}) => {
  if (!operation.requestBody) return [{path, method, name: 'request', status: 200}];
  return Object.entries(operation.requestBody.content).flatMap(([type, content]) =>
    Object.entries(content.examples).map(([name, example]) => ({
      path, method, name, type, value: example.value, status: example['x-status'] ?? 200,
    })));
});

const bytesOf = example => (typeof example.value === 'string' ? example.value : JSON.stringify(example.value));

const send = (gateway, {path, method, type, ...example}, headers = {}) =>
  fetch(gateway.url + path, {
    method: method.toUpperCase(),
    headers: {...headers, ...(type && {'content-type': type})},
    body: type && bytesOf(example),
  });

describe('the OpenAPI document', () => {
  const gateway = runningGateway({keys: {operations: {key: 'sk-op', admin: true}, web: {key: 'sk-web'}}});
  const authorization = 'Bearer sk-op';

  it('is a valid one', async () => {
    const result = await new Validator().validate(structuredClone(document));
    assert.equal(result.valid, true, JSON.stringify(result.errors));
  });

  it('is served', async () => {
    assert.deepEqual(await (await fetch(`${gateway.url}/openapi.json`)).json(), document);
  });

  // Last, for the configuration is another one then.
  for (const example of examples.toSorted((a, b) => (a.path === '/admin/config') - (b.path === '/admin/config'))) {
    it(`${example.method} ${example.path}, ${example.name}: ${example.status}`, async () => {
      const answer = await send(gateway, example, {authorization});
      assert.equal(answer.status, example.status);
      await check(example.path, example.method, answer);
      if (!example.type || example.type !== 'application/json') return;
      const pointer = pointerTo('paths', example.path, example.method, 'requestBody', 'content', example.type, 'schema');
      assert.equal(problems(example.value, pointer).length === 0, example.status === 200, 'of the request itself');
    });
  }

  for (const {path, method, operation} of operations) {
    it(`${method} ${path}, without a key`, async () => {
      const example = examples.find(other => other.path === path && other.method === method);
      const answer = await send(gateway, example);
      assert.equal(answer.status, operation.security ? 401 : 200);
      await check(path, method, answer);
    });
  }

  it('post /admin/config, with the key of somebody else', async () => {
    const example = examples.find(({path}) => path === '/admin/config');
    const answer = await send(gateway, example, {authorization: 'Bearer sk-web'});
    assert.equal(answer.status, 403);
    await check('/admin/config', 'post', answer);
  });

  for (const stream of [false, true]) {
    it(`describes the report, ${stream ? 'of a stream' : 'of a completion'}`, async () => {
      const body = {messages: [{role: 'user', content: 'Mail to john.doe@example.com'}], stream};
      const example = {path: '/v1/chat/completions', method: 'post', type: 'application/json', value: body};
      const answer = await send(gateway, example, {authorization, 'x-guardrails-report': 'true'});
      const text = await answer.clone().text();
      assert.match(text, /"guardrails":\{"request_id"/);
      await check(example.path, example.method, answer);
    });
  }
});

describe('the OpenAPI document, of what goes wrong', () => {
  const failing = runningGateway({model: 'mock-500'});
  const hanging = runningGateway({model: 'mock-hang'});
  const narrow = runningGateway({options: ['--max-body-bytes', '10']});
  const limited = runningGateway({keys: {web: {key: 'sk-web', requests_per_minute: 1}}});
  const question = examples.find(({name}) => name === 'question');

  const answers = {
    502: () => send(failing, question),
    504: () => send(hanging, question, {'x-guardrails-deadline-ms': '100'}),
    413: () => send(narrow, question),
    429: async () => {
      await send(limited, question, {authorization: 'Bearer sk-web'});
      return send(limited, question, {authorization: 'Bearer sk-web'});
    },
  };
  for (const [status, ask] of Object.entries(answers))
    it(`documents ${status}`, async () => {
      const answer = await ask();
      assert.equal(answer.status, Number(status));
      await check(question.path, question.method, answer);
    });
});
