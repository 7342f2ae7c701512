import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { publint } from 'publint';
import { bundle, sizeAtOnce } from '../../scripts/size/bundle.ts';
import { inProject, project, tarball } from './outsider.ts';

const run = promisify(execFile);
const BIN = resolve('node_modules/.bin');
const TELL = "console.log(typeof sdk.Essaim.connect, new sdk.EssaimError('A', 'b', { help: 'c' }).code)";

describe('the packed SDK', () => {
  let home = '';
  before(async function () {
    this.timeout(240_000);
    home = await project();
  });

  it('is what publint and attw take for sound', async () => {
    const { messages } = await publint({ pkgDir: join(home, 'node_modules/@essaim/sdk'), strict: true, pack: false });
    expect(messages).to.deep.equal([]);
    const args = [await tarball(), '--profile', 'node16', '--format', 'json'];
    const { stdout } = await run(join(BIN, 'attw'), args, { maxBuffer: 1e8 });
    expect(JSON.parse(stdout).analysis.types.kind).to.equal('included');
  });

  it('is imported and required, with its entry for Node', async () => {
    const asked = `${TELL}; console.log(typeof node.connectFromFiles)`;
    const imported = `const sdk = await import('@essaim/sdk'); const node = await import('@essaim/sdk/node'); ${asked}`;
    const required = `const sdk = require('@essaim/sdk'); const node = require('@essaim/sdk/node'); ${asked}`;
    for (const [type, code] of Object.entries({ module: imported, commonjs: required })) {
      const said = await inProject(home, [process.execPath, `--input-type=${type}`, '-e', code]);
      expect(said, type).to.equal('function A\nfunction\n');
    }
  });

  it('loads its parts on demand in both', async () => {
    const use = `sdk.ipfsStorage({ url: 'http://127.0.0.1:1' }).get('bafkqaaa').then((bytes) => console.log(bytes.length))`;
    const imported = `const sdk = await import('@essaim/sdk'); ${use}`;
    const required = `const sdk = require('@essaim/sdk'); ${use}`;
    for (const [type, code] of Object.entries({ module: imported, commonjs: required })) {
      expect(await inProject(home, [process.execPath, `--input-type=${type}`, '-e', code]), type).to.equal('0\n');
    }
  });

  it('brings types that need no others, to every way of finding them', async () => {
    const source = [
      "import { Essaim, type JobResult, type Model } from '@essaim/sdk';",
      'export async function buy(essaim: Essaim, model: Model): Promise<JobResult> {',
      '  const { MielToken, JobMarket } = essaim.contracts;',
      '  const name: string = await MielToken.name();',
      '  const fees: bigint = await JobMarket.feesToBurn();',
      '  // @ts-expect-error there is no such call',
      '  essaim.jobs.runn;',
      '  return await essaim.jobs.run({ model, inputs: [1], token: name, fee: fees, collateral: 1n });',
      '}',
    ].join('\n');
    const strict = { strict: true, noEmit: true, target: 'es2023', lib: ['es2024', 'dom'], types: [] };
    for (const [file, module] of [
      ['use.mts', 'nodenext'],
      ['use.cts', 'nodenext'],
      ['use.ts', 'preserve'],
    ]) {
      writeFileSync(join(home, file), source);
      writeFileSync(
        join(home, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...strict, module }, files: [file] }),
      );
      const said = await inProject(home, [join(BIN, 'tsc')]).catch(({ stdout }) => stdout);
      expect(said, `${file}, ${module}`).to.equal('');
    }
  }).timeout(120_000);

  it('is as small in a browser as its sources are, and brings nothing that is not asked for', async () => {
    const chunks = await bundle("export { Essaim } from '@essaim/sdk';", home);
    expect(sizeAtOnce(chunks)).to.be.below(120_000);
    const error = await bundle("export { EssaimError } from '@essaim/sdk';", home);
    expect(sizeAtOnce(error)).to.be.below(1_000);
  });
});
