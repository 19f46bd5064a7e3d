// Packs libphonenumber's resources/timezones/map_data.txt, one row a prefix, into one line a set of zones, and corrects
// it where it names one zone of several: who sends at a permitted hour needs every candidate.
//
//   node lift-time-zones.js <map_data.txt> <commit it was taken from> <file to write>
'use strict';

const crypto = require('crypto');
const fs = require('fs');

const [source, commit, target] = process.argv.slice(2);
const bytes = fs.readFileSync(source);
const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
const rows = new Map();

for (const row of bytes.toString('utf8').split('\n')) {
  if (row === '' || row.startsWith('#')) continue;
  const [prefix, zones] = row.split('|');
  if (!/^\d+$/.test(prefix) || !zones) throw new Error(`not a row: ${row}`);
  rows.set(prefix, zones.split('&'));
}

correct();

const prefixes = new Map();
for (const [prefix, zones] of rows) {
  const set = [...zones].sort().join('&');
  if (!prefixes.has(set)) prefixes.set(set, []);
  prefixes.get(set).push(prefix);
}

const lines = [
  '# Time zones of number prefixes: Copyright (C) 2012 The Libphonenumber Authors, Apache License 2.0',
  `# Source: github.com/google/libphonenumber, resources/timezones/map_data.txt, commit ${commit}, sha256 ${sha256}`,
  '# Packed and corrected by tools/phone-metadata/lift-time-zones.js; do not edit by hand. Columns: docs/phone-numbers.md',
  ...[...prefixes].sort().map(([set, list]) => `${set}\t${list.sort().join(',')}`),
];
fs.writeFileSync(target, lines.join('\n') + '\n');

function correct() {
  // The row of calling code 1 lists every zone from Guam to Bermuda. It is met by toll-free numbers and by area codes
  // newer than the map, and says only that nothing is known.
  if (!rows.delete('1')) throw new Error('calling code 1 has no row any more');

  // Newfoundland and Labrador: Puerto Rico stands there for the Atlantic time of Labrador, whose summer it does not keep.
  for (const area of ['1709', '1879']) {
    const zones = rows.get(area);
    if (!zones.includes('America/Puerto_Rico')) throw new Error(`${area} is corrected upstream`);
    rows.set(area, zones.map(zone => zone === 'America/Puerto_Rico' ? 'America/Halifax' : zone));
  }

  // Some area codes are cut by exchange, and an exchange that is not listed falls to a shorter row with the most common
  // zone, or to none at all. Such a number may be wherever the longer rows under that shorter one are.
  const cut = [...rows].filter(([prefix]) => prefix.startsWith('1') && prefix.length > 4);
  for (const [prefix, zones] of cut) {
    for (let length = 4; length < prefix.length; length++) {
      const shorter = prefix.slice(0, length);
      if (length === 4 || rows.has(shorter)) {
        rows.set(shorter, [...new Set([...(rows.get(shorter) || []), ...zones])]);
      }
    }
  }
}
