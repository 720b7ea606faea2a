// SPDX-License-Identifier: MIT
// What a run found that documents share, and how sure that is.

function passageRule(data) {
  const {min_words: words, min_documents: documents, series} = data.options;
  const sum = data.summary;
  const same = series === null ? '' : ` What documents with the same ${series} share was left out.`;
  const wide = documents > 2 ? ` Shown are passages in ${count(documents)} documents or more.` : '';
  const other = sum.against_documents > 0 ? ' Documents of the inputs were compared with ' +
    `${plural(sum.against_documents, 'document')} of another corpus only.` : '';
  return `A passage is a run of ${count(words)} words or more that two documents share, or ` +
    `several such runs with small edits between them; ${count(2 * words)} ideographs or ` +
    `${count(4 * words)} letters of scripts without spaces count as much. Case, accents and ` +
    `marks do not count.${other}${same}${wide}`;
}

function guarantee(data) {
  const sum = data.summary;
  return `Every such run is found: of any ${count(sum.window_words)} runs of ` +
    `${count(sum.gram_words)} words in a row one is looked up.` + (sum.common === 0 ? ''
    : ` But ${plural(sum.common, 'run')} of ${count(sum.gram_words)} words ` +
      `${sum.common === 1 ? 'stands' : 'stand'} in over ${count(data.options.max_documents)} ` +
      `documents (one in ${count(sum.common_most)}): what only such runs would propose is not ` +
      'shown (--max-documents).');
}

function passagesBar(sum) {
  const all = sum.documents + sum.against_documents;
  const parts = [['near', sum.documents_with, 'documents with a passage'],
    ['kept', all - sum.documents_with, 'without']].filter((part) => part[1] > 0);
  return [
    el('div', {class: 'share-bar', 'aria-hidden': 'true'}, parts.map(([kind, n]) =>
      sized(el('span', {class: `fill ${kind}`}), 'flex-grow', String(n)))),
    el('ul', {class: 'legend'}, parts.map(([kind, n, words]) => el('li', {},
      el('span', {class: `swatch fill ${kind}`}), el('b', {}, count(n)), ` ${words} `,
      el('span', {class: 'soft'}, percent(n / all))))),
  ];
}

// Rows of a chart from [[least value of a step, number], ...]; all steps are `steps`.
function stepRows(numbers, steps) {
  return numbers.map(([low, n]) => {
    const next = steps[steps.indexOf(low) + 1];
    const name = next === undefined ? `${count(low)} or more` : low === 0 ? `under ${next}`
      : next - 1 === low ? String(low) : `${count(low)}–${count(next - 1)}`;
    return {name, value: n, text: count(n)};
  });
}

function stepsFigure(title, numbers, steps, note) {
  return numbers.length === 0 ? null : figure(title, barList(stepRows(numbers, steps), 'stepped'),
    note);
}

function firstFigure(data) {
  const {with_first: first, undated} = data.counts;
  const tied = data.summary.families - first - undated;
  const rows = [['one document', first], ['a tie', tied], ['no dates', undated]]
    .map(([name, n]) => ({name, value: n, text: count(n)}));
  return figure('Who had it first', barList(rows, 'roomy'),
    data.summary.undated > 0 ? `By date. ${plural(data.summary.undated, 'document')} without a ` +
      'date that can be read: never first.' : 'By date; in a tie several have the earliest.');
}

function passageSources(data) {
  const {sources, source_count: total} = data.counts;
  if (total < 2) {
    return null;
  }
  const hasDates = sources.some((row) => row.first > 0);
  const rows = sources.map((row) => el('tr', {},
    el('th', {scope: 'row'}, shortName(sourceName(row.name), 44)),
    el('td', {}, count(row.passages)), hasDates && el('td', {}, count(row.first)),
    hasDates && el('td', {class: 'share'}, el('span', {class: 'bar-track'},
      sized(el('span', {class: 'bar-fill'}), 'width', `${100 * row.first / row.passages}%`)),
    el('span', {}, percent(row.first / row.passages)))));
  return el('figure', {class: 'panel sources-panel'},
    el('figcaption', {}, el('h3', {}, 'By source')),
    el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of sources'},
      el('table', {class: 'sources'},
        el('thead', {}, el('tr', {}, ['Source', 'Passages', 'Had first', 'Share']
          .slice(0, hasDates ? 4 : 2).map((title) => el('th', {scope: 'col'}, title)))),
        el('tbody', {}, rows))),
    total > sources.length && el('p', {class: 'note'},
      `and ${plural(total - sources.length, 'more source')}.`));
}

