// Peers that go away and come back, as an operator would stop and start them.

import { execFile } from 'node:child_process';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './program.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;
const command = (program, args) => promisify(execFile)(program, args, { env: { ...process.env, PATH } });

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
