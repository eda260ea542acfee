// How figures are written for people.

const rounded = (value, digits) => value.toLocaleString('en', {maximumFractionDigits: digits});

/** Three significant digits at most below ten, whole numbers above: what the eye takes in at once. */
const brief = value => rounded(value, value < 10 ? 1 : 0);

export function duration(micros) {
  if (micros < 1_000) return `${brief(micros)} µs`;
  if (micros < 1_000_000) return `${brief(micros / 1_000)} ms`;
  return `${brief(micros / 1_000_000)} s`;
}

export const count = value => rounded(value, 0);
export const rate = value => brief(value);
export const share = value => `${brief(value * 100)} %`;
export const score = value => value.toFixed(2);
