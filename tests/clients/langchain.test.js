// LangChain's client for OpenAI.
import assert from 'node:assert/strict';
import {describe, it} from 'node:test';
import {ChatPromptTemplate} from '@langchain/core/prompts';
import {tool} from '@langchain/core/tools';
import {ChatOpenAI, OpenAIEmbeddings} from '@langchain/openai';
import {card, runningGateway} from './gateway.js';

const model = (gateway, apiKey = 'sk-web') =>
  new ChatOpenAI({model: 'mock', apiKey, maxRetries: 0, configuration: {baseURL: gateway.baseURL}});

describe('@langchain/openai', () => {
  const gateway = runningGateway({keys: {web: {key: 'sk-web'}}});

  it('invokes', async () => {
    const answer = await model(gateway).invoke('What is machine learning?');
    assert.equal(answer.content, 'What is machine learning?');
    assert.equal(answer.response_metadata.finish_reason, 'stop');
    assert.ok(answer.usage_metadata.total_tokens > 0);
  });

  it('invokes in a chain', async () => {
    const prompt = ChatPromptTemplate.fromMessages([['system', 'Be brief.'], ['human', 'What is {thing}?']]);
    const answer = await prompt.pipe(model(gateway)).invoke({thing: 'an actor'});
    assert.equal(answer.content, 'What is an actor?');
  });

  it('streams', async () => {
    let whole;
    for await (const chunk of await model(gateway).stream('Hello there'))
      whole = whole ? whole.concat(chunk) : chunk;
    assert.equal(whole.content, 'Hello there');
    assert.equal(whole.response_metadata.finish_reason, 'stop');
    assert.ok(whole.usage_metadata.total_tokens > 0);
  });

  it('asks several questions at once', async () => {
    const questions = ['What is AI?', 'What is ML?', 'What is NLP?'];
    const answers = await model(gateway).batch(questions);
    assert.deepEqual(answers.map(answer => answer.content), questions);
  });

  it('sees that a question was blocked', async () => {
    const answer = await model(gateway).invoke(card);
    assert.equal(answer.response_metadata.finish_reason, 'content_filter');
    assert.equal(answer.content, 'Sensitive data detected. Please rephrase your input.');
  });

  it('binds tools, and embeds', async () => {
    const look = tool(({text}) => `Found ${text}.`, {
      name: 'look', description: 'Looks', schema: {type: 'object', properties: {text: {type: 'string'}}, required: ['text']},
    });
    const bound = model(gateway).bindTools([look]);
    const answer = await bound.invoke('An actor');
    assert.deepEqual(answer.tool_calls.map(({name, args}) => ({name, args})), [{name: 'look', args: {text: 'An actor'}}]);
    const result = await look.invoke(answer.tool_calls[0]);
    assert.equal(result.content, 'Found An actor.');
    assert.equal((await bound.invoke([['human', 'An actor'], answer, result])).content, 'An actor');
    let whole;
    for await (const chunk of await bound.stream('An actor')) whole = whole ? whole.concat(chunk) : chunk;
    assert.deepEqual(whole.tool_calls[0].args, {text: 'An actor'});
    const embeddings = new OpenAIEmbeddings({
      model: 'small', apiKey: 'sk-web', maxRetries: 0, configuration: {baseURL: gateway.baseURL}});
    const vectors = await embeddings.embedDocuments(['one', 'two']);
    assert.deepEqual(vectors.map(vector => vector.length), [8, 8]);
  });

  it('rejects with the status of a refusal', async () => {
    await assert.rejects(model(gateway, 'sk-wrong').invoke('Hello'), problem => problem.status === 401);
  });
});
