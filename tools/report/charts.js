// SPDX-License-Identifier: MIT
// The charts, as plain SVG. Sizes are in the units of a box that scales with the page.

const WIDE = 400;
const HIGH = 190;
const PAD = {left: 38, right: 10, top: 20, bottom: 28};

function frame(label) {
  return svg('svg', {viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'img', 'aria-label': label});
}

function across(share) {
  return PAD.left + share * (WIDE - PAD.left - PAD.right);
}

function up(share) {
  return HIGH - PAD.bottom - share * (HIGH - PAD.top - PAD.bottom);
}

function line(x1, y1, x2, y2, className) {
  return svg('line', {x1, y1, x2, y2, class: className});
}

function label(x, y, anchor, text, className) {
  return svg('text', {x, y, 'text-anchor': anchor, class: className || 'tick'}, text);
}

// Ticks of a similarity from `low` to 1.
function similarityAxis(chart, low) {
  const step = low > 0.75 ? 0.05 : low > 0.4 ? 0.1 : 0.2;
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick < 1 + 1e-9; tick += step) {
    const x = across((tick - low) / (1 - low));
    chart.append(line(x, up(0), x, up(0) + 4, 'axis'));
    chart.append(label(x, up(0) + 16, 'middle', String(Math.round(tick * 100) / 100)));
  }
  chart.append(line(across(0), up(0), across(1), up(0), 'axis'));
}

function thresholdMark(chart, share, text) {
  const x = across(share);
  const right = share < 0.6;
  chart.append(line(x, PAD.top - 6, x, up(0), 'threshold'));
  chart.append(label(x + (right ? 5 : -5), PAD.top - 8, right ? 'start' : 'end', text, 'note'));
}

// Pairs by similarity on a logarithmic scale, from the first that is not empty.
function histogramChart(bins, threshold) {
  const most = Math.max(...bins, 1);
  const first = bins.findIndex((n) => n > 0);
  const low = Math.max(0, Math.min(first < 0 ? 0 : first, Math.floor(threshold * 100) - 5) / 100);
  const top = Math.ceil(Math.log10(most + 1));
  const height = (n) => Math.log10(n + 1) / top;
  const chart = frame('Pairs that were compared exactly, by similarity');
  for (let power = 0; power <= top; power++) {
    const n = 10 ** power;
    const y = up(height(n));
    chart.append(line(across(0), y, across(1), y, 'grid'));
    chart.append(label(across(0) - 6, y + 3.5, 'end', n >= 1000 ? `${n / 1000}k` : n));
  }
  const wide = (across(1) - across(0)) / ((1 - low) * 100 + 1);
  const from = Math.round(low * 100);
  for (let i = from; i < bins.length; i++) {
    if (bins[i] === 0) {
      continue;
    }
    const y = up(height(bins[i]));
    const bar = svg('rect', {
      x: across(0) + (i - from) * wide + wide * 0.1, y, width: wide * 0.8, height: up(0) - y,
      rx: Math.min(1.5, wide / 4), class: i >= Math.round(threshold * 100) ? 'bar' : 'bar below',
    }, svg('title', {}, `${(i / 100).toFixed(2)}: ${plural(bins[i], 'pair')}`));
    chart.append(bar);
  }
  similarityAxis(chart, low);
  thresholdMark(chart, (threshold - low) / (1 - low), `threshold ${threshold}`);
  return chart;
}

// The probability that the search meets a pair, by similarity, with what an audit measured.
function curveChart(curve, threshold, recall, audit) {
  const chart = frame('Probability that a pair of this similarity is found');
  for (const y of [0, 0.25, 0.5, 0.75, 1]) {
    chart.append(line(across(0), up(y), across(1), up(y), 'grid'));
    chart.append(label(across(0) - 6, up(y) + 3.5, 'end', `${100 * y} %`));
  }
  const points = curve.map((p, i) => `${across(i / 100).toFixed(1)},${up(p).toFixed(1)}`);
  const inside = points.slice(Math.ceil(threshold * 100));
  chart.append(svg('polygon', {
    points: [`${across(threshold)},${up(0)}`, `${across(threshold)},${up(recall)}`, ...inside,
      `${across(1)},${up(0)}`].join(' '), class: 'area'}));
  if (audit) {
    chart.append(svg('rect', {
      x: across(threshold), y: up(audit.high), width: across(1) - across(threshold),
      height: Math.max(2, up(audit.low) - up(audit.high)), class: 'audit'},
    svg('title', {}, `audited recall ${percent(audit.low)} to ${percent(audit.high)}`)));
  }
  chart.append(svg('polyline', {points: points.join(' '), class: 'curve'}));
  chart.append(svg('circle', {cx: across(threshold), cy: up(recall), r: 3.5, class: 'dot'}));
  similarityAxis(chart, 0);
  thresholdMark(chart, threshold, `threshold ${threshold}`);
  return chart;
}

// Bars in a list: [{name, value, title}].
function barList(rows, className) {
  const most = Math.max(...rows.map((row) => row.value), 1);
  const width = (value) => (value > 0 ? Math.max(0.7, 100 * value / most) : 0);
  return el('ol', {class: `bars ${className || ''}`}, rows.map((row) => el('li', {},
    el('span', {class: 'bar-name'}, row.name),
    el('span', {class: 'bar-track'},
      sized(el('span', {class: 'bar-fill'}), 'width', `${width(row.value)}%`)),
    el('span', {class: 'bar-value'}, row.text))));
}

// Members of a group on a line from the threshold to 1.
function memberStrip(members, threshold) {
  const low = Math.min(threshold, ...members.map((m) => m.similarity));
  const x = (s) => 4 + 92 * (low < 1 ? (s - low) / (1 - low) : 1);
  const strip = svg('svg', {viewBox: '0 0 100 12', class: 'strip', 'aria-hidden': 'true'});
  strip.append(svg('line', {x1: 4, x2: 96, y1: 6, y2: 6, class: 'axis'}));
  for (const member of members) {
    strip.append(svg('circle', {cx: x(member.similarity).toFixed(1), cy: 6, r: 3.2,
      class: `mark ${member.kind}`}));
  }
  return strip;
}
