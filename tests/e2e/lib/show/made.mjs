// What the territory does not hold and the states need, made by the product's own means.

/** Makes what these journeys ask for, by the name under `needs`. */
export async function makes(stage, journeys) {
  const needs = new Set(journeys.flatMap((journey) => journey.needs ?? []));
  for (const need of needs) await need(stage);
}
