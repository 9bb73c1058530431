// A thousand letters, given by twenty people to a service of two processes, to a mail server behind a line that is cut one time in ten
// just after the server took the letter and before it could say so. None may be lost; one that was cut may come twice, under the same
// Message-ID, and no more.

import assert from 'node:assert/strict';
import { holds, seconds } from '../lib/cases.mjs';
import { until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { reader } from '../lib/sql.mjs';
import { departed } from '../lib/stack.mjs';
import { Town } from '../lib/town.mjs';

const PEOPLE = 20;
const LETTERS = 1000;
/** One line in ten is cut, and no letter twice: cut twice, it would come three times, as anywhere. */
const ONE_IN = 10;

/** Whom the letters were for whose line was cut. */
const cuts = new Set();
const taps = {
  postfix(line) {
    let end = '';
    let given = false;
    let to;
    return {
      up(bytes) {
        const said = bytes.toString('latin1');
        to = said.match(/^RCPT TO:<([^>]+)>/im)?.[1] ?? to;
        end = (end + said).slice(-5);
        given ||= end === '\r\n.\r\n';
        return true;
      },
      down(bytes) {
        if (!given || cuts.has(to) || line.number % ONE_IN || !/^250 /m.test(bytes.toString('latin1'))) return true;
        cuts.add(to);
        line.reset();
        return false;
      },
    };
  },
};

const house = await service({ programs: 2, broken: true, taps });
try {
  await holds(`${LETTERS} letters, one line in ${ONE_IN} cut after the final dot`, 'PostgreSQL + Dovecot, 2 processes', sends);
} finally {
  await house.stop();
}

async function sends() {
  const town = new Town(house.base, ['--config', house.config]);
  const ask = reader(house);
  await town.opens();
  const homes = [];
  for (let at = 0; at < PEOPLE; at += 1) {
    const letter = 'abcdefghijklmnopqrstuvwxyz'[at];
    homes.push(await town.atHome(await town.opensAccount({ given_names: 'Josette', family_name: `Lambert ${letter}${letter}`, birth_date: '05/03/1942', phone: `06 39 98 30 ${10 + at}` })));
    process.stderr.write(`      ${at + 1} of ${PEOPLE} people\n`);
  }
  const began = performance.now();
  await Promise.all(homes.map(async (home, person) => {
    for (let letter = person; letter < LETTERS; letter += PEOPLE) await town.writes(home, { to: `s${letter}@ailleurs.test`, subject: `Lettre ${letter}` });
  }));
  process.stderr.write(`      all given in ${seconds(performance.now() - began)}\n`);
  await until('every letter noted as gone', async () => (await ask('select count(*) from outbox where accepted_at is null'))[0][0] === '0', 900_000);
  const took = performance.now() - began;
  const copies = await until('every letter at its end', async () => {
    const all = gathered(await departed(house.peers));
    return Object.keys(all).length >= LETTERS && Object.values(all).flat().length >= LETTERS + cuts.size && all;
  }, 300_000).catch(async () => gathered(await departed(house.peers)));
  const lost = Array.from({ length: LETTERS }, (_, at) => `s${at}@ailleurs.test`).filter((to) => !copies[to]);
  assert.deepEqual(lost, [], 'none is lost');
  const doubles = Object.values(copies).filter((ids) => ids.length > 1);
  assert.deepEqual(doubles.filter((ids) => ids.length > 2), [], 'never more than a double');
  assert.ok(doubles.every(([one, other]) => one === other), 'a double has the same Message-ID');
  const uncut = Object.keys(copies).filter((to) => copies[to].length > 1 && !cuts.has(to));
  assert.deepEqual(uncut, [], 'no double but of a letter whose line was cut');
  assert.ok(cuts.size >= LETTERS / ONE_IN / 2, `${cuts.size} lines were cut`);
  const ids = new Set(Object.values(copies).map(([id]) => id));
  assert.equal(ids.size, LETTERS, 'each letter has its own Message-ID');
  return `${LETTERS} came, none lost; ${cuts.size} lines cut gave ${doubles.length} doubles, each of the same Message-ID, none more than twice; ${seconds(took)} in all`;
}

/** The Message-IDs that came, by whom they came to. */
function gathered(letters) {
  const all = {};
  for (const letter of letters) {
    const to = letter.match(/\bs\d+@ailleurs\.test/)[0];
    (all[to] ??= []).push(letter.match(/^Message-ID:\s*(\S+)/im)[1]);
  }
  return all;
}
