import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LenderLedger } from '../../src/sponsor/ledger.ts';

describe('the ledger of lenders', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-ledger-'));
  after(() => rmSync(folder, { recursive: true }));

  it('knows after a restart what is owed, by whose authorisation, and who is barred', async () => {
    const file = join(folder, 'deep', 'lenders.json');
    const ledger = await LenderLedger.open(file);
    expect(ledger.lender('alice')).to.deep.equal({ earned: 0n, accepted: 0, failed: 0, barred: null });
    expect(await Promise.all([1, 2, 3].map(() => ledger.credit('alice', 'monday', 10n ** 18n)))).to.deep.equal(
      [1n, 2n, 3n].map((n) => n * 10n ** 18n),
    );
    await ledger.credit('alice', 'tuesday', 5n);
    await ledger.fail('bob');
    await ledger.bar('bob', 'made another trace');
    const again = await LenderLedger.open(file);
    expect(again.lender('alice')).to.deep.equal({ earned: 3n * 10n ** 18n + 5n, accepted: 4, failed: 0, barred: null });
    expect([again.earnedBy('monday'), again.earnedBy('tuesday')]).to.deep.equal([3n * 10n ** 18n, 5n]);
    expect(again.lender('bob')).to.include({ failed: 1, barred: 'made another trace' });
  });

  it('does not begin anew over one that it cannot read: vouchers would shrink', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{');
    const error = await LenderLedger.open(file).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(SyntaxError);
  });
});
