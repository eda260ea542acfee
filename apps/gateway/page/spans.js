// Places in texts. The gateway counts bytes of UTF-8, a string counts UTF-16 units: everything here is bytes, until it
// becomes text again.
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

const lengthOf = text => encoder.encode(text).length;

/** The findings of the judged text itself, that is, without those in what tools brought. */
const ofTheText = findings => findings.filter(({message, span}) => message === null && span[0] < span[1]);

/**
 * Cuts a text wherever something found begins or ends: pieces with their text, everything found that covers them, and
 * what of it ends with them.
 */
export function pieces(text, findings) {
  const bytes = encoder.encode(text);
  const found = ofTheText(findings).filter(({span}) => span[1] <= bytes.length);
  const cuts = [...new Set([0, bytes.length, ...found.flatMap(({span}) => span)])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => {
    const covering = found.filter(({span}) => span[0] <= cuts[i] && span[1] >= end);
    return {
      text: decoder.decode(bytes.subarray(cuts[i], end)),
      findings: covering,
      ending: covering.filter(({span}) => span[1] === end),
    };
  });
}

/** What was masked, in order; of what overlaps, what begins first, and of those the longest. */
function masks(findings) {
  const all = ofTheText(findings).filter(({replacement}) => replacement !== null);
  all.sort((a, b) => a.span[0] - b.span[0] || b.span[1] - a.span[1]);
  const apart = [];
  for (const mask of all)
    if (apart.length === 0 || apart.at(-1).span[1] <= mask.span[0]) apart.push(mask);
  return apart;
}

export const isMasked = findings => masks(findings).length > 0;

/** The text with everything that masks in its place, and the masks as findings in that text. */
export function masked(text, findings) {
  const bytes = encoder.encode(text);
  const places = [];
  let out = '';
  let from = 0;
  for (const mask of masks(findings)) {
    out += decoder.decode(bytes.subarray(from, mask.span[0]));
    const begin = lengthOf(out);
    out += mask.replacement;
    places.push({...mask, span: [begin, begin + lengthOf(mask.replacement)]});
    from = mask.span[1];
  }
  return {text: out + decoder.decode(bytes.subarray(from)), findings: places};
}

/**
 * What was found in a text of which only the masked form is known, as findings in that form. Where a mask is not found at
 * its place, nothing is known of any: placeholders may have become longer originals.
 */
export function afterMasking(shown, findings) {
  const bytes = encoder.encode(shown);
  const moved = [];
  let shift = 0;
  for (const mask of masks(findings)) {
    const begin = mask.span[0] + shift;
    const end = begin + lengthOf(mask.replacement);
    if (decoder.decode(bytes.subarray(begin, end)) !== mask.replacement) return [];
    moved.push({mask, begin, end});
    shift += end - begin - (mask.span[1] - mask.span[0]);
  }
  const place = (position, edge) => {
    const before = moved.filter(({mask}) => mask.span[0] <= position).at(-1);
    if (!before) return position;
    if (position < before.mask.span[1]) return position === before.mask.span[0] && edge === 'end' ? before.begin : before[edge];
    return before.end + position - before.mask.span[1];
  };
  return ofTheText(findings).map(found => ({...found, span: [place(found.span[0], 'begin'), place(found.span[1], 'end')]}));
}
