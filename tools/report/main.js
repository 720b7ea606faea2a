// SPDX-License-Identifier: MIT
// Reads the data and builds the page.

function themeButton() {
  const root = document.documentElement;
  const isDark = () => root.dataset.theme === 'dark' ||
    (root.dataset.theme === undefined && matchMedia('(prefers-color-scheme: dark)').matches);
  return el('button', {type: 'button', class: 'quiet', id: 'theme', 'aria-label': 'Light or dark',
    title: 'Light or dark',
    onclick: () => { root.dataset.theme = isDark() ? 'light' : 'dark'; }},
  '◐');
}

function showFoot(data) {
  append(byId('foot'), [
    el('p', {}, `Made by neardup ${data.neardup_version}. `, 'The page loads nothing and sends ',
      'nothing; addresses of documents are opened only when you follow them.'),
    data.runs && el('p', {}, 'Similarity is the exact Jaccard similarity of the sets of word ',
      'runs, never an estimate: what is shown as removed was compared with what is kept.')]);
}

function pageHeading(data) {
  if (data.page && data.page.number > 0) {
    return `Page ${data.page.number} – neardup`;
  }
  if (data.stories) {
    return `${plural(data.summary.stories, 'story', 'stories')} – neardup`;
  }
  if (data.families) {
    return `${plural(data.summary.families, 'shared passage')} – neardup`;
  }
  if (data.documents) {
    return `${plural(data.summary.repeats, 'repeat')} inside documents – neardup`;
  }
  const removed = data.runs.reduce((sum, run) => sum + (run.summary ? run.summary.dropped : 0), 0);
  return `${plural(removed, 'repeated document')} – neardup`;
}

// The overview and the list, whatever the report is about.
function showReport(data) {
  if (data.stories) {
    showStoriesOverview(data);
    return showStories(data);
  }
  if (data.families) {
    const state = showFamilies(data);
    showFamiliesOverview(data, state);
    return state;
  }
  if (data.documents) {
    showRepeatsOverview(data);
  } else {
    showOverview(data);
  }
  return showGroups(data);
}

function main() {
  const data = JSON.parse(byId('data').textContent);
  document.title = pageHeading(data);
  const state = showReport(data);
  const hasForms = showForms(data);
  const dialog = listenToKeys(state);
  append(byId('nav'), [el('a', {href: byId('overview') ? '#overview' : pageName(0)}, 'Overview'),
    el('a', {href: '#groups'}, listWords(data).title),
    hasForms && el('a', {href: '#forms'}, 'Forms')]);
  append(byId('tools'), [el('button', {type: 'button', class: 'quiet', 'aria-label': 'Keys',
    title: 'Keys', onclick: () => dialog.showModal()}, '?'), themeButton()]);
  showFoot(data);
}
