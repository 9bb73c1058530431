// Questions to the base, asked from beside: what only who holds the machine could read.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SQLITE = 'import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1], timeout=20).execute(sys.argv[2]): print(*row, sep="\\t")';

/** What asks the base of a demo, or of a service: gives rows of texts. `outcome` is the SQL that reads it from a journal's leaf. */
export function reader({ dir, peers }) {
  const command = peers ? ['psql', ['-X', '-A', '-t', '-F', '\t', peers.postgres, '-c']] : ['python3', ['-c', SQLITE, join(dir, 'maincourante.db')]];
  const ask = async (text) => {
    const { stdout } = await promisify(execFile)(command[0], [...command[1], text], { maxBuffer: 1 << 24 });
    return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  };
  ask.tables = peers ? "select tablename from pg_tables where schemaname = 'public'" : "select name from sqlite_master where type = 'table'";
  ask.outcome = peers ? "(convert_from(leaf, 'UTF8')::json->>'outcome')" : "json_extract(cast(leaf as text), '$.outcome')";
  return ask;
}

/** How many rows each table has, and how many lines of each event the journal: `{ 'usager': 3, 'mandate.signed, done': 2, … }`. */
export async function photograph(ask, without = []) {
  const tables = (await ask(ask.tables)).flat().filter((name) => !/^(_sqlx|sqlite_)/.test(name) && !without.includes(name));
  const counts = tables.map((name) => `select '${name}', count(*) from ${name}`);
  const lines = `select event || ', ' || ${ask.outcome}, count(*) from journal_entry group by 1`;
  return Object.fromEntries((await ask([...counts, lines].join(' union all '))).map(([name, count]) => [name, Number(count)]));
}

/** What one photograph has more than another. */
export function difference(before, after) {
  return Object.fromEntries(Object.keys(after).map((name) => [name, after[name] - (before[name] ?? 0)]).filter(([, more]) => more !== 0));
}
