// What ends a mandate, or holds it, and an account that was opened by error.

import { signsOnPaper } from './hands.mjs';

const BORN = { given_names: 'Marcel', birth_date: '05/03/1942' };

export async function endings(town, { mark }) {
  const records = [];
  for (const names of [['Tutelle', 'Défunt'], ['Erreur', 'Pause']]) {
    const who = await town.enrols('Nadia Roussel');
    const desk = await town.alone.atWork(who);
    for (const name of names) records.push((await signsOnPaper(town, desk, who, { ...BORN, family_name: `${name} ${mark}` })).record);
  }
  const [ward, late, error, paused] = records;
  const [helene, odile] = [await answers(town, 'Hélène Vasseur'), await answers(town, 'Odile Perrin')];
  const { desk } = helene;
  await town.passes(desk, `${paused}/pause`, `${paused}/pause`, { note: 'Un doute.' });
  await town.passes(desk, `${paused}/reprise`, `${paused}/reprise`, { note: 'C’était sa fille.' });
  const bound = async (who, path, fields) => town.passes(who.desk, path, path, { note: 'Appel de sa fille.', ...fields, code: () => who.authenticator.next() });
  await bound(helene, `${paused}/renoncer`);
  // Nobody dies before they sign.
  const today = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris' }).format(new Date());
  await bound(helene, `${late}/deces`, { day: today });
  await bound(odile, `${ward}/tutelle`);
  await bound(odile, `${error}/suppression`);
}

/** Someone who answers for the structure, at their desk. */
async function answers(town, name) {
  const who = await town.enrols(name, 'referent');
  return { ...who, desk: await town.alone.atWork(who) };
}
