// Everything that is shown, in the order in which it is played.
//
// A journey is `{ who, states, needs, isAlone }`: one device of one person, who goes from state to state. A state is
// `{ door, state, way, says, needed }`: the page, the name of the state (its first word is a promise, held by lib/show/stage.mjs), how it is
// reached (lib/show/acts.mjs), words that are then read, and whether what follows in the journey needs it to have been reached.

import account from './account.mjs';
import helping from './helping.mjs';
import letters from './letters.mjs';
import anyone from './public.mjs';
import service from './service.mjs';
import { territory } from './territory.mjs';

/** The territory comes first, as it is before anyone does anything. */
const CHAPTERS = { territory: await territory(), public: anyone, account, helping, letters, service };

/** Every journey, with the chapter it is in. */
export const journeys = Object.entries(CHAPTERS).flatMap(([chapter, journeys]) => journeys.map((journey) => ({ ...journey, chapter })));
