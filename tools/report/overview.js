// SPDX-License-Identifier: MIT
// The upper part of the page: what was read, what was removed, and how sure that is.

function rule(options) {
  const units = {words: 'words', characters: 'characters', exact: 'words and marks as they stand',
    code: 'words of code', posts: 'words'};
  const runs = `of ${options.shingle_size} ${units[options.tokens]}`;
  const alike = `Two texts count as repeats when at least ${percent(options.threshold)} of their ` +
    `runs ${runs} are the same.`;
  const inside = `A text is contained in a longer one when at least ` +
    `${percent(options.containment || 1)} of its runs ${runs} stand there.`;
  return {contained: inside, either: `${alike} ${inside}`}[options.rule] || alike;
}

function keepRule(run) {
  const kept = `Of each group stays ${run.keep_words}.`;
  const never = run.options.never_drop;
  const safe = never.length > 0 ? ` Never removed: what matches ${never.join(' or ')}.` : '';
  return run.options.drop_all ? 'All documents of a group are removed.' : kept + safe;
}

// Documents that fill one form are kept, unless the run was told to drop them.
function keptForms(run) {
  return run.options.templates === 'keep' ? run.summary.templates : 0;
}

function formsHeadline(run, isFirst) {
  const n = keptForms(run);
  return n > 0 && [isFirst ? '; ' : ', and ', el('b', {class: 'form'}, count(n)),
    ` ${n === 1 ? 'fills' : 'fill'} a form`];
}

function headline(run) {
  const sum = run.summary;
  if (sum.dropped === 0) {
    return [`None of ${plural(sum.documents, 'document')} repeats another`,
      formsHeadline(run, true)];
  }
  return [el('b', {}, count(sum.dropped)),
    ` of ${plural(sum.documents, 'document')} ${sum.dropped === 1 ? 'repeats' : 'repeat'} another`,
  formsHeadline(run, false)];
}

// One bar: what was kept, and what was removed by kind.
function shareBar(run) {
  const sum = run.summary;
  const forms = keptForms(run);
  const parts = [
    ['kept', sum.kept - forms, 'kept'],
    ['template', sum.templates, forms > 0 ? 'kept: one form, other contents'
      : 'one form, other contents'],
    ['near', sum.near, 'near copies'],
    ['contained', sum.contained, 'contained in a kept text'],
    ['normalized', sum.normalized, 'same words'],
    ['identical', sum.identical, 'identical'],
    ['survivors', sum.dropped_survivors, 'all of the group dropped'],
  ].filter((part) => part[1] > 0);
  return [
    el('div', {class: 'share-bar', 'aria-hidden': 'true'}, parts.map(([kind, n]) =>
      sized(el('span', {class: `fill ${kind}`}), 'flex-grow', String(n)))),
    el('ul', {class: 'legend'}, parts.map(([kind, n, words]) => el('li', {},
      el('span', {class: `swatch fill ${kind}`}), el('b', {}, count(n)), ` ${words} `,
      el('span', {class: 'soft'}, percent(n / sum.documents))))),
  ];
}

function figure(title, chart, ...notes) {
  return el('figure', {class: `panel${chart.tagName === 'svg' ? ' half' : ''}`},
    el('figcaption', {}, el('h3', {}, title)), chart,
    notes.map((note) => note && el('p', {class: 'note'}, note)));
}

function sizeRows(sizes) {
  const bounds = [2, 3, 4, 5, 6, 11, 21, 51, 101, 501, Infinity];
  const rows = [];
  for (let i = 0; i + 1 < bounds.length; i++) {
    const [low, high] = [bounds[i], bounds[i + 1] - 1];
    const groups = sizes.filter(([size]) => size >= low && size <= high)
      .reduce((sum, [, n]) => sum + n, 0);
    if (groups > 0) {
      const to = high === Infinity ? ' or more' : `–${high}`;
      const name = `${low}${low === high ? '' : to}`;
      rows.push({name, value: groups, text: count(groups)});
    }
  }
  return rows;
}

