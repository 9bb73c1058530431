// What an aidant sees of the people, of their own lines, of what is asked of them; and what a référent sees of a structure.

import { posts, presses } from '../acts.mjs';
import { codeOfPhone, colleague, NOBODY } from '../cast.mjs';
import {
  aidantOfNew, beginsManyPeople, BUSY, INVITED, INVITES, invites, invitesKnown, invitesLate, invitesLong, invitesManyColleagues, invitesThenWithdraws, listsThreeHundredColleagues,
  listsThreeHundredPeople, LONG, opensByError, opensLongStructure, opensManyRecords, opensNewStructure, referentOfNew,
} from '../made.mjs';

const state = (door, name, way = door, more = {}) => ({ door, state: name, way, ...more });
const mine = async ({ authenticator }) => ({ code: await authenticator.next() });
const RECORD = '/aidant/personnes/{id}';
/** The photo of a paper signed by hand. */
export const SIGNED = new URL('../../../../../crates/server/src/demo/joined/feuille-signee.jpg', import.meta.url).pathname;
const NOT_A_PHOTO = { name: 'mandat.docx', mimeType: 'application/octet-stream', buffer: Buffer.from('ceci n’est pas une photo') };
/** To the last page of a list, by its own button. */
const toTheEnd = (words) => async (page) => {
  for (let turn = 0; turn < 40 && (await page.locator('main a', { hasText: words }).count()) > 0; turn += 1) await page.goto(await page.locator('main a', { hasText: words }).first().getAttribute('href'));
};

const looking = {
  who: colleague('Mathilde Laffargue'),
  states: [
    state('/aidant', 'one found', '/aidant?q=Josette'),
    state('/aidant', 'nobody found', '/aidant?q=Zéphirine', { says: /Zéphirine/ }),
    state('/aidant/charte', 'read before'),
    state('/aidant/journal', 'the first lines', '/aidant/journal'),
    state('/aidant/codes-de-secours', 'first'),
    state('/aidant/codes-de-secours', 'error, nothing typed', posts('/codes-de-secours')),
    state('/aidant/codes-de-secours', 'made', posts('/codes-de-secours', mine)),
    state(RECORD, 'not found', '/aidant/personnes/0192f0c0-0000-7000-8000-000000000000', { door: undefined, says: /n’existe pas/ }),
  ],
};

const many = {
  who: BUSY,
  needs: [opensManyRecords],
  states: [state('/aidant/journal', 'many'), state('/aidant/journal', 'second page', ['/aidant/journal', '› plus anciennes']), state('/aidant/journal', 'last page', ['/aidant/journal', toTheEnd('plus anciennes')]), state(RECORD, 'opened many times', '/aidant/personnes/{Josette Lambert}')],
};

/** A structure where nothing was done yet; then three hundred people are helped, by as many. */
const beginning = {
  who: referentOfNew,
  needs: [opensNewStructure],
  states: [
    state('/aidant', 'empty', '/aidant', { says: /Vous n’accompagnez/ }),
    state('/structure/journal', 'the first lines'),
    state('/structure/aidants', 'one'),
    state('/aidant', 'many', [listsThreeHundredPeople, '/aidant']),
    state('/aidant', 'second page', '› suivant'),
    state('/aidant', 'last page', ['/aidant', toTheEnd('suivant')]),
    state('/aidant', 'many found', '/aidant?q=Marcelle', { limit: [30, 'those who bear that name'] }),
    state('/structure/aidants', 'many', [listsThreeHundredColleagues, '/structure/aidants']),
  ],
};

const newcomer = {
  who: aidantOfNew,
  needs: [opensNewStructure],
  states: [state('/aidant/journal', 'the first lines', '/aidant/journal')],
};

/** An account opened by error, before anyone used it. */
const byError = {
  who: colleague('Élodie Sansot'),
  needs: [opensByError],
  states: [
    state(`${RECORD}/suppression`, 'first', '/aidant/personnes/{Marcelle Labarrère}/suppression'),
    state(`${RECORD}/suppression`, 'error, nothing typed', presses('main form button:is(.main, .grave)')),
    state('/aidant', 'done, deleted', [async (page) => page.fill('main [name=note]', 'Ouvert deux fois.'), posts('/suppression', mine, 'button:is(.main, .grave)')]),
  ],
};

/** In a structure where many are begun. */
const manyBegun = {
  who: 'Pauline Lesbats',
  needs: [beginsManyPeople],
  states: [
    state('/aidant/charte', 'to accept', '/aidant', { needed: true }),
    state('/aidant', 'many begun', presses('form[action="/aidant/charte"] button'), { limit: [200, 'the page has the last two hundred that were begun'] }),
  ],
};

