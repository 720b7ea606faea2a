// SPDX-License-Identifier: MIT
// The upper part of the page about stories: how much, when, by whom, and who took from whom.

function storiesHeadline(sum) {
  if (sum.stories === 0) {
    return [`None of ${plural(sum.documents, 'document')} is about the event of another`];
  }
  return [el('b', {}, count(sum.stories)), sum.stories === 1 ? ' story in ' : ' stories in ',
    plural(sum.documents, 'document')];
}

function storiesRule(options) {
  const days = options.within_days > 0
    ? ` lie within ${plural(Math.round(100 * options.within_days) / 100, 'day')} of each other,`
    : '';
  return 'Texts of a story share rare words and pairs of words,' + days + ' and hold together on ' +
    'average. Copies, excerpts and longer versions of a text count once. A text is said to take ' +
    `from another when at least ${percent(options.share)} of the shorter one's words stand ` +
    'there in runs.';
}

// One bar: documents in words of their own, copies, and what is in no story.
function storiesBar(sum) {
  const parts = [
    ['identical', sum.in_stories - sum.copies, 'texts of stories'],
    ['near', sum.copies, 'copies of these'],
    ['kept', sum.documents - sum.in_stories, 'documents in no story'],
  ].filter((part) => part[1] > 0);
  return [
    el('div', {class: 'share-bar', 'aria-hidden': 'true'}, parts.map(([kind, n]) =>
      sized(el('span', {class: `fill ${kind}`}), 'flex-grow', String(n)))),
    el('ul', {class: 'legend'}, parts.map(([kind, n, words]) => el('li', {},
      el('span', {class: `swatch fill ${kind}`}), el('b', {}, count(n)), ` ${words} `,
      el('span', {class: 'soft'}, percent(n / sum.documents)))))];
}

function storiesProblems(sum) {
  const known = problems({...sum, repaired: 0, empty: 0, duplicate_ids: 0});
  const none = sum.undated - sum.odd_dates;
  const kinds = [none > 0 && `${plural(none, 'document has', 'documents have')} no date`,
    sum.odd_dates > 0 && `${plural(sum.odd_dates, 'document has', 'documents have')} one that ` +
      'cannot be read, or is still to come'].filter(Boolean);
  return [kinds.length > 0 && el('p', {class: 'notice'}, `${kinds.join('; ')}. They are told by ` +
    'their words alone, and are never first on a guess.'), known];
}

function dateAxis(chart, dates) {
  const total = dates.bins.length * dates.days;
  for (const share of [0, 0.5, 1]) {
    const anchor = share === 0 ? 'start' : share === 1 ? 'end' : 'middle';
    const day = Math.min(dates.last, dates.first + Math.floor(share * total));
    chart.append(label(across(share), up(0) + 16, anchor, dayName(day)));
  }
  chart.append(line(across(0), up(0), across(1), up(0), 'axis'));
}

function datesChart(dates) {
  const chart = frame('Documents by date');
  const most = Math.max(...dates.bins.map(([all]) => all), 1);
  const wide = (across(1) - across(0)) / dates.bins.length;
  for (const share of most >= 10 ? [0.5, 1] : [1]) {
    chart.append(line(across(0), up(share), across(1), up(share), 'grid'));
    chart.append(label(across(0) - 6, up(share) + 3.5, 'end',
      compactCount(Math.round(share * most))));
  }
  dates.bins.forEach(([all, told], i) => {
    const from = dayName(dates.first + i * dates.days);
    const tip = `${from}${dates.days > 1 ? ` and ${dates.days - 1} days more` : ''}: ` +
      `${plural(all, 'document')}, ${count(told)} in stories`;
    for (const [n, name] of [[all, 'bar below'], [told, 'bar']]) {
      if (n > 0) {
        chart.append(svg('rect', {x: across(0) + (i + 0.08) * wide, y: up(n / most),
          width: Math.max(1, wide * 0.84), height: up(0) - up(n / most), class: name},
        svg('title', {}, tip)));
      }
    }
  });
  dateAxis(chart, dates);
  return chart;
}

function datesFigure(data) {
  if (!data.dates) {
    return null;
  }
  const {before, behind} = data.dates;
  const apart = [before > 0 && `${plural(before, 'document')} before this`,
    behind > 0 && `${plural(behind, 'document')} behind it`].filter(Boolean);
  return figure('Documents by date', datesChart(data.dates),
    'Dark: in stories; pale: all.', apart.length > 0 && `${apart.join(', ')}: not drawn.`);
}

function largestFigure(data) {
  if (data.largest.length === 0) {
    return null;
  }
  const address = (i) => `${data.page ? pageName(1) : ''}#g${i + 1}`;
  const rows = data.largest.map((head, i) => ({value: head.documents,
    name: el('a', {href: address(i)}, quoted(titleOf({text: [head.headline || '']}))),
    text: `${count(head.documents)} · ${plural(head.sources, 'source')}`}));
  return el('figure', {class: 'panel largest'}, el('figcaption', {},
    el('h3', {}, 'Stories of most sources')), barList(rows, 'named'));
}

function storySourceRow(name, row) {
  const cells = [row.documents, row.in_stories, row.copies, row.copied];
  return el('tr', {}, el('th', {scope: 'row'}, name), cells.map((n) => el('td', {}, count(n))));
}

function storySourcesFigure(data) {
  if (data.source_count < 2) {
    return null;
  }
  const rows = data.sources.map((row) =>
    storySourceRow(shortName(sourceName(row.name), 44), row));
  if (data.other_sources) {
    rows.push(storySourceRow(`${count(data.source_count - data.sources.length)} others`,
      data.other_sources));
  }
  return el('figure', {class: 'panel sources-panel'},
    el('figcaption', {}, el('h3', {}, 'By source')),
    el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of sources'},
      el('table', {class: 'sources'},
        el('thead', {}, el('tr', {}, ['Source', 'Documents', 'In stories', 'Copy another',
          'Times copied'].map((title) => el('th', {scope: 'col'}, title)))),
        el('tbody', {}, rows))));
}

function showStoriesOverview(data) {
  const place = byId('overview');
  const sum = data.summary;
  if (data.page && data.page.number > 0) {
    place.remove();
    return; /* the index has it */
  }
  append(place, [el('h1', {class: 'headline'}, storiesHeadline(sum)),
    el('p', {class: 'inputs'}, data.inputs.slice(0, 6).map((input, i) =>
      [i > 0 ? ', ' : '', quoted(input)]), data.inputs.length > 6 &&
      ` and ${data.inputs.length - 6} more`),
    el('p', {class: 'rule'}, storiesRule(data.options)), storiesBar(sum), storiesProblems(sum),
    el('div', {class: 'panels'}, datesFigure(data), largestFigure(data), storySourcesFigure(data),
      matrixFigure(data, {title: 'Who takes from whom', hasList: data.stories.length > 0,
        note: 'A row is the source that was first; a column the source that took from it.',
        of: 'takes from one', ofMany: 'take from some', shows: 'show the stories'}))]);
}
