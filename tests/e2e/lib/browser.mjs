// The browser: Debian's Chromium, headless, unable to reach anything but this machine.
//
// A context is one person on one device. It knows what it asked for and what came over the wire,
// and fails whoever closes it after a request left for another host.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // What a page asks from elsewhere is recorded and goes nowhere.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Widths in CSS pixels: the narrowest that must work, two phones, a desk. */
export const WIDTHS = { narrow: 320, phone: 360, tall: 390, desk: 1280 };

/** The words of the cookie `display`. */
export const COLOURS = ['light', 'dark', 'contrast'];

/** Pages whose browser runs no script, with what wakes it. */
const scriptless = new WeakMap();

/**
 * Does something that needs the engine of scripts, even on a page whose browser runs none: what the page carries was
 * passed over when it was read, and stays so.
 */
export async function awake(page, act) {
  const session = scriptless.get(page);
  await session?.send('Emulation.setScriptExecutionDisabled', { value: false });
  try {
    return await act();
  } finally {
    await session?.send('Emulation.setScriptExecutionDisabled', { value: true });
  }
}

/** A page whose browser runs no script. */
async function without(page) {
  // Not by the context: what it forbids, nothing of ours could wake again.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  scriptless.set(page, session);
  return page;
}

/** Starts Chromium; `close()` it at the end. */
export function launch() {
  return chromium.launch({ executablePath: process.env.MAINCOURANTE_CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

/**
 * A person's device.
 *
 * @param browser what `launch` gave
 * @param {object} device
 * @param {string} device.base the address of the site, `http://127.0.0.1:8080`
 * @param {number} [device.width]
 * @param {'on'|'off'|'blocked'} [device.js] off: the browser runs no script; blocked: it would, but the site's
 *   script never arrives
 * @param {'1'|'2'|'3'} [device.size] A, A+, A++
 * @param {'auto'|'light'|'dark'|'contrast'} [device.colours]
 */
export async function device(browser, { base, width = WIDTHS.desk, js = 'on', size = '1', colours = 'auto' }) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width, height: width < 600 ? 740 : 900 },
    isMobile: width < 600,
    hasTouch: width < 600,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    colorScheme: colours === 'dark' || colours === 'contrast' ? 'dark' : 'light',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  if (size !== '1' || colours !== 'auto') {
    await context.addCookies([{ name: 'display', value: `${size}.${colours}`, url: base }]);
  }
  if (js === 'blocked') {
    await context.route(/\/assets\/app\.[^/]*js/, (route) => route.abort());
  }
  const host = new URL(base).host;
  const foreign = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?|ftp):$/.test(url.protocol) && url.host !== host) {
      foreign.push(request.url());
    }
  });
  return {
    context,
    /** What was asked from other hosts. */
    foreign,
    page: async () => (js === 'off' ? without(await context.newPage()) : context.newPage()),
    /** A page that counts what comes over the wire. */
    weighed: () => weighed(context),
    /** Ends; fails if anything was asked from another host. */
    async close() {
      await context.close();
      assert.deepEqual(foreign, [], 'a page asked something from another host');
    },
  };
}

/** A page with `wire`: requests and bytes, headers included, since the last `wire.reset()`. */
async function weighed(context) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  const wire = { requests: 0, bytes: 0, reset: () => Object.assign(wire, { requests: 0, bytes: 0 }) };
  session.on('Network.requestWillBeSent', ({ request }) => {
    wire.requests += request.url.startsWith('http') ? 1 : 0;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    wire.bytes += encodedDataLength;
  });
  return { page, wire };
}
