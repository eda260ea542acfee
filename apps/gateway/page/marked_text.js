// A text with what was found in it marked.
import {verdictOf} from './checks.js';
import {element} from './elements.js';
import {pieces} from './spans.js';

const nameOf = found => found.entity ?? found.label;

const describe = found => `${nameOf(found)}: ${found.check}, ${found.replacement === null ? found.action : 'masked'}`;

const unique = list => [...new Set(list)];

function markOf({text, findings, ending}) {
  const mark = element('mark', {class: `found is-${verdictOf(findings)}`, title: unique(findings.map(describe)).join('\n')}, text);
  // Shown by the style sheet: what is marked stays the text itself, to be copied and read out.
  if (ending.length > 0) mark.dataset.names = unique(ending.map(nameOf)).join(' ');
  return mark;
}

export const markedText = (text, findings) =>
  pieces(text, findings).map(piece => (piece.findings.length > 0 ? markOf(piece) : document.createTextNode(piece.text)));
