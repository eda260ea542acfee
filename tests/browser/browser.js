// Debian's Chromium, and pages in it that are watched: what they load, what the policy stops, what goes wrong.
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {after, before} from 'node:test';
import {chromium} from 'playwright-core';

const executablePath = '/usr/bin/chromium';
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Why these tests are left out, if they are: continuous integration has installed what is needed. */
export const skip = existsSync(executablePath) || process.env.CI ? false : `${executablePath} is not there (scripts/setup installs it)`;

/** A browser for the tests of a group. */
export function runningBrowser() {
  const running = {};
  const contexts = [];
  before(async () => {
    running.browser = await chromium.launch({executablePath, args});
  });
  after(() => running.browser?.close());

  /** Opens the page of a gateway, as `options` of a browser context say. */
  running.open = async (url, options = {}) => {
    const context = await running.browser.newContext({viewport: {width: 1280, height: 900}, colorScheme: 'light', ...options});
    const page = await context.newPage();
    const seen = {problems: [], origins: new Set(), page};
    contexts.push({context, seen});
    page.on('pageerror', problem => seen.problems.push(problem.message));
    page.on('dialog', dialog => seen.problems.push(`dialog: ${dialog.message()}`));
    page.on('request', request => seen.origins.add(new URL(request.url()).origin));
    await page.addInitScript(() => {
      globalThis.violations = [];
      addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
        globalThis.violations.push(`${violatedDirective}: ${blockedURI}`));
    });
    await page.goto(url);
    await page.getByText('Ready', {exact: true}).first().waitFor();
    return page;
  };

  /** After each test: nothing went wrong, nothing was asked of anybody else. */
  running.close = async origin => {
    for (const {context, seen} of contexts.splice(0)) {
      const violations = await seen.page.evaluate(() => globalThis.violations);
      await context.close();
      assert.deepEqual(seen.problems, []);
      assert.deepEqual(violations, []);
      assert.deepEqual([...seen.origins], [origin]);
    }
  };
  return running;
}