function histogramFigure(run) {
  const bins = run.similarity_histogram;
  if (bins.every((n) => n === 0)) {
    return null;
  }
  const cut = Math.round(run.options.threshold * 100);
  const below = bins.slice(0, cut).reduce((sum, n) => sum + n, 0);
  return figure('How alike the compared pairs are', histogramChart(bins, run.options.threshold),
    `${plural(run.summary.verified, 'pair')} compared exactly; ${count(below)} of them were not ` +
    'alike enough. The scale is logarithmic.');
}

function curveFigure(run) {
  if (!run.curve) {
    return null;
  }
  const sum = run.summary;
  const audit = sum.audit_pairs > 0 ? {low: sum.audit_low, high: sum.audit_high} : null;
  return figure('What the search finds',
    curveChart(run.curve, run.options.threshold, sum.recall, audit),
    `A pair right at the threshold is found with ${percent(sum.recall)} probability, more alike ` +
    'pairs almost always.',
    audit && `Audit: of ${plural(sum.audit_pairs, 'true pair')} of ` +
      `${plural(sum.audit_documents, 'sampled document')} the search found ` +
      `${count(sum.audit_found)} (with 95 % confidence ${percent(sum.audit_low)} to ` +
      `${percent(sum.audit_high)} of all).`);
}

function sizesFigure(run) {
  const rows = sizeRows(run.group_sizes);
  return rows.length === 0 ? null : figure('Size of the groups', barList(rows),
    `${plural(run.group_count, 'group')}; the largest has ` +
    `${plural(run.summary.largest_group, 'document')}.`);
}

function sourceRow(name, row) {
  const share = row.documents > 0 ? row.dropped / row.documents : 0;
  return el('tr', {},
    el('th', {scope: 'row'}, name),
    el('td', {}, count(row.documents)),
    el('td', {}, count(row.dropped)),
    el('td', {}, count(row.documents - row.dropped)),
    el('td', {class: 'share'}, el('span', {class: 'bar-track'},
      sized(el('span', {class: 'bar-fill'}), 'width', `${100 * share}%`)),
    el('span', {}, percent(share))));
}

function sourcesFigure(run) {
  if (run.source_count < 2) {
    return null;
  }
  const rows = run.sources.map((row) => sourceRow(shortName(sourceName(row.name), 44), row));
  if (run.other_sources) {
    rows.push(sourceRow(`${count(run.source_count - run.sources.length)} others`,
      run.other_sources));
  }
  return el('figure', {class: 'panel sources-panel'},
    el('figcaption', {}, el('h3', {}, 'By source')),
    el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of sources'},
      el('table', {class: 'sources'},
        el('thead', {}, el('tr', {}, ['Source', 'Read', 'Removed', 'Kept', 'Share removed']
          .map((title) => el('th', {scope: 'col'}, title)))),
        el('tbody', {}, rows))));
}

// Filters the groups to those in which `kept` stays and `dropped` repeats it.
function wantPair(kept, dropped) {
  document.dispatchEvent(new CustomEvent('pair-wanted', {detail: {kept, dropped}}));
}

const REPEAT_WORDS = {title: 'Who repeats whom', hasList: true, of: 'repeats one',
  ofMany: 'repeat some', shows: 'show the groups',
  note: 'A row is the source whose text is kept; a column the source that repeats it.'};

function matrixCell(value, most, kept, dropped, isOne, words) {
  if (value === 0) {
    return el('td', {class: 'none'}, '·');
  }
  const title = `${plural(value, 'document')} of ${dropped} ` +
    `${value === 1 ? words.of : words.ofMany} of ${kept}`;
  const share = Math.log(1 + value) / Math.log(1 + most);
  const body = isOne ? el('button', {type: 'button', title: `${title}: ${words.shows}`,
    onclick: () => wantPair(kept, dropped)}, count(value)) : count(value);
  return sized(el('td', {title, class: share > 0.6 ? 'strong' : ''}, body),
    '--share', `${Math.round(8 + 84 * share)}%`);
}

