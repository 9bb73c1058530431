// The real peers of one test: PostgreSQL, Dovecot and Postfix on loopback, started from `deploy/` by `cargo xtask`.
//
// They end with this process, however it ends: their keeper watches the pipe that leads here.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const [XTASK, FIRST] = process.env.MAINCOURANTE_XTASK ? [process.env.MAINCOURANTE_XTASK, []] : ['cargo', ['xtask']];

/**
 * Starts a stack. Without `people` the base is empty: run `maincourante migrate`, then `grant()`.
 *
 * Gives what `cargo xtask peers up` prints (postgres, dovecot, postfix, domain, issuer, dir), with `grant()` and `stop()`.
 */
export async function stack({ issuer, people = [] } = {}) {
  // Unix sockets have short names: not under a long TMPDIR.
  const dir = mkdtempSync('/tmp/mc-');
  const options = [...(issuer ? ['--issuer', issuer] : []), ...(people.length ? ['--people', people.join(',')] : [])];
  const keeper = spawn(XTASK, [...FIRST, 'peers', 'run', dir, ...options], { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const lines = createInterface({ input: keeper.stdout });
  const ended = once(keeper, 'close');
  const first = await Promise.race([once(lines, 'line').then(([line]) => line), ended.then(() => undefined)]);
  assert.ok(first, 'the peers did not start');
  return {
    ...JSON.parse(first),
    /** Lets the mail servers read their views, once the base is migrated. */
    grant: () => promisify(execFile)(XTASK, [...FIRST, 'peers', 'grant', dir], { cwd: ROOT }),
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}

/** Brings a letter to port 25 as a foreign server does; gives the last answer. */
export async function bring({ postfix }, { from, to, letter }) {
  const socket = createConnection(postfix.smtp_port, '127.0.0.1');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  const answer = async () => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done || value[3] !== '-') return value ?? '';
    }
  };
  const say = (words) => {
    socket.write(`${words}\r\n`);
    return answer();
  };
  await answer();
  // A line that begins with a dot gets one more (RFC 5321, 4.5.2).
  const body = letter.replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..');
  let last = '';
  for (const words of ['EHLO ailleurs.test', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA', `${body}\r\n.`]) {
    last = await say(words);
    if (!/^[23]/.test(last)) break;
  }
  socket.end('QUIT\r\n');
  return last;
}

/** The letters that left for the rest of the world, oldest first. */
export async function departed({ postfix }) {
  const names = (await readdir(postfix.outside)).sort();
  return Promise.all(names.map((name) => readFile(join(postfix.outside, name), 'utf8')));
}
