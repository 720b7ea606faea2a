// SPDX-License-Identifier: MIT
// Families of documents that fill one form: all of them stay, so there is nothing to decide.

function formMember(member) {
  return el('li', {class: 'form-member'},
    el('span', {class: 'member-name'}, quoted(member.title || member.id || '(no id)'),
      el('span', {class: 'soft'}, member.title && [quoted(member.id || ''), ' · '],
        shortName(sourceName(member.source)),
        member.date && [' · ', quoted(shortDate(member.date))])),
    el('span', {class: 'member-alike'}, percent(member.similarity)));
}

function formFamily(family) {
  const [first, ...others] = family.members;
  const hidden = family.size - family.members.length;
  const words = plural(family.size, 'document');
  return el('li', {class: 'form-family'}, el('details', {},
    el('summary', {class: 'form-head'},
      el('span', {class: 'size', title: words, 'aria-label': words}, compactCount(family.size)),
      el('span', {class: 'card-title'}, quoted(titleOf(first)),
        el('span', {class: 'card-meta'}, quoted(first.id || '(no id)'), ' · ',
          sourcesLine(family))),
      el('span', {class: 'alike'}, percent(Math.min(...others.map((m) => m.similarity))))),
    el('ol', {class: 'form-members'}, [first, ...others].map(formMember)),
    hidden > 0 && el('p', {class: 'note'},
      `${plural(hidden, 'more document')} of this form: see the clusters output.`)));
}

// Whether there are any.
function showForms(data) {
  const runs = (data.runs || []).filter((run) => run.forms && run.forms.length > 0);
  if (runs.length === 0) {
    byId('forms').remove();
    return false;
  }
  const families = runs.flatMap((run) => run.forms).sort((a, b) => b.size - a.size);
  const all = runs.reduce((sum, run) => sum + run.form_count, 0);
  append(byId('forms'), [el('h2', {}, 'Families of one form'),
    el('p', {class: 'lead'}, families.length < all
      ? `The ${count(families.length)} largest of ${plural(all, 'family', 'families')}. `
      : '', 'The documents of a family fill one form with contents of their own: they are alike, ' +
      'none is a copy of another, and all are kept. The figure beside a document says how alike ' +
      'it is to the one that it was compared with.'),
    el('ol', {}, families.map(formFamily))]);
  return true;
}
