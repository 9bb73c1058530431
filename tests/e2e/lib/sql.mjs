// Questions to the base, asked from beside: what only who holds the machine could read.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Rows of a base in a file; `digest` is what a value is compared by: a number is itself. */
const SQLITE = `import hashlib, sqlite3, sys
base = sqlite3.connect(sys.argv[1], timeout=20)
said = lambda value: value if isinstance(value, bytes) else str(value).encode()
base.create_function("digest", 1, lambda value: value if value is None or isinstance(value, int) else hashlib.md5(said(value)).hexdigest()[:10])
for row in base.execute(sys.argv[2]): print(*row, sep="\\t")`;

/** Table, column, type, whether it is of the key. */
const COLUMNS = {
  sqlite: "select m.name, c.name, c.type, c.pk > 0 from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'",
  postgres: `select c.table_name, c.column_name, c.data_type, exists (
    select from information_schema.table_constraints t join information_schema.key_column_usage k using (constraint_schema, constraint_name)
    where t.constraint_type = 'PRIMARY KEY' and k.table_name = c.table_name and k.column_name = c.column_name)::int
    from information_schema.columns c join pg_tables p on p.tablename = c.table_name and p.schemaname = c.table_schema where c.table_schema = 'public'`,
};

/** What asks the base of a demo, or of a service: gives rows of texts. `field` is the SQL that reads one from a journal's leaf. */
export function reader({ dir, peers }) {
  const command = peers ? ['psql', ['-X', '-A', '-t', '-F', '\t', peers.postgres, '-c']] : ['python3', ['-c', SQLITE, join(dir, 'maincourante.db')]];
  const ask = async (text) => {
    const { stdout } = await promisify(execFile)(command[0], [...command[1], text], { maxBuffer: 1 << 26 });
    return stdout.split('\n').filter(Boolean).map((line) => line.split('\t'));
  };
  ask.columns = async () => (ask.known ??= await ask(peers ? COLUMNS.postgres : COLUMNS.sqlite));
  ask.digest = (column, type) => {
    if (!peers) return `digest(${column})`;
    return /int/.test(type) ? `${column}::text` : `left(md5(${column}${type === 'bytea' ? '' : '::text'}), 10)`;
  };
  ask.field = (...path) => (peers ? `(convert_from(leaf, 'UTF8')::json #>> '{${path}}')` : `json_extract(cast(leaf as text), '$.${path.join('.')}')`);
  return ask;
}

/** Before this, a number is a number; from there on it is an instant. */
const INSTANTS = 1e12;

/**
 * The rows of each table, column by column, and how many lines of each event the journal has, how many jobs of each kind there were.
 * `without`: tables that are not looked at, columns (`table.column`) neither; `only`: of a table, the rows of which this is so.
 */
export async function photograph(ask, { without = [], only = {} } = {}) {
  const tables = new Map();
  for (const [table, column, type, key] of await ask.columns()) {
    if (/^(_sqlx|sqlite_|journal_(log|entry|subject|checkpoint|super)$|job$)/.test(table) || without.includes(table)) continue;
    if (!tables.has(table)) tables.set(table, []);
    if (!without.includes(`${table}.${column}`)) tables.get(table).push({ column, type, key: key === '1' });
  }
  const rows = [...tables].map(([table, columns]) => {
    const said = columns.map(({ column, type }) => `coalesce(cast(${ask.digest(column, type)} as text), '-')`).join(" || ' ' || ");
    return `select '${table}', ${said} from ${table}${only[table] ? ` where ${only[table]}` : ''}`;
  });
  const rule = ask.field('payload', 'rule');
  const lines = `select event || ', ' || ${ask.field('outcome')} || coalesce(' (' || ${rule} || ')', ''), cast(count(*) as text) from journal_entry group by 1`;
  const jobs = "select 'job ' || kind, cast(count(*) as text) from job group by 1";
  const seen = { rows: new Map(), counts: {} };
  for (const [name, said] of await ask([...rows, lines, jobs].join(' union all '))) {
    const columns = tables.get(name);
    if (!columns) {
      seen.counts[name] = Number(said);
      continue;
    }
    const values = said.split(' ');
    const key = columns.map((each, at) => (each.key ? values[at] : '')).join(' ');
    seen.rows.set(`${name} ${key}`, Object.fromEntries(columns.map(({ column }, at) => [column, values[at]])));
  }
  return seen;
}

/**
 * What one photograph has that another had not: `{ 'usager': 1, 'code gone': 1, 'letter_draft.version': 1, 'letter_draft.version by': 1, 'mandate.signed, done': 2 }`:
 * rows that came, that went, in how many another a column changed, and by how much in all when it is a number.
 */
export function difference(before, after) {
  const more = {};
  const add = (name, count = 1) => (more[name] = (more[name] ?? 0) + count);
  const table = (key) => key.split(' ')[0];
  for (const [key, row] of after.rows) {
    const was = before.rows.get(key);
    if (!was) add(table(key));
    for (const column of was ? Object.keys(row).filter((each) => row[each] !== was[each]) : []) {
      add(`${table(key)}.${column}`);
      const numbers = [was[column], row[column]].filter((value) => /^-?\d+$/.test(value) && Math.abs(value) < INSTANTS);
      if (numbers.length === 2) add(`${table(key)}.${column} by`, numbers[1] - numbers[0]);
    }
  }
  for (const key of before.rows.keys()) if (!after.rows.has(key)) add(`${table(key)} gone`);
  for (const [name, count] of Object.entries(after.counts)) if (count !== (before.counts[name] ?? 0)) add(name, count - (before.counts[name] ?? 0));
  return more;
}
