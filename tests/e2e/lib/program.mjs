// The program itself, as built: the demo on embedded engines, or `serve` on the real peers.
//
// Nothing is waited for by the clock: a program is ready when it answers.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The binary under test. */
export const BIN = process.env.MAINCOURANTE_BIN ?? join(import.meta.dirname, '../../../target/debug/maincourante');

const PATIENCE = 60_000;
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
// A run that is called off takes its programs with it.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** A port of loopback that nobody has. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs a command of the program to its end. */
export async function run(args, { env = {}, input } = {}) {
  const child = spawn(BIN, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [said, complained, [code]] = await Promise.all([gather(child.stdout), gather(child.stderr), once(child, 'close')]);
  return { code, out: said, err: complained };
}

/**
 * The demo: `{ base, table, dir, logs(), kill(), stop() }`; `table` is what `--json` printed.
 * With `dir` it keeps its state there, otherwise in a folder that goes with it; with `at` it listens there; `more` are options of the program, `env` its surroundings.
 * The small one, of five people, unless the `whole` territory is asked for; `meanwhile` is called with its address while one waits.
 */
export async function demo({ dir, fresh = true, at, more = [], whole = false, meanwhile, env } = {}) {
  const data = dir ?? (await mkdtemp(join(tmpdir(), 'maincourante-demo-')));
  const port = at ?? (await freePort());
  const base = `http://127.0.0.1:${port}`;
  const args = ['demo', '--json', '--listen', `127.0.0.1:${port}`, '--data', data, ...(fresh ? ['--fresh'] : []), ...(whole ? [] : ['--small']), ...more];
  const started = await start(args, base, true, { env, meanwhile, patience: whole ? 10 * PATIENCE : PATIENCE });
  return {
    ...started,
    base,
    dir: data,
    async stop() {
      await started.stop();
      if (!dir) await rm(data, { recursive: true, force: true });
    },
  };
}

/** `serve` with this configuration file; `base` is where it listens; `more` are options of the program. */
export async function serve(config, base, env = {}, more = []) {
  return { ...(await start(['serve', '--config', config, ...more], base, false, { env })), base };
}

/** Starts, and waits until it has printed its table (if any) and answers. */
async function start(args, base, hasTable, { env = {}, meanwhile = () => {}, patience = PATIENCE } = {}) {
  const began = performance.now();
  const child = spawn(BIN, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  let logs = '';
  let ended = false;
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (logs += text));
  const end = once(child, 'close').then(() => {
    ended = true;
    running.delete(child);
  });
  const stop = async () => {
    if (!ended) child.kill('SIGTERM');
    await Promise.race([end, pause(10_000, undefined, { ref: false }).then(() => child.kill('SIGKILL'))]);
    await end;
  };
  /** As a machine that stops: nothing is told to the program. */
  const kill = async () => {
    child.kill('SIGKILL');
    await end;
  };
  try {
    await until(`maincourante ${args[0]}`, async () => {
      assert.ok(!ended, `maincourante ${args.join(' ')} ended:\n${logs}`);
      await meanwhile(base);
      return (!hasTable || parsed(out)) && (await answers(base));
    }, patience);
  } catch (error) {
    await stop();
    throw error;
  }
  return { table: hasTable ? parsed(out) : undefined, pid: child.pid, readyIn: performance.now() - began, logs: () => logs, ended: () => ended, kill, stop };
}

/** Asks again until it is so; the error says what was waited for. */
export async function until(what, ready, patience = PATIENCE) {
  const deadline = performance.now() + patience;
  for (;;) {
    const value = await ready();
    if (value) return value;
    assert.ok(performance.now() < deadline, `${what} is not there after ${patience / 1000} s`);
    await pause(25);
  }
}

async function answers(base) {
  try {
    return (await fetch(base, { redirect: 'manual' })).status < 500;
  } catch {
    return false;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function gather(stream) {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part;
  return text;
}
