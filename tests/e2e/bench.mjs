// What `cargo xtask bench` measures with a browser and with the real peers. No test: it prints figures, and xtask says
// what they are compared with.
//
// `bench.mjs wire`: bytes and requests of the sign-in page and of the inbox of the demo, on a first visit and on the next.
// `bench.mjs crowd [people] [letters]`: two programs on the real peers; what pages write to the base; lists and letters for 1, 8 and 32 people at
// once beside the same commands said by hand to the same Dovecot; then people signed in who do nothing (2,000, who come in waves), and what each
// weighs.
// `bench.mjs serve`: starts a whole service, prints the number of its process, and stops when its input is closed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { path, personSignsIn } from './lib/acts.mjs';
import { device, launch } from './lib/browser.mjs';
import { crowd } from './lib/crowd.mjs';
import { demo } from './lib/program.mjs';
import { service } from './lib/service.mjs';

/** Goes there, and gives what came over the wire for it, headers included; what the browser had kept is not counted. */
async function weigh(page, session, address) {
  const seen = { requests: 0, bytes: 0, unpacked: 0 };
  const unpacked = new Map();
  const data = ({ requestId, dataLength }) => unpacked.set(requestId, (unpacked.get(requestId) ?? 0) + dataLength);
  const finished = ({ requestId, encodedDataLength }) => {
    if (!encodedDataLength) return;
    seen.requests += 1;
    seen.bytes += encodedDataLength;
    seen.unpacked += unpacked.get(requestId) ?? 0;
  };
  session.on('Network.dataReceived', data).on('Network.loadingFinished', finished);
  await page.goto(address, { waitUntil: 'networkidle' });
  session.off('Network.dataReceived', data).off('Network.loadingFinished', finished);
  assert.equal(path(page), address);
  return seen;
}

async function twice(page, session, name, address) {
  // As if nobody had ever come.
  await session.send('Network.clearBrowserCache');
  return { page: name, 'first visit': await weigh(page, session, address), again: await weigh(page, session, address) };
}

async function wire() {
  const [browser, program] = await Promise.all([launch(), demo()]);
  const room = await device(browser, { base: program.base });
  const page = await room.page();
  const session = await room.context.newCDPSession(page);
  await session.send('Network.enable');
  const seen = [await twice(page, session, 'sign-in', '/connexion')];
  const [{ address, password }] = program.table.people;
  await personSignsIn(page, address, password);
  seen.push(await twice(page, session, 'inbox', '/messages'));
  await room.close();
  await Promise.all([browser.close(), program.stop()]);
  console.log(JSON.stringify(seen));
}

async function serving() {
  const house = await service();
  console.log(house.pid());
  await once(process.stdin.resume(), 'end');
  await house.stop();
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'crowd') console.log(JSON.stringify(await crowd(...rest.map(Number))));
else await (what === 'serve' ? serving() : wire());
