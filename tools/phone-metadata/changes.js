// Shows which regions differ between two numbering-plans.txt, and the lines that do.
//
//   node changes.js <before> <after>
'use strict';

const fs = require('fs');

const [before, after] = process.argv.slice(2, 4).map(read);
const shown = 160;
let changed = 0;

for (const id of [...new Set([...before.keys(), ...after.keys()])].sort()) {
  const old = new Set(before.get(id) || []);
  const now = new Set(after.get(id) || []);
  const gone = [...old].filter(line => !now.has(line));
  const come = [...now].filter(line => !old.has(line));
  if (gone.length + come.length === 0) continue;
  changed++;
  console.log(id);
  for (const line of gone) console.log(`  - ${line.slice(0, shown)}`);
  for (const line of come) console.log(`  + ${line.slice(0, shown)}`);
}

console.log(changed === 0 ? 'Nothing changed.' : `${changed} of ${after.size} parts changed.`);

function read(file) {
  const parts = new Map();
  let id = 'head';
  for (const line of fs.readFileSync(file, 'utf8').trimEnd().split('\n')) {
    id = line.startsWith('R\t') ? line.split('\t')[1] : line.startsWith('C\t') ? 'calling codes' : line[0] === '#' ? 'head' : id;
    if (!parts.has(id)) parts.set(id, []);
    parts.get(id).push(line);
  }
  return parts;
}
