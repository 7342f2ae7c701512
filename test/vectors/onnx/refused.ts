/** The table of vectors that the compiler refuses, and why: node test/vectors/onnx/refused.ts renews it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formsOf, loadExports, loadVectors } from './vectors.ts';

/** Names of refused vectors by error code and operator. */
export type Refused = Record<string, Record<string, string[]>>;

const FILE = new URL('refused.json', import.meta.url);

/** The table as committed. */
export const readRefused = (): Refused => JSON.parse(readFileSync(FILE, 'utf8'));

/** What the compiler refuses today. */
export function findRefused(): Refused {
  const refused: Refused = {};
  for (const vector of [...loadVectors(), ...loadExports()]) {
    const forms = formsOf(vector);
    if (Array.isArray(forms)) continue;
    refused[forms.code] ??= {};
    refused[forms.code][vector.operator] ??= [];
    refused[forms.code][vector.operator].push(vector.name);
  }
  return refused;
}

function write(refused: Refused): void {
  const codes = Object.entries(refused).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = codes.map(([code, operators]) => {
    const lines = Object.entries(operators).map(([name, vectors]) => `    "${name}": ${JSON.stringify(vectors)}`);
    return `  "${code}": {\n${lines.sort().join(',\n')}\n  }`;
  });
  writeFileSync(FILE, `{\n${text.join(',\n')}\n}\n`);
  for (const [code, operators] of codes) console.log(code, Object.values(operators).flat().length);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write(findRefused());
