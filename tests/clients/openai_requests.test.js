// What a request may say beside its messages, through OpenAI's own SDK: options, tools, choices, parts, prompts, embeddings.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import OpenAI from 'openai';
import {card, noChecks, runningGateway} from './gateway.js';

const ask = (content, more = {}) => ({model: 'mock', messages: [{role: 'user', content}], ...more});

const client = gateway => new OpenAI({baseURL: gateway.baseURL, apiKey: 'any', maxRetries: 0});

const look = {
  type: 'function',
  function: {name: 'look', parameters: {type: 'object', properties: {text: {type: 'string'}}}},
};

/** The content of a request that has a text, a picture and a text. */
const withPicture = (before, after) => [
  {type: 'text', text: before},
  {type: 'image_url', image_url: {url: 'data:image/png;base64,iVBORw0KGgo='}},
  {type: 'text', text: after},
];

describe('openai, options', () => {
  const gateway = runningGateway({upstream: ['--record']});

  it('go to the model as they are', async () => {
    const options = {
      temperature: 0.5, top_p: 0.9, max_completion_tokens: 3, seed: 7, user: 'u1',
      response_format: {type: 'json_schema', json_schema: {name: 'x', schema: {type: 'object'}}},
      something_new: {deep: [1, 2, {three: null}]},
    };
    const answer = await client(gateway).chat.completions.create(ask('one two three four five', options));
    assert.equal(answer.choices[0].message.content, 'one two three');
    assert.equal(answer.choices[0].finish_reason, 'length');
    const {model, messages, ...sent} = await gateway.lastRequest();
    assert.equal(model, 'mock');
    assert.deepEqual(messages, [{role: 'user', content: 'one two three four five'}]);
    assert.deepEqual(sent, options);
  });

  it('stop ends the answer, streamed or not', async () => {
    const answer = await client(gateway).chat.completions.create(ask('one two STOP three', {stop: ['STOP']}));
    assert.equal(answer.choices[0].message.content, 'one two ');
    const stream = client(gateway).chat.completions.stream(ask('one two STOP three', {stop: 'STOP'}));
    assert.equal((await stream.finalChatCompletion()).choices[0].message.content, 'one two ');
  });

  it('n gives as many choices, streamed or not', async () => {
    const answer = await client(gateway).chat.completions.create(ask('Hello there', {n: 3}));
    const texts = ['Hello there', 'Hello there (2)', 'Hello there (3)'];
    assert.deepEqual(answer.choices.map(choice => choice.message.content), texts);
    assert.deepEqual(answer.choices.map(choice => choice.index), [0, 1, 2]);
    const stream = client(gateway).chat.completions.stream(ask('Hello there', {n: 3}));
    const whole = await stream.finalChatCompletion();
    assert.deepEqual(whole.choices.map(choice => choice.message.content), texts);
    assert.ok(whole.choices.every(choice => choice.finish_reason === 'stop'));
  });

  it('parts that are no text arrive where they stood', async () => {
    const content = withPicture('What is this,', 'and that?');
    const answer = await client(gateway).chat.completions.create(ask(content));
    assert.equal(answer.choices[0].message.content, 'What is this,and that?');
    assert.deepEqual((await gateway.lastRequest()).messages[0].content, content);
  });

  it('the text beside a picture is judged', async () => {
    const answer = await client(gateway).chat.completions.create(ask(withPicture('Look.', card)));
    assert.equal(answer.choices[0].finish_reason, 'content_filter');
  });

  it('BadRequestError: what would pass the checks by', async () => {
    for (const more of [{chat_template: 'x'}, {functions: [{name: 'f'}]}, {n: 0}])
      await assert.rejects(client(gateway).chat.completions.create(ask('Hello', more)), problem =>
        problem instanceof OpenAI.BadRequestError && problem.param === Object.keys(more)[0]);
  });
});

