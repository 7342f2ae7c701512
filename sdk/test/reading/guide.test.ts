import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { addresses, Stand } from './stand.ts';

const guide = readFileSync(new URL('../../../docs/reading.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);

describe('the guide to reading', () => {
  it('has examples that run, one after the other', async () => {
    const stand = await Stand.open();
    const said: unknown[][] = [];
    const run = async (code: string, given: object): Promise<Essaim | undefined> => {
      const body = stripTypeScriptTypes(
        `async () => { ${code}\n return typeof essaim === 'object' ? essaim : undefined; }`,
      );
      const made = new Function(...Object.keys(given), `return (${body})();`);
      return made(...Object.values(given));
    };
    const console = { log: (...words: unknown[]) => said.push(words) };
    const deployment = { chainId: 31337, startBlock: 1, addresses };
    const places = { rpc: stand.chain.url, indexer: stand.indexer.url, deployment };
    const [connecting, ...others] = examples;
    const essaim = await run(connecting, { Essaim, console, ...places });
    for (const code of others) await run(code, { essaim, console });
    expect(examples.length).to.be.greaterThan(3);
    expect(said.length).to.be.greaterThan(examples.length);
    essaim?.close();
    stand.close();
  });
});
