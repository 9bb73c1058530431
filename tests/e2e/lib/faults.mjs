// Peers that go away and come back, as an operator would stop and start them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './program.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Runs a command to its end. A server that it starts keeps the outputs it is born with, so none of ours: a pipe would never close. */
async function command(program, args) {
  const [code] = await once(spawn(program, args, { env: { ...process.env, PATH }, stdio: 'ignore' }), 'exit');
  assert.equal(code, 0, `${program} ${args.join(' ')}`);
}

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The processes that this one started. */
async function children(pid) {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(all.map(async (name) => (await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')).replace(/^.*\) \S /, '').split(' ')[0]));
  return all.filter((_, at) => parents[at] === String(pid)).map(Number);
}

/** Ends a server and everyone it serves, as a machine that stops does: its warm connections too. */
async function ends(pid) {
  const served = await children(pid);
  for (const process_ of [pid, ...served]) if (lives(process_)) process.kill(process_, 'SIGKILL');
  await until(`the end of process ${pid}`, async () => ![pid, ...served].some(lives));
}

/** Dovecot leaves; gives what brings it back. */
export async function withoutDovecot({ dir }) {
  await ends(Number((await readFile(join(dir, 'dovecot/run/master.pid'), 'utf8')).trim()));
  await rm(join(dir, 'dovecot/run/master.pid'), { force: true });
  return () => command('dovecot', ['-c', join(dir, 'dovecot/conf/dovecot.conf')]);
}

/** Postfix leaves; gives what brings it back. */
export async function withoutPostfix({ dir }) {
  const conf = join(dir, 'postfix/conf');
  await command('postfix', ['-c', conf, 'stop']);
  return () => command('postfix', ['-c', conf, 'start']);
}

/** PostgreSQL leaves, its clients cut; gives what brings it back, with the options that it was started with. */
export async function withoutPostgres({ dir }) {
  const data = join(dir, 'postgres/data');
  const [server, ...options] = [...(await readFile(join(data, 'postmaster.opts'), 'utf8')).matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
  const control = (...args) => {
    const words = [server.replace(/postgres$/, 'pg_ctl'), '-D', data, '-w', ...args];
    // It refuses root: as root, it runs as the user that its package made.
    const [program, ...rest] = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--', ...words] : words;
    return command(program, rest);
  };
  await control('-m', 'fast', 'stop');
  const given = options.slice(options.indexOf('-D') + 2).join(' ');
  return () => control('-l', join(dir, 'postgres/log'), '-o', given, 'start');
}
