import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect } from 'chai';
import { DEEDS, isDeed } from './kill/deeds.ts';
import { callsWithin, doingsIn } from './kill/doings.ts';

/** What a person has done by a command that ends: nothing but a program's main file imports it. */
const COMMANDS = [
  'provider/src/collect.ts',
  'provider/src/offers/announce.ts',
  'provider/src/sealed/command.ts',
  'provider/src/stake.ts',
  'provider/src/unstake.ts',
  'verifier/src/audits/seat-commands.ts',
  'verifier/src/sealed/hand-over.ts',
];
/** What commands of several programs share, by the name that they call it by. */
const SHARED = new Map([['daemon/src/account/collect.ts', 'collectWaiting']]);
const SOURCES = globSync(['provider/src/**/*.ts', 'verifier/src/**/*.ts', 'daemon/src/**/*.ts']);
/** What the daemons run: not the page's part of a provider, nor commands. */
const DAEMONS = SOURCES.filter(
  (file) => !file.startsWith('provider/src/browser/') && !COMMANDS.includes(file) && !SHARED.has(file),
);

describe('what a daemon can be killed at', () => {
  const known: string[] = Object.values(DEEDS).flat();
  const own = doingsIn(...DAEMONS);
  const sdk = doingsIn('sdk/src/**/*.ts');

  it('is every transaction that its own sources send', () => {
    expect(own.length).to.be.above(20);
    const missing = own.filter(({ words }) => !known.some((deed) => isDeed(words, deed)));
    expect(missing).to.deep.equal([]);
  });

  it('is not what a command does, which no daemon runs', () => {
    for (const command of COMMANDS) {
      const name = `/${command.split('/').at(-1)}'`;
      const importers = SOURCES.filter((file) => {
        const found = readFileSync(file, 'utf8').match(/from '\.[^']+'/g) ?? [];
        return found.some(
          (from) => from.endsWith(name) && resolve(dirname(file), from.slice(6, -1)) === resolve(command),
        );
      });
      expect(importers, command).to.deep.equal([`${command.split('/')[0]}/src/main.ts`]);
    }
    for (const [file, name] of SHARED) {
      const own = [file, `${file.split('/')[0]}/src/index.ts`];
      const others = DAEMONS.filter((each) => !own.includes(each) && !each.endsWith('/src/main.ts'));
      expect(others.filter((each) => new RegExp(`\\b${name}\\b`).test(readFileSync(each, 'utf8')))).to.deep.equal([]);
    }
  });

  it('is every transaction of the SDK, less those of methods that no daemon calls', () => {
    const sources = DAEMONS.map((file) => readFileSync(file, 'utf8')).join('\n');
    const reached = new Map([...new Set(sdk.map(({ file }) => file))].map((file) => [file, reachedIn(file, sources)]));
    expect(reached.get('sdk/src/training/training.ts')).to.include.members(['complete', 'close']);
    const missing = sdk.filter(
      ({ file, sender, words }) => reached.get(file)!.has(sender) && !known.some((deed) => isDeed(words, deed)),
    );
    expect(missing).to.deep.equal([]);
  });

  it('is sent by something, and killed in a test that plays its scene', () => {
    const words = [...own, ...sdk].map((doing) => doing.words);
    for (const deed of known)
      expect(
        words.some((each) => isDeed(each, deed)),
        deed,
      ).to.equal(true);
    const tests = globSync('test/e2e/killed-*.test.ts').map((file) => readFileSync(file, 'utf8'));
    for (const scene of Object.keys(DEEDS))
      expect(tests.filter((text) => text.includes(`.play('${scene}'`)).length, scene).to.equal(1);
  });
});

/** The member of `Essaim` that a file of the SDK is about. */
const partOf = (file: string): string =>
  file.includes('/training/') ? 'training' : (/^sdk\/src\/(\w+)/.exec(file)?.[1] ?? '');

/** Methods and functions of a file of the SDK that these sources call, and what those call of the same file. */
function reachedIn(file: string, sources: string): Set<string> {
  const calls = callsWithin(file);
  const isCalled = (name: string) =>
    new RegExp(`(?<![#\\w])${partOf(file)}\\.(\\w+\\.)?${name}\\(`).test(sources) ||
    new RegExp(`import [^;]*\\b${name}\\b[^;]*from '@essaim/sdk`).test(sources);
  const reached = new Set([...calls.keys()].filter((name) => /^\w+$/.test(name) && isCalled(name)));
  for (const name of reached) for (const next of calls.get(name) ?? []) if (calls.has(next)) reached.add(next);
  return reached;
}
