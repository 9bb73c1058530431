// Everything that is shown, in the order in which it is played.
//
// A journey is `{ who, states, needs, isAlone }`: one device of one person, who goes from state to state. A state is
// `{ door, state, way, says, needed, limit }`: the page, the name of the state (its first word is a promise, held by lib/show/stage.mjs, and so is
// "long name"), how it is reached (lib/show/acts.mjs), words that are then read, whether what follows in the journey needs it to have been reached,
// and, where the product bounds a list of `many`, `[how many rows, why]`.

import account from './account.mjs';
import forms from './forms.mjs';
import helping from './helping.mjs';
import kinds from './kinds.mjs';
import letters from './letters.mjs';
import anyone from './public.mjs';
import service from './service.mjs';
import { territory } from './territory.mjs';

/** The territory comes first, as it is before anyone does anything. */
const CHAPTERS = { territory: await territory(), public: anyone, account, helping, kinds, letters, forms, service };

/** Every journey, with the chapter it is in. */
export const journeys = Object.entries(CHAPTERS).flatMap(([chapter, journeys]) => journeys.map((journey) => ({ ...journey, chapter })));