function flowCell(value, most, first, later) {
  if (value === 0) {
    return el('td', {class: 'none'}, '·');
  }
  const title = `${plural(value, 'passage')} that ${first} had first ` +
    `${value === 1 ? 'stands' : 'stand'} later in ` +
    (first === later ? 'another document of its own' : later);
  const share = Math.log(1 + value) / Math.log(1 + most);
  return sized(el('td', {title, class: share > 0.6 ? 'strong' : ''},
    el('button', {type: 'button', title: `${title}: show those that are here`,
      onclick: () => wantPair(first, later)}, count(value))),
  '--share', `${Math.round(8 + 84 * share)}%`);
}

function flowMatrix(data) {
  const {matrix, sources} = data.counts;
  const names = sources.map((row) => sourceName(row.name));
  const used = names.map((_, i) => i).filter((i) =>
    matrix[i].some((n) => n > 0) || matrix.some((row) => row[i] > 0));
  if (used.length < 2) {
    return null;
  }
  const most = Math.max(...matrix.flat());
  return el('figure', {class: used.length <= 9 ? 'panel matrix-panel' : 'panel wide'},
    el('figcaption', {}, el('h3', {}, 'Who had it first, and who later'),
      el('p', {class: 'note'}, 'A row is the source that had passages first, by date; a column ' +
        'the source in which they stand later. On the diagonal, what a source repeats of itself.')),
    el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Matrix of sources'},
      el('table', {class: 'matrix'},
        el('thead', {}, el('tr', {}, el('td', {}), used.map((i) =>
          el('th', {scope: 'col'}, el('span', {}, shortName(names[i], 24)))))),
        el('tbody', {}, used.map((first) => el('tr', {},
          el('th', {scope: 'row'}, shortName(names[first], 28)),
          used.map((i) => flowCell(matrix[first][i], most, names[first], names[i]))))))));
}

// The best few by an order, as links to their cards.
function bestFigure(title, state, order, value) {
  const few = [...state.groups].sort(FAMILY_ORDERS[order][1]).slice(0, 6);
  return state.groups.length < 10 ? null : el('figure', {class: 'panel half best'},
    el('figcaption', {}, el('h3', {}, title)),
    el('ol', {class: 'best-list'}, few.map((group) => el('li', {},
      el('a', {href: `#g${group.name}`}, quoted(group.survivor.title)),
      el('span', {class: 'soft'}, value(group))))));
}

function passageProblems(sum) {
  const notes = [];
  if (sum.skipped > 0) {
    notes.push(`${plural(sum.skipped, 'record or file', 'records or files')} could not be read`);
  }
  if (sum.unreadable > 0) {
    notes.push(`${plural(sum.unreadable, 'document')} damaged throughout could not be compared`);
  }
  return notes.length === 0 ? null : el('p', {class: 'notice'}, `${notes.join('; ')}.`);
}

function showFamiliesOverview(data, state) {
  if (!data.counts) {
    byId('overview').remove();
    return; /* a page of passages: the index has the overview */
  }
  const sum = data.summary;
  const all = sum.documents + sum.against_documents;
  const inputs = data.inputs.length > 0 ? data.inputs : ['documents from a program'];
  append(byId('overview'), [
    el('h1', {class: 'headline'}, sum.families === 0
      ? `No two of ${plural(all, 'document')} share a passage`
      : [el('b', {}, count(sum.families)), sum.families === 1 ? ' passage stands' :
        ' passages stand', ` in several of ${plural(all, 'document')}`]),
    el('p', {class: 'inputs'}, inputs.slice(0, 6).map((input, i) =>
      [i > 0 ? ', ' : '', quoted(input)]), inputs.length > 6 && ` and ${inputs.length - 6} more`),
    el('p', {class: 'rule'}, passageRule(data)), el('p', {class: 'rule'}, guarantee(data)),
    passagesBar(sum), passageProblems(sum),
    sum.families > 0 && el('div', {class: 'panels'},
      stepsFigure('In how many documents', data.counts.by_documents,
        [2, 3, 4, 5, 6, 11, 21, 51, 101, 501], `${plural(sum.families, 'passage')}, found as ` +
        `${plural(sum.passages, 'pair')} of places.`),
      stepsFigure('How long', data.counts.by_tokens, [0, 25, 50, 100, 200, 400, 800, 1600],
        'In words; of scripts without spaces, in characters.'),
      firstFigure(data),
      bestFigure('In most documents', state, 'documents', (group) => count(group.size)),
      bestFigure('Longest', state, 'longest', (group) => lengthWords(group)),
      passageSources(data), flowMatrix(data))]);
}
