// A thousand letters, given by twenty people to a service of two processes, to a mail server behind a line that is cut one time in ten
// just after the server took the letter and before it could say so; of those, one letter in four is cut again when it is tried again. None may
// be lost. A letter cut once may come twice, a letter cut twice three times, under the same Message-ID: no sender can know that a letter it has
// no answer for was taken, and one that did not give it again would lose those that were not (RFC 5321, 4.2.5; RFC 1047). No more than that.

import assert from 'node:assert/strict';
import { holds, seconds } from '../lib/cases.mjs';
import { until } from '../lib/program.mjs';
import { service } from '../lib/service.mjs';
import { reader } from '../lib/sql.mjs';
import { departed } from '../lib/stack.mjs';
import { Town } from '../lib/town.mjs';

const PEOPLE = 20;
const LETTERS = 1000;
/** One line in ten is cut. */
const ONE_IN = 10;
/** One letter in four whose line was cut is cut a second time, at its next line; the others once at most. */
const TWICE_IN = 4;

/** How often the line of a letter was cut, by whom it was for. */
const cuts = new Map();
const isCut = (to, line) => {
  const times = cuts.get(to) ?? 0;
  return times ? times < 2 && Number(to.match(/\d+/)) % TWICE_IN === 0 : line.number % ONE_IN === 0;
};
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
        if (!given || !/^250 /m.test(bytes.toString('latin1')) || !isCut(to, line)) return true;
        cuts.set(to, (cuts.get(to) ?? 0) + 1);
        line.reset();
        return false;
      },
    };
  },
};

const house = await service({ programs: 2, broken: true, taps });
try {
  await holds(`${LETTERS} letters, one line in ${ONE_IN} cut after the final dot, one letter in ${TWICE_IN} of those cut twice, the others once`, 'PostgreSQL + Dovecot, 2 processes', sends);
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
  const all = () => [...cuts.values()].reduce((sum, times) => sum + times, 0);
  const copies = await until('every letter at its end', async () => {
    const came = gathered(await departed(house.peers));
    return Object.keys(came).length >= LETTERS && Object.values(came).flat().length >= LETTERS + all() && came;
  }, 300_000).catch(async () => gathered(await departed(house.peers)));
  const lost = Array.from({ length: LETTERS }, (_, at) => `s${at}@ailleurs.test`).filter((to) => !copies[to]);
  assert.deepEqual(lost, [], 'none is lost');
  const many = Object.entries(copies).filter(([to, ids]) => ids.length > 1 + (cuts.get(to) ?? 0));
  assert.deepEqual(many, [], 'not cut, a letter comes once; cut once, one double at most; cut twice, two at most');
  assert.deepEqual(Object.values(copies).filter((ids) => new Set(ids).size > 1), [], 'the copies of a letter have the same Message-ID');
  const twice = [...cuts.values()].filter((times) => times === 2).length;
  assert.ok(cuts.size >= LETTERS / ONE_IN / 2 && twice >= cuts.size / TWICE_IN / 3, `${cuts.size} letters were cut, ${twice} of them twice`);
  const ids = new Set(Object.values(copies).map(([id]) => id));
  assert.equal(ids.size, LETTERS, 'each letter has its own Message-ID');
  // How many of those that were cut so often came so many times.
  const came = (cut, times) => Object.entries(copies).filter(([to, given]) => (cuts.get(to) ?? 0) === cut && given.length === times).length;
  return `${LETTERS} came, none lost; of ${cuts.size - twice} cut once, ${came(1, 2)} came twice, none more; of ${twice} cut twice, ${came(2, 2)} came twice and ${came(2, 3)} three times, none more; of ${LETTERS - cuts.size} not cut, none came again; each under one Message-ID; ${seconds(took)} in all`;
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
