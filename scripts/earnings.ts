/** Writes what a verifier earns when nobody cheats into docs/verifier.md: node scripts/earnings.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { verifierEarnings } from './lib/verifier-earnings.ts';

const GUIDE = new URL('../docs/verifier.md', import.meta.url);
const [FROM, TO] = ['<!-- earnings -->', '<!-- /earnings -->'];
const text = readFileSync(GUIDE, 'utf8');
const [before] = text.split(FROM);
const [, after] = text.split(TO);
writeFileSync(GUIDE, `${before}${FROM}\n${verifierEarnings()}\n${TO}${after}`);