const whoHelped = {
  who: 'Josette Lambert',
  needs: [opensManyRecords],
  states: [state('/aide/qui-m-a-aide', 'many'), state('/aide/qui-m-a-aide', 'second page', ['/aide/qui-m-a-aide', '› plus anciennes']), state('/aide/qui-m-a-aide', 'last page', ['/aide/qui-m-a-aide', toTheEnd('plus anciennes')])],
};

/** A person who tells, takes one thing back, then stops everything. */
const telling = {
  who: 'Oleksandra Kovalenko',
  states: [
    state('/aide/signaler/{line}', 'first', ['/aide/qui-m-a-aide', '› Ce n’est pas normal']),
    state('/aide/signaler/{line}', 'told', presses('main form button.main'), { says: /Merci|lu|dit/ }),
    state('/aide/arreter/{id}/{power}', 'first', ['/aide/qui-m-a-aide', '› Arrêter cela seulement']),
    state('/aide/qui-m-a-aide', 'done, one thing taken back', presses('main form[action^="/aide/arreter/"] button')),
    state('/aide/arreter/{id}', 'first', ['/aide/qui-m-a-aide', '› Arrêter l’aide']),
    state('/aide/qui-m-a-aide', 'done, stopped', presses('main form[action^="/aide/arreter/"] button')),
  ],
};

/** What one signed by hand, as it was photographed. */
const print = {
  who: 'Lucien Dubourdieu',
  states: [state('/aide/mandat/{id}/copie', 'first', ['/aide/qui-m-a-aide', '› que j’ai signé sur papier'])],
};

const reasons = {
  who: 'Karim Belkacem',
  states: [
    state('/aidant/raisons/{id}', 'error, nothing typed', ['/aidant', '› Répondre à', presses('main form button.main')]),
    state('/aidant/raisons/{id}', 'given', [async (page) => page.fill('[name=words]', 'La personne est venue au guichet avec sa fille.'), presses('main form button.main')]),
    state('/aidant/structure', 'first', '/aidant/structure'),
  ],
};

const prints = {
  who: colleague('Yvan Destenave'),
  states: [
    state(`${RECORD}/copie`, 'empty', '/aidant/personnes/{Simone Duhart}/copie'),
    state(`${RECORD}/copie`, 'error, nothing chosen', posts('/copie')),
    state(`${RECORD}/copie`, 'error, not a photo', posts('/copie', { page: NOT_A_PHOTO })),
    state(`${RECORD}/copie`, 'done, one page', posts('/copie', { page: SIGNED })),
    state(`${RECORD}/copie`, 'done, two pages', posts('/copie', { page: SIGNED }, 'button')),
    state(`${RECORD}/copie`, 'done, one taken off', presses('main button[value=retirer]')),
    state(`${RECORD}/copie`, 'error, wrong code', posts('/terminee', { code: '000000' })),
    state(RECORD, 'print closed', posts('/terminee', mine)),
  ],
};

/** What a référent writes of a person: a death, a guardianship, a help that is given up or paused. */
const endings = {
  who: colleague('Mireille Castaing', { role: 'referent' }),
  states: [
    ...['deces', 'tutelle', 'renoncer', 'pause'].flatMap((end) => [
      state(`${RECORD}/${end}`, 'first', `/aidant/personnes/{Jean Dupouy}/${end}`),
      state(`${RECORD}/${end}`, 'error, nothing typed', [`/aidant/personnes/{Jean Dupouy}/${end}`, presses('main form button:is(.main, .grave)')]),
    ]),
    state(RECORD, 'paused', [async (page) => page.fill('main [name=note]', 'La personne est à l’hôpital.'), presses('main form button:is(.main, .grave)')]),
    state(`${RECORD}/reprise`, 'first', '/aidant/personnes/{Jean Dupouy}/reprise'),
    state(`${RECORD}/reprise`, 'error, nothing typed', presses('main form button:is(.main, .grave)')),
  ],
};

