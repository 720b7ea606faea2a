// SPDX-License-Identifier: MIT
// A report in several files: the ways between them.

const GROUPS_PER_PAGE = 50;

function pageName(number) {
  return number === 0 ? 'index.html' : `page-${number}.html`;
}

// The links of a page to the one before, the index, and the one behind.
function pageTurner(page) {
  const link = (number, words) => (number < 0 || number > page.count ? null
    : el('a', {href: pageName(number)}, words));
  return el('nav', {class: 'turner', 'aria-label': 'Pages'},
    page.number > 1 ? link(page.number - 1, '← previous page') : null,
    link(0, 'overview'), link(page.number + 1, 'next page →'));
}

function pageTitle(data, state) {
  const run = data.runs.find((one) => one.groups.length > 0);
  const first = data.page.first_group + 1;
  const last = data.page.first_group + state.groups.length;
  return [el('h1', {class: 'headline'}, `Groups ${count(first)} to ${count(last)} `,
    `of ${count(run.group_count)}`),
  el('p', {class: 'inputs'}, run.inputs.map((input, i) => [i > 0 ? ', ' : '', quoted(input)])),
  pageTurner(data.page)];
}

// On the index: where each page begins.
function pageList(data) {
  const rows = [];
  let number = 1;
  for (const run of data.runs) {
    for (let first = 0; first < run.group_count; first += GROUPS_PER_PAGE) {
      const last = Math.min(first + GROUPS_PER_PAGE, run.group_count);
      rows.push(el('li', {}, el('a', {href: pageName(number)},
        `${count(first + 1)} to ${count(last)}`),
      data.runs.length > 1 && el('span', {class: 'soft'}, ' ', quoted(run.inputs[0] || ''))));
      number += 1;
    }
  }
  return [el('h2', {}, 'The groups'), el('p', {class: 'lead'}, rows.length > 0
    ? 'Every group, the largest first, on pages of 50.' : 'No document repeats another.'),
  el('ol', {class: 'page-list'}, rows)];
}
