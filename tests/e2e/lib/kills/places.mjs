// Where people live while the program is killed: the embedded engines, or the real peers. The program is started, stopped at a point, killed and
// started again; everything else stays.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unnoted } from './points.mjs';
import { demo, freePort, run, serve, until } from '../program.mjs';
import { service } from '../service.mjs';
import { departed } from '../stack.mjs';
import { Visitor } from '../visitor.mjs';

export const SIRET = '26400012300010';

/** One service, and the program that serves it now. */
class Place {
  constructor(engine, base, where, start) {
    Object.assign(this, { engine, base, where, start_: start });
  }

  /** Starts the program, with these options. */
  async starts(...more) {
    this.program = await this.start_(more);
  }

  /** A command of the program, on this service. */
  command(args, options) {
    return run([...args, ...this.where], options);
  }

  /** The points that the program said it passed, in order. */
  told() {
    return [...this.program.logs().matchAll(/^point (\S+ (?:before|after))$/gm)].map(([, point]) => point);
  }

  /** Whether someone killed there cannot know what became of their letter: the mail server took it, and nobody noted it. */
  blind(point) {
    return this.engine.includes('postfix') && point === unnoted();
  }

  /** Whether it stopped where it was asked to. */
  hasStopped() {
    return /^stopped at /m.test(this.program.logs());
  }

  /** What is wrong with the base, compared with its journal; nothing when all is well. */
  async wrong() {
    const { code, out, err } = await this.command(['journal', 'verify']);
    return code === 0 ? '' : `journal verify: ${out}${err}`;
  }

  /** The same right after a kill: checkpoints that the base has and that were not written outside yet are written by the next start. */
  async wrongAtOnce() {
    const wrong = await this.wrong();
    const said = wrong.replace('journal verify: ', '').trim().split('\n');
    return said.length === 2 && /^Le fichier des points de contrôle n’a pas tous/.test(said[0]) ? '' : wrong;
  }

  /** The same once the program has started again. */
  async wrongLater() {
    let wrong;
    await until('a whole journal', async () => !(wrong = await this.wrong()), 5000).catch(() => {});
    return wrong;
  }
}

/** SQLite, folders of letters, the fictitious phone: the program's own engines, with the world of the demo around. */
export async function embedded() {
  const dir = await mkdtemp(join(tmpdir(), 'maincourante-kills-'));
  const at = await freePort();
  const made = await demo({ dir, at });
  await made.stop();
  const place = new Place('sqlite+maildir', `http://127.0.0.1:${at}`, ['--data', dir], (more) => demo({ dir, fresh: false, at, more: ['--undo-seconds', '1', ...more] }));
  /** How many letters with this subject left for the rest of the world. */
  place.left = async (subject) => (await new Visitor(place.base).get('/bac-a-sable/courrier-parti')).html.split(`<p>${subject}</p>`).length - 1;
  place.ends = async () => {
    await place.program?.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return place;
}

/** PostgreSQL, Dovecot and Postfix, as production has them. */
export async function peered() {
  const house = await service();
  process.kill(house.pid(), 'SIGKILL');
  const place = new Place('postgres+dovecot+postfix', house.base, ['--config', house.config], (more) => serve(house.config, house.base, {}, more));
  place.left = async (subject) => (await departed(house.peers)).filter((letter) => letter.includes(`Subject: ${subject}`)).length;
  place.ends = async () => {
    await place.program?.stop();
    await house.stop();
  };
  const opened = await place.command(['structure', 'open', '--name', 'CCAS de Vaudorme', '--siret', SIRET, '--address', '2 place de la Mairie', '--phone', '01 99 00 12 34', '--hours', 'du lundi au vendredi']);
  assert.equal(opened.code, 0, opened.err);
  return place;
}

/** Waits for the program to stop where it was asked to; false when it has not in this time. */
export async function stops(place, patience) {
  try {
    await until('the point', async () => place.hasStopped(), patience);
    return true;
  } catch {
    return false;
  }
}
