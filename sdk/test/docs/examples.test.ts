import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { Essaim, Model } from '@essaim/sdk';
import { expect } from 'chai';
import { id, parseEther, Wallet } from 'ethers';
import ts from 'typescript';
import { modelPath } from '../../../models/digits/digits.ts';
import { type Seller, sell } from '../seller.ts';
import { POLLING, request, scans, world } from '../world.ts';
import { type Example, examples } from './examples.ts';

/** What examples find at hand; docs/sdk.md tells. */
export interface AtHand {
  rpc: string;
  deployment: unknown;
  storage: string;
  key: string;
  account: string;
  token: string;
  essaim: Essaim;
  model: Model;
  pixels: Float32Array;
  jobId: string;
  onnx: Uint8Array;
  own: bigint;
  csv: string;
  folder: string;
  shop: string;
}

// Inside the repository, so that its packages are found; no part of it.
const HOME = join('.essaim', `examples-${process.pid}`);

describe('the examples of the documentation', () => {
  const all = examples('sdk/src');
  const files = all.map((_, i) => join(HOME, `${i}.ts`));
  let atHand: AtHand;
  let seller: Seller;

  before(async () => {
    mkdirSync(HOME, { recursive: true });
    const at = await world();
    seller = await sell(at);
    atHand = { ...(await gather(at)), shop: await seller.open() };
    for (const [i, example] of all.entries()) writeFileSync(files[i], moduleOf(example, Object.keys(atHand)));
  });

  after(async () => {
    await seller?.stop();
    atHand?.essaim.close();
    rmSync(HOME, { recursive: true, force: true });
  });

  it('are there, for every part of the SDK', () => {
    const parts = /(Essaim|Models|Jobs|Datasets|Shares|Staking|Emissions|Audits|Agents|Governance|Pools|Offers)$/;
    expect(all.filter(({ title }) => parts.test(title))).to.have.lengthOf(12);
  });

  it('are sound TypeScript', () => {
    const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.');
    const program = ts.createProgram(files, options);
    const found = files.flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)));
    expect(
      ts.formatDiagnostics(found, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => '\n' }),
    ).to.equal('');
  }).timeout(120_000);

  for (const [i, { title, logs }] of all.entries()) {
    it(`do what they say: ${title}`, async () => {
      const logged: string[] = [];
      const log = (...values: unknown[]) => logged.push(format(...values.map(shown)));
      const { default: run } = await import(pathToFileURL(files[i]).href);
      await run(atHand, { log });
      expect(logged).to.deep.equal(logs);
    });
  }
});

/** As a person reads it: errors by their words, amounts without the `n`. */
function shown(value: unknown): unknown {
  if (value instanceof Error && 'code' in value) return `${value.code}: ${value.message}`;
  return typeof value === 'bigint' ? String(value) : value;
}

function moduleOf({ title, imports, body }: Example, names: readonly string[]): string {
  return [
    `// ${title}`,
    "import type { AtHand } from '../../sdk/test/docs/examples.test.ts';",
    ...imports,
    `export default async ({ ${names.join(', ')} }: AtHand, console: Pick<Console, 'log'>): Promise<void> => {`,
    // a block of its own may give a name anew
    '{',
    ...body,
    '}',
    '};',
  ].join('\n');
}

/** An account of its own, so that no other test notices, with a job that has its result. */
async function gather(at: Awaited<ReturnType<typeof world>>): Promise<Omit<AtHand, 'shop'>> {
  const wallet = new Wallet(id('the reader of the documentation'), at.chain);
  const { founder } = at.wallets;
  const { MielToken } = (await at.connect('founder')).contracts;
  await (await founder.sendTransaction({ to: wallet.address, value: parseEther('10') })).wait();
  await (await MielToken.transfer(wallet.address, parseEther('100000'))).wait();
  const essaim = await at.connect(undefined, { signer: () => wallet, pollingInterval: POLLING });
  const texts = { name: 'Own', description: 'A model of one’s own', licence: 'MIT', price: 0n, token: at.token };
  const own = await essaim.models.publish({ onnx: new Uint8Array(readFileSync(modelPath('mlp-b1'))), ...texts });
  const csv = join(HOME, 'petals.csv');
  writeFileSync(csv, 'length,kind\n1.5,lily\n4.5,rose\n');
  const { jobId } = await essaim.jobs.run(request(at));
  return {
    ...{ rpc: at.rpc, deployment: at.deployment, storage: at.node.url, key: wallet.privateKey },
    ...{ account: wallet.address, token: at.token, essaim, model: own, pixels: scans(1)[0], jobId },
    ...{ onnx: new Uint8Array(readFileSync(modelPath('cnn-b1'))), own: own.id, csv, folder: join(HOME, 'petals') },
  };
}
