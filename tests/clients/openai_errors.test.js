// What goes wrong comes out of OpenAI's SDK as the class that its users catch.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import OpenAI from 'openai';
import {card, runningGateway} from './gateway.js';

const ask = (content, more = {}) => ({model: 'mock', messages: [{role: 'user', content}], ...more});

const client = (gateway, apiKey = 'any', more = {}) =>
  new OpenAI({baseURL: gateway.baseURL, apiKey, maxRetries: 0, ...more});

/** What `promise` is rejected with. */
const problemOf = promise => promise.then(() => assert.fail('it was answered'), problem => problem);

describe('openai, keys', () => {
  const gateway = runningGateway({
    keys: {web: {key: 'sk-web'}, slow: {key: 'sk-slow', requests_per_minute: 1}, operations: {key: 'sk-op', admin: true}},
  });

  it('AuthenticationError: a wrong key', async () => {
    const problem = await problemOf(client(gateway, 'sk-wrong').chat.completions.create(ask('Hello')));
    assert.ok(problem instanceof OpenAI.AuthenticationError);
    assert.equal(problem.status, 401);
    assert.equal(problem.code, 'invalid_api_key');
    assert.ok(problem.requestID);
    assert.ok(!problem.message.includes('sk-wrong'));
  });

  it('lets a known key in', async () => {
    const answer = await client(gateway, 'sk-web').chat.completions.create(ask('Hello'));
    assert.equal(answer.choices[0].message.content, 'Hello');
  });

  it('PermissionDeniedError: a key that is no administrator\'s', async () => {
    const problem = await problemOf(client(gateway, 'sk-web').post('/../admin/config', {body: {}}));
    assert.ok(problem instanceof OpenAI.PermissionDeniedError);
    assert.equal(problem.code, 'not_admin');
  });

  it('RateLimitError: the limit of a key, with the time to wait', async () => {
    await client(gateway, 'sk-slow').chat.completions.create(ask('Hello'));
    const problem = await problemOf(client(gateway, 'sk-slow').chat.completions.create(ask('Hello')));
    assert.ok(problem instanceof OpenAI.RateLimitError);
    assert.equal(problem.status, 429);
    assert.equal(problem.code, 'rate_limit_exceeded');
    assert.ok(Number(problem.headers.get('retry-after')) > 0);
  });
});

describe('openai, requests', () => {
  const gateway = runningGateway({options: ['--blocked-as', 'error', '--max-body-bytes', '20000']});

  it('BadRequestError: no messages', async () => {
    const problem = await problemOf(client(gateway).chat.completions.create({model: 'mock', messages: []}));
    assert.ok(problem instanceof OpenAI.BadRequestError);
    assert.equal(problem.param, 'messages');
  });

  it('BadRequestError: a blocked question, as an error on request', async () => {
    for (const stream of [false, true]) {
      const problem = await problemOf(client(gateway).chat.completions.create(ask(card, {stream})));
      assert.ok(problem instanceof OpenAI.BadRequestError);
      assert.equal(problem.code, 'content_filter');
      assert.equal(problem.type, 'content_filter');
    }
  });

  it('NotFoundError: a page that does not exist', async () => {
    const problem = await problemOf(client(gateway).models.retrieve('mock'));
    assert.ok(problem instanceof OpenAI.NotFoundError);
    assert.equal(problem.code, 'not_found');
  });

  it('APIError 413: a body that is too long', async () => {
    const problem = await problemOf(client(gateway).chat.completions.create(ask('x'.repeat(30_000))));
    assert.ok(problem instanceof OpenAI.APIError);
    assert.equal(problem.status, 413);
  });
});

describe('openai, a model that fails', () => {
  const gateway = runningGateway({model: 'mock-500'});

  it('InternalServerError, streamed or not', async () => {
    for (const stream of [false, true]) {
      const problem = await problemOf(client(gateway).chat.completions.create(ask('Hello', {stream})));
      assert.ok(problem instanceof OpenAI.InternalServerError);
      assert.equal(problem.status, 502);
      assert.equal(problem.code, 'llm_error');
    }
  });
});

describe('openai, a model that hangs', () => {
  const gateway = runningGateway({model: 'mock-hang'});

  it('InternalServerError 504: the deadline of the header', async () => {
    const headers = {'x-guardrails-deadline-ms': '200'};
    const problem = await problemOf(client(gateway).chat.completions.create(ask('Hello'), {headers}));
    assert.ok(problem instanceof OpenAI.InternalServerError);
    assert.equal(problem.status, 504);
    assert.equal(problem.code, 'timeout');
  });

  it('APIConnectionTimeoutError: the SDK\'s own patience', async () => {
    const problem = await problemOf(client(gateway, 'any', {timeout: 200}).chat.completions.create(ask('Hello')));
    assert.ok(problem instanceof OpenAI.APIConnectionTimeoutError);
  });
});
