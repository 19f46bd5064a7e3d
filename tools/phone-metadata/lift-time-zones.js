// Packs libphonenumber's resources/timezones/map_data.txt, one row a prefix, into one line a set of zones.
//
//   node lift-time-zones.js <map_data.txt> <commit it was taken from> <file to write>
'use strict';

const crypto = require('crypto');
const fs = require('fs');

const [source, commit, target] = process.argv.slice(2);
const bytes = fs.readFileSync(source);
const sha256 = crypto.createHash('sha256').update(bytes).digest('hex');
const prefixes = new Map();

for (const row of bytes.toString('utf8').split('\n')) {
  if (row === '' || row.startsWith('#')) continue;
  const [prefix, zones] = row.split('|');
  if (!/^\d+$/.test(prefix) || !zones) throw new Error(`not a row: ${row}`);
  const set = zones.split('&').sort().join('&');
  if (!prefixes.has(set)) prefixes.set(set, []);
  prefixes.get(set).push(prefix);
}

const lines = [
  '# Time zones of number prefixes: Copyright (C) 2012 The Libphonenumber Authors, Apache License 2.0',
  `# Source: github.com/google/libphonenumber, resources/timezones/map_data.txt, commit ${commit}, sha256 ${sha256}`,
  '# Packed by tools/phone-metadata/lift-time-zones.js; do not edit by hand. Columns: docs/phone-numbers.md',
  ...[...prefixes].sort().map(([set, list]) => `${set}\t${list.sort().join(',')}`),
];
fs.writeFileSync(target, lines.join('\n') + '\n');
