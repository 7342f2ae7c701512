import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secrets } from '@essaim/daemon';
import { toHex } from '@essaim/protocol';
import { makeSealingKey } from '@essaim/storage';
import { expect } from 'chai';
import { madeSealingKey, ownSealingKey } from '../src/sealed/own-key.ts';

describe('The key that jobs are sealed to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-sealing-'));
  const data = join(folder, 'not', 'there', 'yet');
  after(() => rmSync(folder, { recursive: true }));

  it('is made once, in the data folder, for its owner’s eyes only', async () => {
    expect(await ownSealingKey({ data })).to.equal(undefined);
    const secrets = new Secrets();
    const made = await madeSealingKey({ data }, secrets);
    expect((await madeSealingKey({ data }, secrets)).publicKey).to.deep.equal(made.publicKey);
    const own = await ownSealingKey({ data }, secrets);
    expect(own).to.deep.equal(made);
    const file = join(data, 'sealing-key');
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(secrets.hide(readFileSync(file, 'utf8'))).to.not.contain(toHex(made.privateKey));
  });

  it('may stand elsewhere, and goes before the one in the data folder', async () => {
    const other = await makeSealingKey();
    const given = await ownSealingKey({ data, sealingKey: `${toHex(other.privateKey)}\n` });
    expect(given).to.deep.equal(other);
  });

  it('is refused where it is none: nothing sealed to another could be opened', async () => {
    const codeOf = (work: Promise<unknown>) => work.catch(({ code }) => code);
    for (const sealingKey of ['', '0x12', `${'ab'.repeat(32)}`, `0x${'zz'.repeat(32)}`])
      expect(await codeOf(ownSealingKey({ data, sealingKey }))).to.equal('SEALING_KEY_INVALID');
    writeFileSync(join(data, 'sealing-key'), 'half a ke');
    expect(await codeOf(madeSealingKey({ data }, new Secrets()))).to.equal('SEALING_KEY_INVALID');
  });
});