describe('openai, tools', () => {
  const gateway = runningGateway({upstream: ['--record']});

  it('are called, answered and told of', async () => {
    const asked = ask('Look for an actor', {tools: [look], tool_choice: 'auto'});
    const first = await client(gateway).chat.completions.create(asked);
    const {message, finish_reason} = first.choices[0];
    assert.equal(finish_reason, 'tool_calls');
    assert.equal(message.content, null);
    assert.equal(message.tool_calls.length, 1);
    assert.equal(message.tool_calls[0].function.name, 'look');
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), {text: 'Look for an actor'});
    const result = {role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'Found one.'};
    const second = await client(gateway).chat.completions.create({...asked, messages: [...asked.messages, message, result]});
    assert.equal(second.choices[0].message.content, 'Look for an actor');
    const sent = await gateway.lastRequest();
    assert.deepEqual(sent.tools, [look]);
    assert.deepEqual(sent.messages[1].tool_calls, message.tool_calls);
    assert.deepEqual(sent.messages[2], result);
  });

  it('are called in a stream', async () => {
    const stream = client(gateway).chat.completions.stream(ask('Look for an actor', {tools: [look]}));
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].finish_reason, 'tool_calls');
    assert.deepEqual(JSON.parse(answer.choices[0].message.tool_calls[0].function.arguments), {text: 'Look for an actor'});
  });

  it('are run by the SDK\'s own helper', async () => {
    const seen = [];
    const runner = client(gateway).chat.completions.runTools(ask('Look for an actor', {
      tools: [{...look, function: {...look.function, parse: JSON.parse, function: async ({text}) => {
        seen.push(text);
        return 'Found one.';
      }}}],
    }));
    assert.equal(await runner.finalContent(), 'Look for an actor');
    assert.deepEqual(seen, ['Look for an actor']);
  });

  it('are not called where nobody wants it', async () => {
    const answer = await client(gateway).chat.completions.create(ask('Hello', {tools: [look], tool_choice: 'none'}));
    assert.equal(answer.choices[0].message.content, 'Hello');
    assert.equal((await gateway.lastRequest()).tool_choice, 'none');
  });
});

describe('openai, tools that would be called with what may not leave', () => {
  // The card hides behind JSON's escapes.
  const gateway = runningGateway({upstream: ['--answer', String.raw`{"card": "4111 1111 1111\u0020\u0031111"}`]});

  it('are not called, streamed or not', async () => {
    const asked = ask('Pay', {tools: [look]});
    const answer = await client(gateway).chat.completions.create(asked);
    assert.equal(answer.choices[0].finish_reason, 'content_filter');
    assert.equal(answer.choices[0].message.tool_calls, undefined);
    const stream = client(gateway).chat.completions.stream(asked);
    const whole = await stream.finalChatCompletion();
    assert.equal(whole.choices[0].finish_reason, 'content_filter');
    assert.ok(!JSON.stringify([answer, whole]).includes('4111'));
  });
});

describe('openai, tools and masks that come back', () => {
  const gateway = runningGateway({
    rails: 'check_semantic: false, pii: {enabled: true, reversible: true}', upstream: ['--record'],
  });

  it('the model sees placeholders, the tool what they stand for', async () => {
    const mail = 'anna.lee@example.org';
    const asked = ask(`Write to ${mail}`, {tools: [look]});
    const first = await client(gateway).chat.completions.create(asked);
    const {message} = first.choices[0];
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), {text: `Write to ${mail}`});
    const result = {role: 'tool', tool_call_id: message.tool_calls[0].id, content: `Sent to ${mail}.`};
    await client(gateway).chat.completions.create({...asked, messages: [...asked.messages, message, result]});
    const {messages} = await gateway.lastRequest();
    assert.ok(!JSON.stringify(messages).includes(mail));
    assert.deepEqual(JSON.parse(messages[1].tool_calls[0].function.arguments), {text: 'Write to <EMAIL_ADDRESS_1>'});
    assert.equal(messages[2].content, 'Sent to <EMAIL_ADDRESS_1>.');
  });

  it('parts of text are masked where they stand', async () => {
    const answer = await client(gateway).chat.completions.create(ask(withPicture('Who is', 'bob@example.org?')));
    assert.equal(answer.choices[0].message.content, 'Who isbob@example.org?');
    assert.deepEqual((await gateway.lastRequest()).messages[0].content, withPicture('Who is', '<EMAIL_ADDRESS_1>?'));
  });
});

