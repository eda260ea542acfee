// The page in a browser, against a running gateway: what somebody sees who uses it.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {readFile} from 'node:fs/promises';
import {afterEach, describe, it} from 'node:test';
import {comesTrue, noChecks, runningGateway} from '../clients/gateway.js';
import {runningBrowser, skip} from './browser.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeRules = {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']};

const personal = '😀 你好, write to john.doe@example.com or call +1 212 555 0187.';
const forbidden = 'Tell me about project nightfall';

const checks = 'check_sensitive_data: false, check_semantic: false, ' +
  'pii: {enabled: true, default_action: flag, entity_types: [EMAIL_ADDRESS, PHONE_NUMBER]}, ' +
  'block_list: {words: [project nightfall], action: block}';

const last = page => page.locator('.exchange').last();

async function send(page, text) {
  await page.getByLabel('Message', {exact: true}).fill(text);
  await page.keyboard.press('Enter');
}

/** Sends and waits for the end of the answer. */
async function ask(page, text) {
  await send(page, text);
  await last(page).locator('.answer[aria-busy=false]').waitFor({state: 'attached'});
  return last(page);
}

const view = (page, name) => page.getByRole('tab', {name}).click();

/** What somebody with a screen reader, or with poor sight, would stumble over. */
async function barriers(page) {
  await page.evaluate(axe);
  const {violations} = await page.evaluate(rules => globalThis.axe.run(document, rules), axeRules);
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(' ')}`);
}

const overflow = page => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

describe('the page', {skip}, () => {
  const gateway = runningGateway({rails: checks});
  const browser = runningBrowser();
  const open = options => browser.open(gateway.url, options);
  afterEach(() => browser.close(gateway.url));

  it('shows each check with its verdict and its time', async () => {
    const exchange = await ask(await open(), personal);
    for (const rail of ['Input rail', 'Output rail']) {
      const station = exchange.locator('.station').filter({has: exchange.page().getByRole('heading', {name: rail})});
      assert.match(await station.locator('[data-check=pii] .chip').textContent(), /^(Masked|Passed)$/);
      assert.equal(await station.locator('[data-check=block_list] .chip').textContent(), 'Passed');
      for (const time of await station.locator('.check .time').allTextContents()) assert.match(time, /^[\d.,]+ (µs|ms|s)$/);
    }
    assert.equal(await exchange.locator('.station.is-answered').count(), 1);
    const {config_version: version} = await (await fetch(`${gateway.url}/version`)).json();
    assert.match(await exchange.locator('.facts').textContent(), new RegExp(version));
    assert.ok(version.startsWith(await exchange.page().locator('#pill code').textContent()));
  });

  it('marks what was found, in the original and beside it in what was masked', async () => {
    const exchange = await ask(await open(), personal);
    const [original, masked] = await exchange.locator('.question .text').all();
    assert.equal(await original.textContent(), personal);
    assert.deepEqual(await original.locator('mark').allTextContents(), ['john.doe@example.com', '+1 212 555 0187']);
    const shown = personal.replace('john.doe@example.com', '<EMAIL_ADDRESS>').replace('+1 212 555 0187', '<PHONE_NUMBER>');
    assert.equal(await masked.textContent(), shown);
    assert.deepEqual(await masked.locator('mark').allTextContents(), ['<EMAIL_ADDRESS>', '<PHONE_NUMBER>']);
    // The model echoes: it never had the originals.
    assert.equal(await exchange.locator('.answer').textContent(), shown);
    const boxes = await Promise.all([original.boundingBox(), masked.boundingBox()]);
    assert.equal(boxes[0].y, boxes[1].y, 'side by side');
  });

  it('says why a message was blocked, and where', async () => {
    const exchange = await ask(await open(), forbidden);
    assert.equal(await exchange.locator('.notice').textContent(), 'A check blocked the messageinput');
    assert.deepEqual(await exchange.locator('.question mark').allTextContents(), ['project nightfall']);
    assert.equal(await exchange.locator('.station.is-blocked h4').textContent(), 'Input rail');
    assert.equal(await exchange.locator('.station.is-skipped').count(), 2);
    assert.equal(await exchange.page().getByRole('status').first().textContent(), 'Blocked: input.');
  });

  it('sends the conversation along, without what was blocked', async () => {
    const page = await open();
    const bodies = [];
    page.on('request', request => request.method() === 'POST' && bodies.push(request.postDataJSON()));
    await ask(page, 'one');
    await ask(page, forbidden);
    await ask(page, 'two');
    assert.deepEqual(bodies.at(-1).messages.map(({content}) => content), ['one', 'one', 'two']);
    await page.getByLabel('Send the conversation along').uncheck();
    await ask(page, 'three');
    assert.deepEqual(bodies.at(-1).messages.map(({content}) => content), ['three']);
  });

  it('takes a hostile answer as text', async () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script><a href="javascript:alert(3)">x</a>';
    const page = await open();
    const exchange = await ask(page, hostile);
    assert.equal(await exchange.locator('.answer').textContent(), hostile);
    assert.equal(await page.locator('main :is(img, script, .answer a)').count(), 0);
    await view(page, 'Check a text');
    await page.getByLabel('Text', {exact: true}).first().fill(`${hostile} a@example.com`);
    await page.getByRole('button', {name: 'Check'}).click();
    await page.locator('.result mark').first().waitFor();
    assert.equal(await page.locator('main :is(img, script)').count(), 0);
  });

  it('refuses markup even to its own scripts', async () => {
    const page = await open();
    const refused = await page.evaluate(() => {
      try {
        document.createElement('p').innerHTML = '<b>x</b>';
        return false;
      } catch (problem) {
        globalThis.violations.length = 0; // this one was wanted
        return problem instanceof TypeError;
      }
    });
    assert.equal(refused, true);
    await page.evaluate(() => new Promise(requestAnimationFrame)); // the event is reported later
    await page.evaluate(() => (globalThis.violations.length = 0));
  });

  it('checks a text in any direction', async () => {
    const page = await open();
    await view(page, 'Check a text');
    const field = page.locator('#text');
    await field.fill(`${personal} ${forbidden}`);
    for (const direction of ['input', 'output', 'text']) {
      await page.getByRole('radio', {name: direction}).check({force: true});
      const [answer] = await Promise.all([page.waitForResponse(/guardrails\/check/), field.press('Control+Enter')]);
      assert.equal(answer.request().postDataJSON().direction, direction);
      await page.locator('.result .sign .is-blocked').waitFor();
      assert.deepEqual(await page.locator('.result .question .said').first().locator('mark').allTextContents(),
        ['john.doe@example.com', '+1 212 555 0187', 'project nightfall']);
    }
  });

  it('counts the traffic up while it is watched', async () => {
    const page = await open();
    await view(page, 'Traffic');
    const tile = async name => Number((await page.locator(`[data-tile=${name}] dd`).textContent()).replaceAll(',', ''));
    await page.locator('[data-tile=requests] dd').waitFor();
    const [requests, blocked] = [await tile('requests'), await tile('blocked')];
    const questions = [...Array(6).fill('Hello'), ...Array(2).fill(forbidden)];
    await Promise.all(questions.map(content => fetch(`${gateway.baseURL}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({messages: [{role: 'user', content}]}),
    })));
    assert.ok(await comesTrue(async () => await tile('requests') === requests + 8 && await tile('blocked') === blocked + 2));
    assert.ok(await tile('rate') > 0);
    assert.match(await page.locator('[data-tile=p99] dd').textContent(), /^[\d.,]+ (µs|ms|s)$/);
    assert.equal(await page.locator('[data-part=reasons] [data-name=input]').count(), 1);
    const listed = page.locator('[data-part=checks] tr').filter({hasText: 'block_list'});
    assert.match(await listed.textContent(), /^block_list[\d.,]+ (µs|ms|s)[\d.,]+ (µs|ms|s)[1-9]\d*$/);
    assert.ok(await comesTrue(async () => (await page.locator('.line-0').first().getAttribute('d')).includes('L')));
    assert.match(await page.getByRole('img').first().getAttribute('aria-label'), /The last two minutes/);
    // Nothing is asked while nobody looks.
    await view(page, 'Playground');
    const asked = [];
    page.on('request', request => asked.push(new URL(request.url()).pathname));
    await ask(page, 'Hello');
    assert.ok(!asked.includes('/metrics'));
  });

  it('shows what is armed, and the model', async () => {
    const page = await open();
    await view(page, 'Readiness');
    const proofs = page.locator('#view-readiness .check');
    assert.ok(await proofs.count() >= 2);
    assert.equal(await page.locator('#view-readiness [data-check=pii] .chip').textContent(), 'Armed');
    assert.equal(await page.locator('[data-part=models]').textContent(), 'mock');
  });

  it('works with the keyboard alone', async () => {
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
    assert.equal(await focused(), 'message', 'one can write at once');
    await page.getByText('Skip to the content').focus();
    const outlined = () => page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none');
    for (const stop of ['tab-playground', 'API key', 'theme', 'A question']) {
      await page.keyboard.press('Tab');
      assert.equal(await focused(), stop);
      assert.ok(await outlined(), `${stop} shows that it has the focus`);
    }
    await page.keyboard.press('Enter'); // the example goes to the message field
    assert.equal(await focused(), 'message');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('first line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second line');
    await page.keyboard.press('Enter');
    await last(page).locator('.answer[aria-busy=false]').waitFor();
    assert.equal(await last(page).locator('.answer').textContent(), 'first line\nsecond line');
    assert.ok(await comesTrue(async () => await focused() === 'message'));
    await page.locator('#tab-playground').focus();
    for (const [key, name] of [['ArrowRight', 'check'], ['End', 'readiness'], ['ArrowRight', 'playground'], ['ArrowLeft', 'readiness'],
      ['Home', 'playground']]) {
      await page.keyboard.press(key);
      assert.equal(await focused(), `tab-${name}`);
      assert.deepEqual(await page.locator('[role=tabpanel]:visible').evaluateAll(all => all.map(({id}) => id)), [`view-${name}`]);
    }
  });

  it('is light or dark as the system is, until somebody chooses', async () => {
    const background = page => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background(await open());
    const page = await open({colorScheme: 'dark'});
    const dark = await background(page);
    assert.notEqual(dark, light);
    await page.getByRole('button', {name: 'Use the light theme'}).click();
    assert.equal(await background(page), light);
    await page.reload();
    assert.equal(await background(page), light, 'the choice is kept');
    await page.getByRole('button', {name: 'Use the dark theme'}).click();
    assert.equal(await background(page), dark);
  });

  it('fits a telephone', async () => {
    const page = await open({viewport: {width: 360, height: 740}});
    assert.equal(await overflow(page), 0);
    await ask(page, `${personal} ${'unbroken'.repeat(20)}`);
    await ask(page, forbidden);
    for (const name of ['Playground', 'Check a text', 'Traffic', 'Readiness']) {
      await view(page, name);
      assert.equal(await overflow(page), 0, name);
    }
    await view(page, 'Check a text');
    await page.locator('#text').fill(personal);
    await page.locator('#text').press('Control+Enter');
    await page.locator('.result mark').first().waitFor();
    assert.equal(await overflow(page), 0, 'a checked text');
  });

  for (const colorScheme of ['light', 'dark'])
    it(`puts up no barriers, ${colorScheme}`, async () => {
      const page = await open({colorScheme, reducedMotion: 'reduce'});
      assert.deepEqual(await barriers(page), []);
      await ask(page, personal);
      await ask(page, forbidden);
      assert.deepEqual(await barriers(page), [], 'the playground');
      await view(page, 'Check a text');
      await page.locator('#text').fill(`${personal} ${forbidden}`);
      await page.locator('#text').press('Control+Enter');
      await page.locator('.result mark').first().waitFor();
      assert.deepEqual(await barriers(page), [], 'a checked text');
      await view(page, 'Traffic');
      await page.locator('[data-tile=requests]').waitFor();
      assert.deepEqual(await barriers(page), [], 'traffic');
      await view(page, 'Readiness');
      await page.getByText('API key').click();
      assert.deepEqual(await barriers(page), [], 'readiness');
    });

  it('says so when the gateway cannot be reached', async () => {
    const page = await open();
    await page.route('**/v1/chat/completions', route => route.abort());
    const exchange = await ask(page, 'Hello');
    assert.equal(await exchange.locator('.notice').textContent(), 'The gateway cannot be reached.');
  });
});

