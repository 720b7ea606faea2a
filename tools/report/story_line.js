// SPDX-License-Identifier: MIT
// The time line of a story: documents by date, a lane a source, lines from what takes to what it
// took from.

const MOST_LANES = 10; // sources beyond these share one
const LANE_HEIGHT = 26; // as in the style
const UNDATED_AT = 91; // per cent: behind it stand documents without a date
const DAY_MS = 24 * 3600 * 1000;
const MINUTES = 24 * 60; // of a day

const ROLE_WORDS = {
  first: 'first',
  copy: 'copy',
  excerpt: 'excerpt',
  extends: 'longer version',
  partial: 'takes a part',
  update: 'update',
  compiles: 'compiles several',
};
const ROLE_MEANINGS = {
  first: 'the earliest of its text, or the only one',
  copy: 'the same text, or nearly',
  excerpt: 'most of it stands in the text it took from, which has more',
  extends: 'most of the text it took from stands in it, and it has more',
  partial: 'a good part of it stands in the other; the rest is its own',
  update: 'a later version by the same source',
  compiles: 'it holds most of several other texts',
};

// 17897.5, days since 1970 -> 2019-01-01, with the time of day where there is one.
function dayName(day, withTime) {
  const date = new Date(Math.round(day * MINUTES) / MINUTES * DAY_MS);
  if (Number.isNaN(date.getTime())) {
    return '';
  }
  const text = date.toISOString();
  return withTime && day % 1 !== 0 ? `${text.slice(0, 10)} ${text.slice(11, 16)}`
    : text.slice(0, 10);
}

// How a document stands to the others, in words.
function roleWords(member) {
  return member.of === undefined && member.role === 'first' ? '' : ROLE_WORDS[member.role];
}

function isUndated(member) {
  return member.day === undefined;
}

// The date in words; of one that cannot be read as the record has it.
function memberDate(member) {
  if (!isUndated(member)) {
    return dayName(member.day, true);
  }
  return member.date ? `${member.date} (not understood)` : 'no date';
}

// Lanes in the order in which the sources come: {name, members}.
function lanesOf(members) {
  const lanes = new Map();
  for (const member of members) {
    const name = sourceName(member.source);
    lanes.set(name, [...(lanes.get(name) || []), member]);
  }
  const all = [...lanes].map(([name, own]) => ({name, members: own}));
  if (all.length <= MOST_LANES) {
    return all;
  }
  const kept = new Set([...all].sort((a, b) => b.members.length - a.members.length)
    .slice(0, MOST_LANES - 1));
  const rest = all.filter((lane) => !kept.has(lane));
  return [...all.filter((lane) => kept.has(lane)), {name: `${rest.length} more sources`,
    members: rest.flatMap((lane) => lane.members), isRest: true}];
}

// Where on the line a day stands, in per cent.
function lineScale(members) {
  const days = members.filter((m) => !isUndated(m)).map((m) => m.day);
  const low = Math.min(...days);
  const span = Math.max(...days) - low;
  const room = (members.some(isUndated) ? UNDATED_AT - 7 : 96) - 3;
  return {low, span, at: (member) => (isUndated(member) ? UNDATED_AT + 2
    : 3 + (span > 0 ? room * (member.day - low) / span : 0)), room};
}

// Documents that would hide each other stand side by side: how many pixels each is moved.
function shifts(lane, scale) {
  const taken = new Map();
  return lane.members.map((member) => {
    const place = Math.round(scale.at(member) / 1.2);
    const before = taken.get(place) || 0;
    taken.set(place, before + 1);
    return (scale.at(member) > 60 && !isUndated(member) ? -1 : 1) * Math.min(before * 8, 90);
  });
}

function documentTip(member) {
  const words = roleWords(member);
  const share = member.share === undefined ? '' : `, ${percent(member.share)} of it`;
  return `${titleOf(member)}\n${sourceName(member.source)}, ${memberDate(member)}` +
    (words ? `\n${words}${share}` : '');
}

function lineDot(group, member, lane, left) {
  const dot = el('button', {type: 'button', class: `dot-button role-${member.role}`, tabindex: '-1',
    'data-number': member.number, title: documentTip(member), 'aria-label': documentTip(member),
    onclick: () => selectDocument(group, group.order.indexOf(member))});
  sized(dot, 'left', left);
  return sized(dot, 'top', `${lane * LANE_HEIGHT + LANE_HEIGHT / 2}px`);
}

