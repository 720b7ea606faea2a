// SPDX-License-Identifier: MIT
// Two texts in rows: what belongs together stands side by side, on a phone one below the other.

const LONG_LINE = 600; // characters: longer paragraphs are cut into sentences to be aligned
const MOST_CELLS = 40000; // of the table that aligns; longer texts stay in one row
const LEAST_ALIKE = 0.25; // of the words of two lines that stand side by side

// The sentences of a long piece of text, with the space behind them.
function sentencesOf(text) {
  return text.length <= LONG_LINE ? [text]
    : text.match(/.+?(?:[.!?…]["'”’»)]*\s+|[。！？]["”’」』）]*|$)/gsu) || [text];
}

function wordsOf(text) {
  const words = text.toLocaleLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) || [];
  const isUnspaced = words.some((word) => word.length > 24);
  return new Set(isUnspaced ? words.flatMap((word) =>
    [...word].map((letter, i, all) => letter + (all[i + 1] || ''))) : words);
}

// The text of a piece; what is folded away parts lines.
function pieceText(piece) {
  return typeof piece === 'string' ? piece : Array.isArray(piece) ? piece[0] : '\n\n';
}

// Where lines of a text end: behind line ends, and behind the sentences of long lines.
function lineEnds(text) {
  const ends = new Set();
  let at = 0;
  for (const row of text.split('\n')) {
    for (const sentence of sentencesOf(row)) {
      at += sentence.length;
      ends.add(at);
    }
    at += 1; /* the line end, which belongs to no line */
    ends.add(at);
  }
  return ends;
}

// The lines of an excerpt: text between line ends, or a passage that is folded away. Lines go on
// from piece to piece.
function linesOf(pieces, side, texts) {
  const whole = unwrapped(pieces.map(pieceText).join(''));
  const ends = lineEnds(whole);
  const lines = [];
  let line = null;
  const close = () => {
    if (line !== null && (line.folded || line.text.trim() !== '')) {
      line.words = wordsOf(line.text);
      lines.push(line);
    }
    line = null;
  };
  const take = (text, isMarked) => {
    const shown = text.replace(/\n/g, '');
    line = line || {nodes: [], text: '', differs: false, folded: 0};
    if (shown !== '') {
      line.nodes.push(isMarked ? el('mark', {class: side}, shown) : shown);
      line.text += shown;
      line.differs = line.differs || (isMarked && shown.trim() !== '');
    }
  };
  const takeText = (begin, end, isMarked) => {
    let from = begin;
    for (let at = begin + 1; at <= end; at++) {
      if (ends.has(at) || at === end) {
        take(whole.slice(from, at), isMarked);
        from = at;
      }
      if (ends.has(at)) {
        close();
      }
    }
  };
  const takeWhole = (nodes, characters) => {
    close();
    line = {nodes, text: '', differs: false, folded: characters};
    close();
  };
  let at = 0;
  for (const piece of pieces) {
    const end = at + pieceText(piece).length;
    if (typeof piece === 'string' || Array.isArray(piece)) {
      takeText(at, end, Array.isArray(piece));
    } else if (piece.cut !== undefined) {
      takeWhole([cutMark(piece.cut)], -1);
    } else {
      takeWhole(foldedPassage(piece, texts, 'the same', ''),
        typeof piece === 'number' ? piece : piece.left_out);
    }
    at = end;
  }
  close();
  return lines;
}

// Share of the words that two lines have in common; 1 for the same passage folded away.
function likeness(a, b) {
  if (a.folded || b.folded) {
    return a.folded === b.folded ? 1 : 0;
  }
  if (a.text === b.text) {
    return 1;
  }
  let shared = 0;
  for (const word of a.words) {
    shared += b.words.has(word) ? 1 : 0;
  }
  const all = a.words.size + b.words.size;
  const share = all === 0 ? 0 : 2 * shared / all;
  return share >= LEAST_ALIKE ? share : 0;
}

// Pairs of lines, in order, that are most alike in all: [[left or null, right or null], ...]. The
// table holds the best sum for what stands behind each pair of lines (Needleman and Wunsch 1970).
function alignLines(left, right) {
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  const alike = new Float64Array(left.length * right.length);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let k = right.length - 1; k >= 0; k--) {
      const both = likeness(left[i], right[k]);
      alike[i * right.length + k] = both;
      best[i * width + k] = Math.max(best[(i + 1) * width + k], best[i * width + k + 1],
        both + best[(i + 1) * width + k + 1]);
    }
  }
  const rows = [];
  let [i, k] = [0, 0];
  while (i < left.length || k < right.length) {
    const both = i < left.length && k < right.length ? alike[i * right.length + k] : 0;
    if (both > 0 && best[i * width + k] === both + best[(i + 1) * width + k + 1]) {
      rows.push([left[i++], right[k++]]);
    } else if (k >= right.length ||
               (i < left.length && best[(i + 1) * width + k] >= best[i * width + k + 1])) {
      rows.push([left[i++], null]);
    } else {
      rows.push([null, right[k++]]);
    }
  }
  return rows;
}

function cellOf(line, side) {
  return el('div', {class: `text ${side}`, dir: 'auto', lang: ''}, line ? line.nodes : []);
}

function rowOf([kept, copy]) {
  const differs = !kept || !copy || kept.differs || copy.differs;
  return el('div', {class: `row ${differs ? 'differs' : 'same-row'}`,
    tabindex: differs ? '-1' : undefined}, cellOf(kept, 'kept'), cellOf(copy, 'copy'));
}

// Both texts in rows, with their differences in order: {node, differences}.
function alignedTexts(kept, copy, texts) {
  const left = linesOf(kept, 'kept', texts);
  const right = linesOf(copy, 'copy', texts);
  const rows = left.length * right.length > MOST_CELLS
    ? Array.from({length: Math.max(left.length, right.length)},
      (_, i) => [left[i] || null, right[i] || null])
    : alignLines(left, right);
  const nodes = rows.map(rowOf);
  return {node: el('div', {class: 'aligned'}, nodes),
    differences: nodes.filter((node) => node.classList.contains('differs'))};
}

// Goes to the next difference (step 1) or the one before (-1), around the ends.
function stepDifference(group, step) {
  const nodes = group.differences || [];
  if (nodes.length === 0) {
    say('No difference');
    return;
  }
  const at = group.difference === undefined ? (step > 0 ? -1 : 0) : group.difference;
  group.difference = (at + step + nodes.length) % nodes.length;
  nodes.forEach((node, i) => node.classList.toggle('chosen', i === group.difference));
  nodes[group.difference].scrollIntoView({block: 'center'});
  const words = `${group.difference + 1} of ${plural(nodes.length, 'difference')}`;
  group.differenceStatus.textContent = words;
  say(words);
}

function differenceBar(group) {
  const total = group.differences.length;
  group.difference = undefined;
  group.differenceStatus = el('span', {class: 'soft'}, plural(total, 'difference'));
  const button = (words, label, step) => el('button', {type: 'button', 'aria-label': label,
    title: label, disabled: total === 0, onclick: () => stepDifference(group, step)}, words);
  return el('p', {class: 'difference-bar'}, button('‹', 'Previous difference (p)', -1),
    button('›', 'Next difference (n)', 1), group.differenceStatus);
}
