// Vercel's ai with its providers for OpenAI and for what is compatible with it.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {createOpenAI} from '@ai-sdk/openai';
import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import {APICallError, generateText, jsonSchema, stepCountIs, streamText, tool} from 'ai';
import {card, comesTrue, noChecks, runningGateway} from './gateway.js';

const providers = {
  '@ai-sdk/openai': ({baseURL}, apiKey = 'sk-web') => createOpenAI({baseURL, apiKey}).chat('mock'),
  '@ai-sdk/openai-compatible': ({baseURL}, apiKey = 'sk-web') =>
    createOpenAICompatible({name: 'guardrails', baseURL, apiKey, includeUsage: true})('mock'),
};

for (const [name, model] of Object.entries(providers)) {
  describe(`ai with ${name}`, () => {
    const gateway = runningGateway({keys: {web: {key: 'sk-web'}}});
    const call = (prompt, key) => ({model: model(gateway, key), prompt, maxRetries: 0});

    it('generates text', async () => {
      const answer = await generateText(call('What is machine learning?'));
      assert.equal(answer.text, 'What is machine learning?');
      assert.equal(answer.finishReason, 'stop');
      assert.ok(answer.usage.totalTokens > 0);
    });

    it('streams text', async () => {
      const answer = streamText(call('Hello there'));
      let text = '';
      for await (const part of answer.textStream) text += part;
      assert.equal(text, 'Hello there');
      assert.equal(await answer.finishReason, 'stop');
      assert.ok((await answer.usage).totalTokens > 0);
    });

    it('calls tools, streamed or not', async () => {
      const seen = [];
      const tools = {look: tool({
        inputSchema: jsonSchema({type: 'object', properties: {text: {type: 'string'}}, required: ['text']}),
        execute: async ({text}) => {
          seen.push(text);
          return 'Found one.';
        },
      })};
      const answer = await generateText({...call('An actor'), tools, stopWhen: stepCountIs(2)});
      assert.equal(answer.text, 'An actor');
      assert.equal(answer.steps[0].finishReason, 'tool-calls');
      const stream = streamText({...call('An actor'), tools, stopWhen: stepCountIs(2)});
      assert.equal(await stream.text, 'An actor');
      assert.deepEqual(seen, ['An actor', 'An actor']);
    });

    it('sees that a question was blocked', async () => {
      const answer = await generateText(call(card));
      assert.equal(answer.finishReason, 'content-filter');
      assert.equal(answer.text, 'Sensitive data detected. Please rephrase your input.');
    });

    it('rejects with the status and the message of a refusal', async () => {
      await assert.rejects(generateText(call('Hello', 'sk-wrong')), problem =>
        APICallError.isInstance(problem) && problem.statusCode === 401 && !problem.isRetryable &&
        problem.message === 'Incorrect or missing API key.');
    });
  });
}

describe('ai, a stream that is left', () => {
  const gateway = runningGateway({rails: noChecks, upstream: ['--tokens-per-second', '10']});

  it('ends the generation upstream', async () => {
    const leaving = new AbortController();
    const answer = streamText({
      model: providers['@ai-sdk/openai'](gateway), prompt: 'word '.repeat(2000), maxRetries: 0, abortSignal: leaving.signal,
    });
    let text = '';
    for await (const part of answer.textStream) {
      text += part;
      if (text.includes('word')) leaving.abort();
    }
    assert.match(text, /^word/);
    assert.ok(await comesTrue(async () => (await gateway.upstreamStats()).cancelled === 1));
  });
});
