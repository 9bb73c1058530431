// A page where the site's script never arrives: what the server sent is read again, at the same address, by a browser that is refused the script.
// Nothing is asked of the server but what the page draws with, so that the answer to a form is looked at as well as a page that one opens.

import assert from 'node:assert/strict';
import { look, picture, shown, WAYS } from '../look.mjs';

const SCRIPT = /\/assets\/app\.[^/]*js$/;
/** What says how the bytes came, and no more what they are. */
const PASSING = ['content-encoding', 'content-length', 'set-cookie', 'transfer-encoding'];

/** Keeps what the server sends to this page; gives how it is looked at without script, `{ faults, picture }`. */
export function readsAgain(page) {
  let answer;
  let other;
  let refused = 0;
  page.on('response', (response) => {
    if (response.request().isNavigationRequest() && response.frame() === page.mainFrame()) answer = response;
  });

  async function opens() {
    const blank = await page.context().newPage();
    await blank.route('**/*', async (route) => {
      const request = route.request();
      if (SCRIPT.test(new URL(request.url()).pathname)) {
        refused += 1;
        return route.abort();
      }
      if (!request.isNavigationRequest()) return route.continue();
      const headers = Object.fromEntries(Object.entries(await answer.allHeaders()).filter(([name]) => !PASSING.includes(name)));
      return route.fulfill({ status: answer.status(), headers, body: await answer.body() });
    });
    return blank;
  }

  return async (name) => {
    other ??= await opens();
    refused = 0;
    await other.goto(page.url());
    assert.ok(refused > 0, 'the page asked for no script: this way of looking at it would be as the others');
    assert.equal(await other.evaluate(() => document.documentElement.classList.contains('js')), false, 'the script ran');
    const back = await shown(other, WAYS.phone);
    const file = await picture(other, name);
    const faults = (await look(other)).map((fault) => `without-script: ${fault}`);
    await back();
    return { faults, picture: file };
  };
}
