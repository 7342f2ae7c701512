import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A custom error of our contracts as it stands in the sources. */
export interface ContractError {
  name: string;
  /** With its arguments, as in Solidity. */
  signature: string;
  /** Its `@notice`; empty where there is none. */
  notice: string;
  /** The contract or library whose source declares it. */
  home: string;
}

const root = new URL('../../', import.meta.url);

/** Every custom error declared below contracts/, tests left out, by name. */
export function contractErrors(): ContractError[] {
  return globSync('contracts/**/*.sol', { cwd: root })
    .filter((file) => !file.includes('/test/'))
    .flatMap((file) => {
      const source = readFileSync(new URL(file, root), 'utf8');
      return [...source.matchAll(/((?:^[ \t]*\/\/\/.*\n)*)^[ \t]*error (\w+)(\([^)]*\));/gm)].map(
        ([, comment, name, args]) => ({
          name,
          signature: `${name}${args.replace(/\s+/g, ' ')}`,
          notice: noticeOf(comment),
          home: basename(file, '.sol').replace(/^I(?=[A-Z])/, ''),
        }),
      );
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function noticeOf(comment: string): string {
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*\/\/\/\s?/, '').trim())
    .join(' ');
  return (text.match(/@notice (.*?)(?= @\w|$)/)?.[1] ?? '').trim();
}
