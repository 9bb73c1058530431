// Rows written into the base of the demo from beside, where acts would take an hour: people who are in a list, and are never opened.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

/** Says this to the base, all of it or nothing; `:now` is the hour as it writes it. */
export async function says(world, statements) {
  const script = 'import sqlite3, sys\nbase = sqlite3.connect(sys.argv[1], timeout=30)\nbase.executescript("begin immediate;" + sys.stdin.read() + ";commit;")';
  const child = spawn('python3', ['-c', script, join(world.dir, 'maincourante.db')], { stdio: ['pipe', 'inherit', 'pipe'] });
  let complained = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complained += text));
  child.stdin.end(statements.join(';\n').replaceAll(':now', `${Date.now()}000`));
  const [code] = await once(child, 'close');
  assert.equal(code, 0, complained);
}

const text = (words) => `'${words.replaceAll("'", "''")}'`;
const id = () => `x'${randomUUID().replaceAll('-', '')}'`;
const structure = (siret) => `(select id from structure where siret = ${text(siret)})`;
const DAY = 86_400_000_000;

/** People whose mandate this structure has, by `[given names, family name]`: some end soon, some are over. */
export async function listsPeople(world, siret, people) {
  const ends = (at) => (at % 25 === 7 ? `:now + ${20 * DAY}` : at % 25 === 9 ? `:now - ${3 * DAY}` : `:now + ${200 * DAY}`);
  await says(world, people.flatMap(([given, family], at) => {
    const usager = id();
    const address = text(`personne.${at}.${siret}@seeded.example`);
    return [
      `insert into usager (id, address, given_names, family_name, created_at) values (${usager}, ${address}, ${text(given)}, ${text(family)}, :now)`,
      `insert into taken_address (address, taken_at) values (${address}, :now)`,
      `insert into mandate (id, structure, aidant, usager, state, state_since, begun_at, number, activated_at, ends_at)
       select ${id()}, s.id, m.staff, ${usager}, 'active', :now, :now - ${at}, ${text(`${siret}-${at}`)}, :now - ${DAY}, ${ends(at)}
       from structure s join membership m on m.structure = s.id where s.siret = ${text(siret)} limit 1`,
    ];
  }));
}

/** People who work in this structure, by their names: nobody knows their passwords. */
export async function listsTeam(world, siret, names) {
  await says(world, names.flatMap((name, at) => {
    const staff = id();
    return [
      `insert into staff (id, kind, login, name, password, totp, created_at) select ${staff}, kind, ${text(`equipe.${at}.${siret}@seeded.example`)}, ${text(name)}, password, totp, :now
       from staff where id = (select staff from membership where structure = ${structure(siret)} limit 1)`,
      `insert into membership (structure, staff, role, since) values (${structure(siret)}, ${staff}, 'aidant', :now)`,
    ];
  }));
}

/** Seven days later, for the last invitation of this structure. */
export const agesInvitation = (world, siret) => says(world, [`update invitation set ends_at = :now - ${DAY} where id = (select id from invitation where structure = ${structure(siret)} order by invited_at desc limit 1)`]);
