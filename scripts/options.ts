/** Writes docs/options.md: every option of the daemons, from the tables they read: node scripts/options.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Identity, type OptionTable, optionsDocument } from '@essaim/daemon';
import { PROVIDER } from '@essaim/provider';
import { MONITOR, VERIFIER } from '@essaim/verifier';

const FILE = new URL('../docs/options.md', import.meta.url);

const PROGRAMS: readonly Identity<OptionTable>[] = [PROVIDER, VERIFIER, MONITOR];

/** The document as the tables make it. */
export const optionsPage = (): string =>
  [
    '# Options',
    '',
    'Made by `node scripts/options.ts` from the tables that the programs read. An option is given by a flag, by a variable',
    'of the environment, or by a line `name = value` of the file that `--config` names, in this order of precedence; `init`',
    'writes such a file with every option explained. A switch is `yes` or `no` there. Repeatable options stand on a line',
    'each in the file, and between commas in the environment. What is secret is never taken from the command line or the',
    'config file: a file is named for it, by flag, by a line, or by the variable that ends in `_FILE`.',
    '',
    ...PROGRAMS.map(({ name, prefix, table }) => `## ${name}\n\n${optionsDocument(table, prefix)}`),
  ].join('\n');

if (import.meta.main) {
  const text = optionsPage();
  const current = readFileSync(FILE, { encoding: 'utf8', flag: 'a+' });
  if (current !== text) writeFileSync(FILE, text);
}
