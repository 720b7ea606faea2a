// SPDX-License-Identifier: MIT
// The list of stories: a line each, which opens to its time line, its copies as a tree, and texts.

// Members in the order of the tree: what took from another stands below it, by date.
function treeOf(members, byNumber) {
  const children = new Map(members.map((member) => [member.number, []]));
  const roots = [];
  for (const member of members) {
    const parent = member.of !== member.number && byNumber.get(member.of);
    (parent ? children.get(parent.number) : roots).push(member);
  }
  const order = [];
  const visit = (member, depth) => {
    if (!member.isPlaced) { /* however the data are made, each is placed once */
      member.isPlaced = true;
      member.depth = depth;
      order.push(member);
      children.get(member.number).forEach((child) => visit(child, depth + 1));
    }
  };
  roots.forEach((member) => visit(member, 0));
  members.forEach((member) => visit(member, 0));
  return order;
}

// Stories in the form of groups, so that opening and the keys work on them.
function groupsOfStories(data) {
  const versions = new Map(data.versions.map((version, i) =>
    [version.document, {...version, folded: data.folded[i] || []}]));
  return data.stories.map(({head, members}, index) => {
    const byNumber = new Map(members.map((member) => [member.number, member]));
    members.forEach((member) => { member.text = member.lead ? [member.lead] : undefined; });
    const order = treeOf(members, byNumber);
    return {index, head, members, byNumber, versions, order, data,
      shownSize: head.documents, sizeWords: plural(head.documents, 'document'),
      survivor: {text: [head.headline || ''], id: members[0].id}, copies: order,
      takers: members.filter((member) => member.of !== undefined).length,
      selected: worthReading(order, versions), card: null, body: storyBody,
      select: selectDocument};
  });
}

// The document that shows most: the first one whose changes are here.
function worthReading(order, versions) {
  return Math.max(0, order.findIndex((member) => (versions.get(member.number) || {}).text));
}

function storyDates(head) {
  if (head.first_day === undefined) {
    return 'no dates';
  }
  const [first, last] = [dayName(head.first_day), dayName(head.last_day)];
  return first === last ? first : `${first} to ${last}`;
}

function copiesOf(head) {
  return head.documents - head.copy_groups;
}

function storyHead(group) {
  const head = group.head;
  const copies = copiesOf(head);
  const parts = group.members.filter((member) => member.role === 'partial').length;
  return el('button', {type: 'button', class: 'card-head', id: `g${group.name}`,
    'aria-expanded': 'false', onclick: () => toggleGroup(group)},
  el('span', {class: 'size', 'aria-label': group.sizeWords, title: group.sizeWords},
    compactCount(group.shownSize)),
  el('span', {class: 'card-title'}, quoted(titleOf(group.survivor)),
    el('span', {class: 'card-meta'}, sourcesLine(group), ' · ', storyDates(head), ' · ',
      el('span', {class: 'name'}, `#g${group.name}`))),
  el('span', {class: 'card-facts'},
    el('span', {class: 'chips'}, el('span', {class: 'chip role-first'},
      plural(head.sources, 'source')),
    copies > 0 && el('span', {class: 'chip role-copy'}, plural(copies, 'copy', 'copies')),
    parts > 0 && el('span', {class: 'chip role-partial', title: ROLE_MEANINGS.partial},
      `${count(parts)} in part`)),
    lineStrip(group)));
}

// The terms that hold the story together, each with its part in that.
function termList(head) {
  const most = Math.max(...head.terms.map(([, weight]) => weight), 0.01);
  return head.terms.length > 0 && el('div', {class: 'terms'},
    el('span', {class: 'soft'}, 'Held together by'),
    el('ul', {class: 'chips'}, head.terms.map(([term, weight]) => el('li', {class: 'term',
      title: `${percent(weight)} of what its texts share`},
    quoted(term), ' ', el('span', {class: 'soft'}, percent(weight)),
    sized(el('span', {class: 'term-bar'}), 'width', `${100 * weight / most}%`)))));
}

