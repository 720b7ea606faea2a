// SPDX-License-Identifier: MIT
// One document of a story, beside the one that it took from.

function versionCounts(version) {
  return el('p', {class: 'note'},
    `${plural(version.changes, 'change')}: ${plural(version.added, 'word')} of its own, ` +
    `${plural(version.left_out, 'word')} of the other left out.`);
}

function shareMeters(member) {
  return el('div', {class: 'meters'},
    meter(member.share, 'of its words stand in the other'),
    meter(member.of_share, 'of the words of the other stand in it'),
    member.similarity !== undefined && meter(member.similarity, 'alike'));
}

function leadText(member) {
  return member.lead && el('div', {class: 'text', dir: 'auto', lang: ''},
    member.lead.replace(/\s+/g, ' ').trim());
}

// Why the two texts are not shown in rows.
function noRows(version, data) {
  if (version) {
    return sameBody(version.is_identical ? 'The same text, byte for byte.'
      : 'The same words; case, accents, punctuation or spaces differ.');
  }
  return sameBody('The texts are not shown here, to keep the page small. ' +
    (data.page ? 'The command below shows them.'
      : 'The command below shows them; an output pages:DIR has more of them.'));
}

function explainPair(of, member, data) {
  if (!of.id || !member.id || of.id_is_cut || member.id_is_cut) {
    return null;
  }
  const inputs = data.inputs.length > 0 ? data.inputs : ['CORPUS'];
  const command = ['neardup', 'explain', shellWord(of.id), shellWord(member.id), '--in',
    ...inputs.map(shellWord)].join(' ');
  const button = el('button', {type: 'button', onclick: () => copyText(command, button)}, 'Copy');
  return el('p', {class: 'command'}, el('code', {}, command), button);
}

function ownHead(member, words) {
  return documentHead({...member, date: memberDate(member)}, words);
}

// The article of a document that took nothing from another.
function ownText(group, member) {
  const takers = group.members.filter((other) => other.of === member.number && other !== member);
  const words = member.role === 'compiles' ? 'Compiles several other texts'
    : takers.length > 0 ? `First of ${plural(takers.length + 1, 'document')}`
      : 'In words of its own';
  return el('div', {class: 'sides one'}, el('article', {class: 'side'},
    ownHead(member, words), leadText(member),
    member.lead && member.characters > member.lead.length && cutMark(
      member.characters - [...member.lead.replace(/…$/, '')].length)));
}

// The story of a text that stands in another one.
function otherStory(of, data) {
  const isHere = of.at !== undefined && (data.page || of.at <= data.stories.length);
  const page = data.page ? pageName(Math.ceil(of.at / ENTRIES_PER_PAGE)) : '';
  return isHere ? el('a', {href: `${page}#g${of.at}`}, 'another story') : 'another story';
}

function roleHeading(member) {
  return `${ROLE_WORDS[member.role]} · ${ROLE_MEANINGS[member.role]}`;
}

// Both texts with the differences in rows; group.differences are the rows that differ.
function takenText(group, member) {
  const of = group.byNumber.get(member.of) || member.from || {};
  const version = group.versions.get(member.number);
  const heads = [ownHead(of, member.from ? ['Taken from, in ', otherStory(member.from, group.data)]
    : 'Taken from'),
    ownHead(member, roleHeading(member))];
  const sides = el('div', {class: 'sides heads'},
    heads.map((head) => el('div', {class: 'side'}, head)));
  if (!version || !version.text) {
    return [shareMeters(member), sides, noRows(version, group.data),
      explainPair(of, member, group.data)];
  }
  const aligned = alignedTexts(version.of_text, version.text, version.folded);
  group.differences = aligned.differences;
  return [shareMeters(member), versionCounts(version), el('p', {class: 'key'},
    el('mark', {class: 'kept'}, 'only in the one it took from'), ' ',
    el('mark', {class: 'copy'}, 'only in this one')),
  el('div', {class: 'compared'}, sides, differenceBar(group), aligned.node),
  explainPair(of, member, group.data)];
}

function documentPanel(group) {
  const member = group.order[group.selected];
  group.differences = [];
  return el('div', {class: 'comparison'},
    member.of === undefined ? ownText(group, member) : takenText(group, member));
}