const team = {
  who: colleague('Régine Lamarque', { role: 'referent' }),
  needs: [invitesManyColleagues],
  states: [
    state('/structure/aidants', 'many, invited', '/structure/aidants', { limit: [INVITED, 'as many as a structure may invite in one day'] }),
    state('/structure/aidants/inviter', 'error, too many', ['/structure/aidants/inviter', posts('/inviter', { name: 'Lucette Pébéreau', login: 'lucette@vaudorme.example' })], { says: /Attendez/ }),
    state('/structure/aidants', 'error, too many letters', ['/structure/aidants', presses('form[action$="/lettre"] button')]),
    state('/structure/aidants', 'done, taken out', ['/structure/aidants', presses('main li:has(h2:text("Jeanne Pédeboscq")) form[action$="/place"] button.grave')]),
    state('/structure/aidants/inviter', 'first'),
    state('/structure/aidants/inviter', 'error, nothing typed', ['/structure/aidants/inviter', posts('/inviter')]),
    state('/structure/aidants/inviter', 'error, an address cut short', ['/structure/aidants/inviter', posts('/inviter', { name: 'Lucette Pébéreau', login: 'lucette@' })]),
  ],
};

const register = {
  who: 'Hélène Vasseur',
  needs: [opensManyRecords],
  states: [
    state('/structure/journal', 'many'),
    state('/structure/journal', 'second page', ['/structure/journal', '› plus anciennes']),
    state('/structure/journal', 'last page', ['/structure/journal', toTheEnd('plus anciennes')]),
    state('/structure/journal', 'nothing found', '/structure/journal?du=01%2F01%2F2020&au=02%2F01%2F2020'),
    state('/structure/journal', 'error, nobody of that name', '/structure/journal?personne=Personne+inconnue&du=31%2F02%2F2026'),
    state('/structure/journal/raison/{id}', 'first', ['/structure/journal', '› Demander']),
    state('/structure/journal', 'reason asked', presses('main form button.main'), { says: /Raison demandée/ }),
    state('/structure/alertes/{id}', 'first', ['/structure/journal', '› Voir']),
    state('/structure/alertes/{id}', 'error, nothing answered', presses('main form button.main')),
    state('/structure/alertes/{id}', 'closed', [async (page) => page.fill('main [name=note]', 'Vu avec l’aidant : tout est normal.'), async (page) => page.locator('[name=verdict][value=normal]').setChecked(true, { force: true }), presses('main form button.main')]),
    state('/structure/journal', 'error, a remark too long', ['/structure/journal', toTheEnd('plus anciennes'), async (page) => page.fill('main [name=remark]', 'Vu. '.repeat(1000)), presses('form[action$="/relecture"] button.main')]),
    state('/structure/journal', 'done, signed', ['/structure/journal', toTheEnd('plus anciennes'), presses('form[action$="/relecture"] button.main')]),
    state('/structure/journal', 'review taken back', presses('main .done form button'), { says: /lignes? à relire/ }),
  ],
};

const opensLink = (who) => (page, { cast }) => page.goto(cast.links.get(INVITES[who]));
const PASSWORD = 'marmotte printemps tambour';

const invited = {
  who: NOBODY,
  needs: [invites],
  states: [
    state('/invitation', 'first', opensLink('first'), { needed: true }),
    state('/invitation', 'error, nothing typed', posts('/invitation')),
    state('/invitation/application', 'first', posts('/invitation', { name: 'Lucette Pébéreau', password: PASSWORD })),
    state('/invitation/application', 'error, wrong code', posts('/invitation/application', { code: '000000' })),
    state('/aidant/charte', 'first', posts('/invitation/application', codeOfPhone), { needed: true, door: undefined }),
    state('/invitation', 'link already used', opensLink('first'), { says: /a déjà servi/ }),
  ],
};

const invitedLong = {
  who: NOBODY,
  needs: [opensLongStructure, invitesLong],
  states: [
    state('/invitation', 'long name', opensLink('long'), { needed: true }),
    state('/invitation', 'error, long name, easy to guess', posts('/invitation', { name: LONG.other.join(' '), password: 'azerty' })),
  ],
};

/** Who signs in already only says yes. */
const invitedKnown = {
  who: NOBODY,
  needs: [invitesKnown],
  states: [
    state('/invitation', 'signs in already', opensLink('known'), { needed: true, says: /Vous avez déjà un accès/ }),
    state('/invitation', 'invitation accepted', posts('/accepter'), { door: undefined, says: /C’est fait/ }),
  ],
};

const invitedTooLate = { who: NOBODY, needs: [invitesLate], states: [state('/invitation', 'link too old', opensLink('late'), { says: /Ce lien est trop ancien/ })] };
const invitedNoMore = { who: NOBODY, needs: [invitesThenWithdraws], states: [state('/invitation', 'invitation withdrawn', opensLink('withdrawn'), { says: /Cette invitation a été retirée/ })] };

export default [
  looking, many, whoHelped, telling, print, reasons, prints, endings, register, team, invited, invitedLong, invitedKnown, invitedTooLate, invitedNoMore, manyBegun, beginning, newcomer,
  byError,
];