function treeRow(group, member, index) {
  const share = member.of !== undefined && percent(member.share);
  const words = roleWords(member);
  const row = el('li', {class: member.depth > 0 ? 'tree-row taking' : 'tree-row'},
    el('button', {type: 'button', class: 'member-button', 'data-index': index,
      'data-number': member.number, 'aria-pressed': 'false',
      onclick: () => selectDocument(group, index)},
    el('span', {class: `mark-dot role-${member.role}`}),
    el('span', {class: 'member-name'}, quoted(titleOf(member)),
      el('span', {class: 'soft'}, group.head.sources > 1
        ? shortName(sourceName(member.source), 26) : quoted(member.id || '(no id)'), ' · ',
        quoted(memberDate(member)), words && [' · ', el('span', {class: 'role-word',
          title: ROLE_MEANINGS[member.role]}, words), member.from && ' of another story'])),
    el('span', {class: 'member-alike', title: 'of its words stand in what it took from'},
      share)));
  return sized(row, '--depth', String(Math.min(member.depth, 4)));
}

function storyTree(group) {
  const hidden = group.head.documents - group.members.length;
  return el('div', {class: 'members tree'},
    el('ol', {}, group.order.map((member, i) => treeRow(group, member, i))),
    hidden > 0 && el('p', {class: 'note'}, `The first ${count(group.members.length)} by date; ` +
      `${plural(hidden, 'more document')} of this story: ` + (group.data.page
      ? 'see the output stories:FILE.' : 'see the outputs pages:DIR and stories:FILE.')));
}

function storyBody(group) {
  return [termList(group.head), roleLegend(group), storyLine(group),
    el('div', {class: 'card-columns wide-list'}, storyTree(group), documentPanel(group))];
}

// Shows a document: its row, its dot, and its text beside the one that it took from.
function selectDocument(group, index) {
  if (index < 0 || index >= group.order.length) {
    return;
  }
  group.selected = index;
  const number = String(group.order[index].number);
  for (const button of group.card.querySelectorAll('.member-button')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.index) === index));
  }
  for (const dot of group.card.querySelectorAll('.dot-button')) {
    dot.classList.toggle('chosen', dot.dataset.number === number);
  }
  group.card.querySelector('.comparison').replaceWith(documentPanel(group));
}

function storiesTitle(data, state) {
  const all = data.summary.stories;
  const shown = state.groups.length;
  return [el('h2', {}, 'The stories'), el('p', {class: 'lead'}, shown < all
    ? `The ${count(shown)} of most sources of ${plural(all, 'story', 'stories')}; an output ` +
      'pages:DIR has all of them. '
    : `${all === 1 ? 'The only story' : `All ${plural(all, 'story', 'stories')}`}. `,
  'A story holds documents about one event, in words of their own or copied; what was taken from ' +
  'another stands below it.')];
}

function listStories(data, state) {
  state.groups.forEach((group, i) => {
    group.name = (data.page ? data.page.first : 0) + i + 1;
    group.card = el('li', {class: 'card'}, storyHead(group));
  });
  append(byId('groups'), [data.page ? pageTitle(data) : storiesTitle(data, state),
    storyToolbar(state), state.list, state.nothing, data.page && pageTurner(data.page)]);
  applyFilter(state);
  openFirst(state);
}

function showStories(data) {
  const state = {groups: groupsOfStories(data), noun: 'story', nouns: 'stories',
    wanted: emptyStoryWanted(), isWanted: isStoryWanted, orderTable: STORY_ORDERS, keys: STORY_KEYS,
    order: 'sources', list: el('ol', {class: 'cards', id: 'cards'}), sorted: [],
    status: el('span', {class: 'status', id: 'status', role: 'status'}),
    nothing: el('p', {class: 'notice', hidden: true}, 'No story fits the search.')};
  if (data.page && data.page.number === 0) {
    append(byId('groups'), pageList(data));
  } else if (state.groups.length === 0) {
    append(byId('groups'), [el('p', {class: 'lead'},
      'No document is about the event of another: there are no stories.')]);
  } else {
    listStories(data, state);
  }
  return state;
}
