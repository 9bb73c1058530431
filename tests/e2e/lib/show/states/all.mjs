// Everything that is shown, in the order in which it is played.
//
// A journey is `{ who, states, needs, isAlone }`: one device of one person, who goes from state to state. A state is
// `{ door, state, way, says, needed }`: the page, the name of the state (its first word is a promise, held by lib/show/stage.mjs), how it is
// reached (lib/show/acts.mjs), words that are then read, and whether later states of the journey need it to have been reached.

import people from './public.mjs';
import { territory } from './territory.mjs';

export async function journeys() {
  return [...people, ...(await territory())];
}