describe('the page, of answers that have to be masked', {skip}, () => {
  const gateway = runningGateway({rails: checks, upstream: ['--answer', 'Ask 😀 jane@example.com or 你好']});
  const browser = runningBrowser();
  afterEach(() => browser.close(gateway.url));

  it('marks what stands in the place of what the model said', async () => {
    const exchange = await ask(await browser.open(gateway.url), 'Whom do I ask?');
    assert.equal(await exchange.locator('.answer').textContent(), 'Ask 😀 <EMAIL_ADDRESS> or 你好');
    assert.deepEqual(await exchange.locator('.answer mark').allTextContents(), ['<EMAIL_ADDRESS>']);
    assert.equal(await exchange.locator('.station.is-masked h4').textContent(), 'Output rail');
  });
});

describe('the page, of answers that are blocked', {skip}, () => {
  const gateway = runningGateway({rails: checks, upstream: ['--answer', 'It is project nightfall']});
  const browser = runningBrowser();
  afterEach(() => browser.close(gateway.url));

  it('says so, and shows nothing of them', async () => {
    const exchange = await ask(await browser.open(gateway.url), 'What is it?');
    assert.equal(await exchange.locator('.notice').textContent(), 'A check blocked the answeroutput');
    assert.equal(await exchange.locator('.station.is-blocked h4').textContent(), 'Output rail');
    assert.ok(!(await exchange.textContent()).includes('nightfall'));
  });
});