function matrixFigure(run, words = REPEAT_WORDS) {
  const names = run.sources.map((row) => sourceName(row.name));
  if (run.other_sources) {
    names.push('all others');
  }
  const used = names.map((_, i) => i).filter((i) =>
    run.matrix[i].some((n) => n > 0) || run.matrix.some((row) => row[i] > 0));
  if (used.length < 2) {
    return null;
  }
  const most = Math.max(...run.matrix.flat());
  return el('figure', {class: used.length <= 9 ? 'panel matrix-panel' : 'panel wide'},
    el('figcaption', {}, el('h3', {}, words.title), el('p', {class: 'note'}, words.note)),
    el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Matrix of sources'},
      el('table', {class: 'matrix'},
        el('thead', {}, el('tr', {}, el('td', {}), used.map((i) =>
          el('th', {scope: 'col'}, el('span', {}, shortName(names[i], 24)))))),
        el('tbody', {}, used.map((kept) => el('tr', {},
          el('th', {scope: 'row'}, shortName(names[kept], 28)),
          used.map((i) => matrixCell(run.matrix[kept][i], most, names[kept], names[i],
            words.hasList && kept < run.sources.length && i < run.sources.length, words))))))));
}

function problems(sum) {
  const notes = [];
  if (sum.skipped > 0) {
    notes.push(`${plural(sum.skipped, 'record or file', 'records or files')} could not be read`);
  }
  if (sum.repaired > 0) {
    notes.push(`${plural(sum.repaired, 'document')} had damaged characters`);
  }
  if (sum.unreadable > 0) {
    notes.push(`${plural(sum.unreadable, 'document')} damaged throughout ` +
      'could be compared by bytes only');
  }
  if (sum.empty > 0) {
    notes.push(`${plural(sum.empty, 'document')} had no words and could be compared by bytes only`);
  }
  if (sum.duplicate_ids > 0) {
    notes.push(`${plural(sum.duplicate_ids, 'document')} had an id that another one has`);
  }
  return notes.length === 0 ? null : el('p', {class: 'notice'}, `${notes.join('; ')}.`);
}

/* Sources that lost more than half of their documents: seldom what was meant. */
function losses(run) {
  const lost = run.losses;
  if (lost.length === 0) {
    return null;
  }
  const shown = lost.slice(0, 5);
  return el('p', {class: 'notice'}, 'Lost more than half: ', shown.map((loss, i) =>
    [i > 0 ? ', ' : '', quoted(loss.source),
      ` (${count(loss.dropped)} of ${count(loss.documents)} dropped)`]),
  lost.length > shown.length ? ` and ${plural(lost.length - shown.length, 'more source')}.` : '.');
}

function runOverview(run, number, total) {
  const inputs = run.inputs.length > 0 ? run.inputs : ['documents from a program'];
  return el('div', {class: 'run'},
    total > 1 && el('p', {class: 'run-name'}, `Run ${number + 1} of ${total}`),
    el(total > 1 ? 'h2' : 'h1', {class: 'headline'}, headline(run)),
    el('p', {class: 'inputs'}, inputs.slice(0, 6).map((input, i) =>
      [i > 0 ? ', ' : '', quoted(input)]), inputs.length > 6 && ` and ${inputs.length - 6} more`),
    el('p', {class: 'rule'}, `${rule(run.options)} ${keepRule(run)}`),
    shareBar(run),
    problems(run.summary), losses(run),
    el('div', {class: 'panels'}, histogramFigure(run), curveFigure(run), sizesFigure(run),
      sourcesFigure(run), matrixFigure(run)));
}

function showOverview(data) {
  const place = byId('overview');
  if (!data.runs[0].summary) {
    place.remove();
    return; /* a page of groups: the index has the overview */
  }
  if (data.runs.length > 1) {
    const read = data.runs.reduce((sum, run) => sum + run.summary.documents, 0);
    place.append(el('h1', {class: 'headline'}, `${plural(data.runs.length, 'run')} over `,
      plural(read, 'document')));
  }
  append(place, data.runs.map((run, i) => runOverview(run, i, data.runs.length)));
}