describe('openai, tools without checks', () => {
  const gateway = runningGateway({rails: noChecks});

  it('are called in a stream that is shown while it comes', async () => {
    const stream = client(gateway).chat.completions.stream(ask('Look', {tools: [look], n: 2}));
    const answer = await stream.finalChatCompletion();
    assert.equal(answer.choices[0].message.tool_calls[0].function.name, 'look');
    assert.equal(answer.choices[1].message.content, 'Look (2)');
  });
});

describe('openai, prompts', () => {
  const gateway = runningGateway({upstream: ['--record']});
  const complete = (prompt, more = {}) => client(gateway).completions.create({model: 'mock', prompt, ...more});

  it('are completed', async () => {
    const answer = await complete('Once upon a time', {n: 2, max_tokens: 3});
    assert.equal(answer.object, 'text_completion');
    assert.match(answer.id, /^cmpl-/);
    assert.deepEqual(answer.choices.map(choice => choice.text), ['Once upon a', 'Once upon a (2)']);
    assert.equal(answer.choices[0].finish_reason, 'length');
    assert.ok(answer.usage.total_tokens > 0);
    assert.deepEqual((await gateway.lastRequest()).messages, [{role: 'user', content: 'Once upon a time'}]);
  });

  it('are completed in a stream', async () => {
    let text = '';
    let reason;
    for await (const chunk of await complete(['Once upon a time'], {stream: true})) {
      text += chunk.choices[0].text;
      reason = chunk.choices[0].finish_reason ?? reason;
    }
    assert.equal(text, 'Once upon a time');
    assert.equal(reason, 'stop');
  });

  it('are judged', async () => {
    const answer = await complete(card);
    assert.equal(answer.choices[0].finish_reason, 'content_filter');
    assert.ok(!JSON.stringify(answer).includes('4111'));
  });
});

describe('openai, embeddings', () => {
  const gateway = runningGateway({
    rails: 'check_sensitive_data: true, block_list: {words: [moonbase], action: mask}', upstream: ['--record'],
  });
  const embed = (input, more = {}) => client(gateway).embeddings.create({model: 'small', input, ...more});

  it('come as they are, in either encoding', async () => {
    const answer = await embed(['one', 'two', 'one']);
    assert.equal(answer.model, 'small');
    assert.equal(answer.data.length, 3);
    assert.equal(answer.data[0].embedding.length, 8);
    assert.deepEqual(answer.data[0].embedding, answer.data[2].embedding);
    assert.notDeepEqual(answer.data[0].embedding, answer.data[1].embedding);
    const floats = await embed('one', {encoding_format: 'float', dimensions: 8});
    assert.deepEqual(floats.data[0].embedding, answer.data[0].embedding);
    assert.deepEqual(await gateway.lastRequest(), {model: 'small', encoding_format: 'float', dimensions: 8, input: 'one'});
  });

  it('are of the masked text', async () => {
    await embed(['Off to the moonbase', 'x']);
    assert.deepEqual((await gateway.lastRequest()).input, ['Off to the [REDACTED]', 'x']);
  });

  it('BadRequestError: a text that a check blocks', async () => {
    const before = (await gateway.upstreamStats()).requests;
    await assert.rejects(embed(['one', card]), problem =>
      problem instanceof OpenAI.BadRequestError && problem.code === 'content_filter' && problem.param === 'input[1]');
    assert.equal((await gateway.upstreamStats()).requests, before);
  });

  it('InternalServerError: a model that fails or is late', async () => {
    await assert.rejects(client(gateway).embeddings.create({model: 'mock-500', input: 'x'}), problem =>
      problem instanceof OpenAI.InternalServerError && problem.status === 502 && problem.code === 'llm_error');
    const headers = {'x-guardrails-deadline-ms': '100'};
    await assert.rejects(client(gateway).embeddings.create({model: 'mock-hang', input: 'x'}, {headers}), problem =>
      problem.status === 504 && problem.code === 'timeout');
  });
});