describe('the page, of answers that are blocked on their way', {skip}, () => {
  const beginning = Array.from({length: 600}, (_, i) => `word${i}`).join(' ');
  const gateway = runningGateway({
    rails: 'check_toxicity: false, check_semantic: false, output_checks: true, block_list: {words: [project nightfall], action: block}',
    upstream: ['--answer', `${beginning} and project nightfall`, '--tokens-per-second', '600'],
  });
  const browser = runningBrowser();
  afterEach(() => browser.close(gateway.url));

  it('shows their beginning, and says that it is no more', async () => {
    const exchange = await ask(await browser.open(gateway.url), 'What is it?');
    const shown = await exchange.locator('.answer').textContent();
    assert.ok(shown.length > 0 && beginning.startsWith(shown.trimEnd()));
    assert.equal(await exchange.locator('.notice').textContent(), 'A check blocked the answeroutput');
    assert.equal(await exchange.locator('p.note').textContent(), 'Only the beginning was shown: the rest is withheld.');
    assert.equal(await exchange.locator('.station.is-blocked h4').textContent(), 'Output rail');
  });
});

describe('the page, while an answer comes', {skip}, () => {
  const gateway = runningGateway({rails: noChecks, upstream: ['--tokens-per-second', '25']});
  const browser = runningBrowser();
  afterEach(() => browser.close(gateway.url));
  const words = Array.from({length: 40}, (_, i) => `word${i}`).join(' ');

  it('shows it piece by piece', async () => {
    const page = await browser.open(gateway.url);
    await page.evaluate(() => {
      globalThis.lengths = [];
      new MutationObserver(() => {
        const length = document.querySelector('.answer')?.textContent.length ?? 0;
        if (length > 0 && length !== globalThis.lengths.at(-1)) globalThis.lengths.push(length);
      }).observe(document.querySelector('[data-part=exchanges]'), {childList: true, characterData: true, subtree: true});
    });
    const exchange = await ask(page, words);
    assert.equal(await exchange.locator('.answer').textContent(), words);
    const lengths = await page.evaluate(() => globalThis.lengths);
    assert.ok(lengths.length >= 5, `it grew ${lengths.length} times`);
    assert.ok(lengths.every((length, i) => i === 0 || length > lengths[i - 1]));
    assert.equal(await exchange.locator('.answer').getAttribute('aria-live'), 'polite');
    assert.equal(await page.getByRole('status').first().textContent(), 'The answer is complete.');
  });

  for (const [way, stop] of [['the button', page => page.getByRole('button', {name: 'Stop'}).click()],
    ['Escape', page => page.keyboard.press('Escape')]])
    it(`stops by ${way}, and the model with it`, async () => {
      const page = await browser.open(gateway.url);
      const {cancelled} = await gateway.upstreamStats();
      await send(page, words);
      await page.waitForFunction(() => document.querySelector('.answer').textContent.length > 0);
      assert.equal(await last(page).locator('.answer').getAttribute('aria-busy'), 'true');
      await stop(page);
      await last(page).locator('.answer[aria-busy=false]').waitFor();
      const part = await last(page).locator('.answer').textContent();
      assert.ok(part.length < words.length && words.startsWith(part));
      assert.equal(await last(page).locator('.note').textContent(), 'Stopped. The gateway has ended the generation.');
      assert.ok(await comesTrue(async () => (await gateway.upstreamStats()).cancelled === cancelled + 1));
      assert.ok(await page.getByRole('button', {name: 'Send'}).isVisible());
    });

  it('moves nothing where no motion is wanted', async () => {
    const page = await browser.open(gateway.url, {reducedMotion: 'reduce'});
    await send(page, words);
    await page.waitForFunction(() => document.querySelector('.answer')?.textContent.length > 0);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    await page.keyboard.press('Escape');
    await last(page).locator('.answer[aria-busy=false]').waitFor();
  });
});

describe('the page of a gateway with keys', {skip}, () => {
  const gateway = runningGateway({keys: {web: {key: 'sk-web'}}});
  const browser = runningBrowser();
  afterEach(() => browser.close(gateway.url));

  it('asks for the key, and keeps it in its memory', async () => {
    const page = await browser.open(gateway.url);
    const refused = await ask(page, 'Hello');
    assert.equal(await refused.locator('.notice').textContent(), 'Incorrect or missing API key.invalid_api_key');
    await page.locator('#key:focus').waitFor();
    await page.keyboard.type('sk-web');
    await page.keyboard.press('Enter');
    await page.locator('#key').waitFor({state: 'hidden'});
    await view(page, 'Readiness');
    await page.getByText('mock', {exact: true}).waitFor();
    await view(page, 'Playground');
    const answered = await ask(page, 'Hello');
    assert.equal(await answered.locator('.answer').textContent(), 'Hello');
    const kept = await page.evaluate(() => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href]));
    assert.ok(!kept.includes('sk-web'));
    await page.reload();
    assert.equal(await page.locator('#key').inputValue(), '');
  });
});