function lineLink(from, to, role) {
  return svg('line', {x1: `${from.x}%`, y1: from.y, x2: `${to.x}%`, y2: to.y,
    class: `link role-${role}`});
}

function lineTicks(scale, hasUndated) {
  const withTime = scale.span < 2;
  const steps = withTime ? 3 : Math.min(4, Math.floor(scale.span));
  const ticks = Array.from({length: steps + 1}, (_, i) => {
    const share = i / steps;
    const name = dayName(scale.low + share * scale.span, withTime);
    const edge = i === 0 ? ' at-begin' : i === steps ? ' at-end' : '';
    return sized(el('span', {class: `line-tick${edge}`}, name), 'left',
      `${3 + scale.room * share}%`);
  });
  const label = el('span', {class: 'line-tick at-begin'}, 'no date');
  return el('div', {class: 'line-ticks', 'aria-hidden': 'true'}, ticks,
    hasUndated && sized(label, 'left', `${UNDATED_AT}%`));
}

// The whole figure, or a line that says why there is none.
function storyLine(group) {
  const members = group.members;
  if (members.every(isUndated)) {
    return el('p', {class: 'note'}, 'No document of this story has a date that can be read: ' +
      'there is no time line, and nobody is known to be first.');
  }
  const scale = lineScale(members);
  if (scale.span === 0) {
    return el('p', {class: 'note'}, `All that have a date are of ${memberDate(
      members.find((member) => !isUndated(member)))}.`);
  }
  const lanes = lanesOf(members);
  const height = lanes.length * LANE_HEIGHT;
  const places = new Map();
  const dots = lanes.flatMap((lane, i) => {
    const moved = shifts(lane, scale);
    return lane.members.map((member, k) => {
      const x = scale.at(member);
      places.set(member.number, {x, y: i * LANE_HEIGHT + LANE_HEIGHT / 2});
      return lineDot(group, member, i, `calc(${x.toFixed(2)}% + ${moved[k]}px)`);
    });
  });
  const links = members.filter((m) => places.has(m.of) && m.of !== m.number)
    .map((m) => lineLink(places.get(m.of), places.get(m.number), m.role));
  const tracks = el('div', {class: 'line-tracks'},
    svg('svg', {class: 'line-links', height, width: '100%', 'aria-hidden': 'true'}, links),
    members.some(isUndated) && sized(el('span', {class: 'line-parting'}), 'left',
      `${UNDATED_AT - 1}%`), dots);
  sized(tracks, 'height', `${height}px`);
  return el('figure', {class: 'story-line', 'aria-label': 'Time line'},
    el('ol', {class: 'line-lanes', 'aria-hidden': 'true'}, lanes.map((lane) =>
      el('li', {class: lane.isRest ? 'soft' : undefined}, shortName(lane.name, 30)))),
    el('div', {class: 'line-area'}, tracks, lineTicks(scale, members.some(isUndated))));
}

// What the colours mean, of the roles that occur.
function roleLegend(group) {
  const roles = Object.keys(ROLE_WORDS).filter((role) =>
    group.members.some((member) => member.role === role));
  return roles.length > 1 && el('ul', {class: 'legend roles'}, roles.map((role) => el('li',
    {title: ROLE_MEANINGS[role]}, el('span', {class: `mark-dot role-${role}`}), ' ',
    role === 'first' ? 'first, or words of its own' : ROLE_WORDS[role])));
}

// The dates of a story at a glance, for its line in the list.
function lineStrip(group) {
  const strip = svg('svg', {viewBox: '0 0 100 12', class: 'strip', 'aria-hidden': 'true'});
  const dated = group.members.filter((member) => !isUndated(member));
  if (dated.length > 0) {
    const scale = lineScale(dated);
    strip.append(svg('line', {x1: 2, x2: 98, y1: 6, y2: 6, class: 'axis'}));
    for (const member of dated) {
      strip.append(svg('circle', {cx: scale.at(member).toFixed(1), cy: 6, r: 3,
        class: `mark role-${member.role}`}));
    }
  }
  return strip;
}
