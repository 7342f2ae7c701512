import { mkdirSync, writeFileSync } from 'node:fs';
import { FULL, report } from './economy/report/report.ts';

const docs = new URL('../docs/', import.meta.url);
const { text, plots } = report(FULL);
mkdirSync(new URL('economics/', docs), { recursive: true });
writeFileSync(new URL('economics.md', docs), text);
for (const [name, svg] of Object.entries(plots)) writeFileSync(new URL(`economics/${name}.svg`, docs), svg);
console.log(`docs/economics.md and ${Object.keys(plots).length} plots written`);
