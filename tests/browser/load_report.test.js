// The report of `guardrails load` in a browser: a file that needs nothing else.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, describe, it} from 'node:test';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {runningBrowser, skip} from './browser.js';

const program = process.env.GUARDRAILS_PROGRAM;

describe('the report of a load test', {skip}, () => {
  const browser = runningBrowser();
  let folder;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'guardrails-load-'));
  });
  after(() => rm(folder, {recursive: true, force: true}));

  it('shows its plots without asking anybody for anything', async () => {
    const config = path.join(folder, 'c.yml');
    await writeFile(config, 'llm: {engine: echo}\n');
    const file = path.join(folder, 'report.html');
    await promisify(execFile)(program, ['load', 'embedded', '--config', config, '--rate', '100,200', '--duration', '1s',
      '--watch-pid', `${process.pid}`, '--html', file]);

    const context = await browser.browser.newContext({viewport: {width: 900, height: 900}});
    const page = await context.newPage();
    const asked = [];
    const problems = [];
    page.on('request', request => asked.push(request.url()));
    page.on('pageerror', problem => problems.push(problem.message));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    for (const run of [1, 2])
      for (const name of ['latency', 'percentiles', 'throughput', 'cores', 'memory']) {
        const drawing = page.locator(`#${name}-${run} svg`);
        const box = await drawing.boundingBox();
        assert.ok(box.width > 300 && box.height > 100, `${name} is seen`);
        for (const line of await drawing.locator('polyline').all()) {
          const points = (await line.getAttribute('points')).trim().split(' ');
          assert.ok(points.length >= 3, `${name} has points`);
          for (const point of points) {
            const [x, y] = point.split(',').map(Number);
            assert.ok(x >= 0 && x <= 720 && y >= 0 && y <= 280, `${name}: ${point}`);
          }
        }
      }
    assert.equal(await page.locator('#goodput polyline').count(), 1);
    assert.match(await page.locator('pre').first().textContent(), /embedded/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.deepEqual(asked, [url]);
    assert.deepEqual(problems, []);
    await context.close();
  });
});
