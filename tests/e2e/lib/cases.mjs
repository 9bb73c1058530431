// A case of the table of faults: what was broken, on what, and what became of it, said on one line for `cargo xtask faults`.

/** While one works on them: `node faults/odd.mjs name SQLite` tries the cases whose name matches, on that engine. */
const [, , ONLY = '', ENGINE = ''] = process.argv;

/** Where what is tried twice is tried. */
export const ENGINES = ['SQLite + Maildir', 'PostgreSQL + Dovecot'].filter((engine) => engine.includes(ENGINE));

/** Whether one asked for this case. */
export function wanted(fault, engine) {
  return new RegExp(ONLY).test(fault) && engine.includes(ENGINE);
}

/** Does it, says what it gave (a sentence), or why it did not hold. One that does not hold makes the script end badly. */
export async function holds(fault, engine, act) {
  if (!wanted(fault, engine)) return;
  process.stderr.write(`   ${fault} (${engine})\n`);
  let said;
  try {
    said = { fault, engine, ok: true, result: await act() };
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${error.stack}\n`);
    said = { fault, engine, ok: false, result: String(error.message).replaceAll(/\s+/g, ' ').slice(0, 300) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}

/** Seconds with one figure, since this instant of `performance.now()`. */
export const since = (began) => seconds(performance.now() - began);

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;
