// What was shown, as one reads it at the end: each page with its states, and what is wrong with them.

/** The table, what is wrong, what was forgotten, the lists that the product bounds, and the count. */
export function table(seen, forgotten) {
  const pages = new Map();
  for (const one of seen) pages.set(one.door, [...(pages.get(one.door) ?? []), one]);
  const rows = [...pages].map(([door, states]) => ({
    page: door,
    states: states.map((one) => one.state).join('; '),
    faults: String(states.reduce((sum, one) => sum + one.faults.length, 0)),
  }));
  const width = Math.max(4, ...rows.map((row) => row.page.length));
  const faults = seen.flatMap((one) => one.faults.map((fault) => `${one.door} · ${one.state} · ${one.who}: ${fault}`));
  const pictures = seen.reduce((sum, one) => sum + Object.keys(one.pictures).length, 0);
  return [
    `| ${'page'.padEnd(width)} | n   | faults | states shown`,
    ...rows.map((row) => `| ${row.page.padEnd(width)} | ${String(pages.get(row.page).length).padEnd(3)} | ${row.faults.padEnd(6)} | ${row.states}`),
    ...faults.map((fault) => `WRONG ${fault}`),
    ...forgotten.map((sentence) => `FORGOTTEN ${sentence}`),
    ...seen.filter((one) => one.limit).map((one) => `LIMIT ${one.door} · ${one.state}: ${one.rows} rows, ${one.limit}`),
    `${pages.size} pages, ${seen.length} states, ${pictures} pictures; ${faults.length} faults, ${forgotten.length} things forgotten`,
  ].join('\n');
}
