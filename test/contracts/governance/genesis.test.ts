import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { contractNames } from '../../../scripts/lib/artifacts.ts';
import { ALLOTTED, localHands, mintedTo, SUPPLY } from '../../../scripts/lib/genesis.ts';
import { readHands } from '../../../scripts/lib/hands.ts';
import { connection } from '../market/fixture.ts';
import { deployedSystem } from './decide.ts';

const { ethers, networkHelpers } = connection;
const addresses = Object.fromEntries(contractNames.map((name, i) => [name, `0x${String(i + 10).padStart(40, '0')}`]));
const HOLDER = `0x${'ab'.repeat(20)}`;

describe('Genesis', () => {
  it('is the table of docs/genesis.md', () => {
    const rows = readFileSync('docs/genesis.md', 'utf8').matchAll(/^\| (\w+)[^|]* \| ([\d,]+) \|/gm);
    const documented = [...rows].map(([, who, amount]) => [who, parseEther(amount.replaceAll(',', ''))]);
    expect(documented).to.deep.equal([
      ['EmissionReserve', ALLOTTED.reserve],
      ['TimelockController', ALLOTTED.treasury],
      ['BootstrapGrants', ALLOTTED.grants],
      ['holders', ALLOTTED.holders],
    ]);
    expect(Object.values(ALLOTTED).reduce((a, b) => a + b)).to.equal(SUPPLY);
  });

  it('mints the whole supply and no wei more, whatever the holders', async () => {
    const { miel, reserve, timelock, addresses: at } = await networkHelpers.loadFixture(deployedSystem);
    expect(await miel.totalSupply()).to.equal(SUPPLY);
    expect(await miel.balanceOf(reserve)).to.equal(ALLOTTED.reserve);
    expect(await miel.balanceOf(timelock)).to.equal(ALLOTTED.treasury);
    expect(await miel.balanceOf(at.BootstrapGrants)).to.equal(ALLOTTED.grants);
    for (const account of [reserve, timelock, at.BootstrapGrants, at.StakeManager])
      expect(await miel.delegates(account)).to.equal(ethers.ZeroAddress);
  });

  it('refuses holders whose parts are more or less than theirs', () => {
    const of = (amount: bigint) => () =>
      mintedTo(addresses as never, { guardian: HOLDER, holders: { [HOLDER]: amount } });
    expect(of(ALLOTTED.holders)()[1].reduce((a, b) => a + b)).to.equal(SUPPLY);
    expect(of(ALLOTTED.holders - 1n)).to.throw("the holders' parts make 199999999999999999999999999 wei");
    expect(of(ALLOTTED.holders + 1n)).to.throw("the holders' parts make");
  });

  it('reads hands in MIEL, and refuses what is no address', () => {
    const hands = readHands({ guardian: HOLDER, holders: { [HOLDER]: '200000000' } }, 'a file');
    expect(hands).to.deep.equal(localHands(HOLDER));
    expect(() => readHands({ guardian: HOLDER, holders: { someone: '1' } }, 'a file')).to.throw(
      'someone is no address',
    );
    expect(() => readHands({ holders: {} }, 'a file')).to.throw('a file');
    expect(() => readHands(null, 'a file')).to.throw('a file');
  });
});
