// Lifts Google's numbering plans out of the npm package google-libphonenumber into the one text file the library
// embeds. Run through update.sh, which fetches the package; the build itself needs neither Node nor the network.
//
//   node lift.js <folder of the installed package> <file to write>
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const [folder, target] = process.argv.slice(2);
const bundle = path.join(folder, 'dist', 'libphonenumber.js');
const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
const { countryToMetadata: plans, countryCodeToRegionCodeMap: codes } = require(path.resolve(bundle)).metadata;
const sha256 = crypto.createHash('sha256').update(fs.readFileSync(bundle)).digest('hex');

// Positions are the field numbers of phonemetadata.proto. The order of the letters is the order the C# enum reads.
const kinds = [
  ['g', 1], ['f', 2], ['m', 3], ['t', 4], ['p', 5], ['s', 6], ['n', 7], ['v', 8], ['b', 21], ['u', 25], ['o', 28],
  ['x', 24],
];
const known = new Set([9, 10, 11, 12, 13, 15, 16, 17, 18, 19, 20, 22, 23, ...kinds.map(([, at]) => at)]);

const lines = [
  '# Numbering plans of every region: Copyright (C) The Libphonenumber Authors, Apache License 2.0',
  `# Source: npm google-libphonenumber ${version}, dist/libphonenumber.js, sha256 ${sha256}`,
  '# Lifted by tools/phone-metadata/lift.js; do not edit by hand. Columns: docs/phone-numbers.md',
];

for (const [code, regions] of Object.entries(codes)) {
  lines.push(['C', code, regions.join(',')].join('\t'));
}

for (const [id, plan] of Object.entries(plans)) {
  plan.forEach((value, at) => {
    if (value != null && !known.has(at)) throw new Error(`${id}: field ${at} is not one this tool knows`);
  });

  lines.push(['R', id, plan[10], plan[11], plan[12], plan[15], plan[16], plan[13], plan[18] ? '1' : '', plan[23]]
    .map(text).join('\t'));

  for (const [letter, at] of kinds) {
    const kind = plan[at];
    if (!kind || kind[2] == null && kind[6] == null && kind[9] != null && kind[9][0] === -1) continue;
    const pattern = letter === 'm' && kind[2] === plan[2][2] ? '=' : kind[2];
    lines.push([letter, pattern, (kind[9] || []).join(','), (kind[10] || []).join(','), kind[6]].map(text).join('\t'));
  }

  for (const [letter, at] of [['F', 19], ['I', 20]]) {
    for (const format of plan[at] || []) {
      // Of the leading digits only the last pattern decides which format is taken; the others serve typing aids.
      lines.push([letter, format[1], format[2], (format[3] || []).slice(-1)[0], format[4]].map(text).join('\t'));
    }
  }
}

fs.writeFileSync(target, lines.map(line => line.replace(/\t+$/, '')).join('\n') + '\n');

function text(value) {
  const written = value == null ? '' : String(value);
  if (/[\t\n\r]/.test(written)) throw new Error(`a separator inside ${JSON.stringify(written)}`);
  return written;
}
