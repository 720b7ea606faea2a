// SPDX-License-Identifier: MIT
// A report in several files: the ways between them.

const ENTRIES_PER_PAGE = 50;

function pageName(number) {
  return number === 0 ? 'index.html' : `page-${number}.html`;
}

// What the pages list, run by run: groups, or documents that repeat themselves.
function listsOf(data) {
  const list = (total, shown) => [{total, inputs: data.inputs, shown}];
  return data.stories ? list(data.summary.stories, data.stories)
    : data.families ? list(data.summary.families, data.families)
      : data.documents ? list(data.summary.flagged, data.documents)
        : data.runs.map((run) =>
          ({total: run.group_count, inputs: run.inputs, shown: run.groups}));
}

function listWords(data) {
  if (data.stories) {
    return {title: 'Stories', all: 'Every story, those of most sources first',
      none: 'There are no stories.'};
  }
  if (data.families) {
    return {title: 'Passages', all: 'Every passage, those in most documents first',
      none: 'No two documents share a passage.'};
  }
  return data.documents ? {title: 'Documents', none: 'No document repeats itself.',
    all: 'Every document with a repeat, those that repeat most first'}
    : {title: 'Groups', all: 'Every group, the largest first',
      none: 'No document repeats another.'};
}

// The links of a page to the one before, the index, and the one behind.
function pageTurner(page) {
  const link = (number, words) => (number < 0 || number > page.count ? null
    : el('a', {href: pageName(number)}, words));
  return el('nav', {class: 'turner', 'aria-label': 'Pages'},
    page.number > 1 ? link(page.number - 1, '← previous page') : null,
    link(0, 'overview'), link(page.number + 1, 'next page →'));
}

function pageTitle(data) {
  const list = listsOf(data).find((one) => one.shown.length > 0);
  const first = data.page.first + 1;
  const last = data.page.first + list.shown.length;
  return [el('h1', {class: 'headline'}, `${listWords(data).title} `,
    `${count(first)} to ${count(last)} of ${count(list.total)}`),
  el('p', {class: 'inputs'}, list.inputs.map((input, i) => [i > 0 ? ', ' : '', quoted(input)])),
  pageTurner(data.page)];
}

// On the index: where each page begins.
function pageList(data) {
  const lists = listsOf(data);
  const rows = [];
  let number = 1;
  for (const list of lists) {
    for (let first = 0; first < list.total; first += ENTRIES_PER_PAGE) {
      const last = Math.min(first + ENTRIES_PER_PAGE, list.total);
      rows.push(el('li', {}, el('a', {href: pageName(number)},
        `${count(first + 1)} to ${count(last)}`),
      lists.length > 1 && el('span', {class: 'soft'}, ' ', quoted(list.inputs[0] || ''))));
      number += 1;
    }
  }
  const {title, all, none} = listWords(data);
  return [el('h2', {}, `The ${title.toLowerCase()}`),
    el('p', {class: 'lead'}, rows.length > 0 ? `${all}, on pages of ${ENTRIES_PER_PAGE}.` : none),
    el('ol', {class: 'page-list'}, rows)];
}
