// Compares two answers to the same inputs, field by field, and shows the first disagreements.
//
//   node compare.js inputs.tsv google.jsonl ours.jsonl
'use strict';

const fs = require('fs');

const [inputs, google, ours] = process.argv.slice(2, 5)
  .map(file => fs.readFileSync(file, 'utf8').replace(/\n$/, '').split('\n'));
if (inputs.length !== google.length || inputs.length !== ours.length) {
  console.error(`${inputs.length} inputs, ${google.length} answers of Google's, ${ours.length} of ours`);
  process.exit(2);
}

const counts = { rows: inputs.length, parsed: 0, valid: 0, disagreements: 0 };
const byField = {};
inputs.forEach((input, row) => {
  const theirs = JSON.parse(google[row]);
  const mine = JSON.parse(ours[row]);
  counts.parsed += theirs.e164 ? 1 : 0;
  counts.valid += theirs.valid ? 1 : 0;
  const different = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])]
    .filter(field => field !== 'zones' && field !== 'possible' && theirs[field] !== mine[field]);
  if (different.length === 0) return;
  for (const field of different) byField[field] = (byField[field] || 0) + 1;
  if (counts.disagreements++ < 20) {
    console.log(JSON.stringify(input));
    for (const field of different) console.log(`  ${field}: Google ${theirs[field]}, ours ${mine[field]}`);
  }
});

console.log(JSON.stringify({ ...counts, byField }));
process.exit(counts.disagreements === 0 ? 0 : 1);
