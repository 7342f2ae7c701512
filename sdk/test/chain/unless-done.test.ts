import { EssaimError } from '@essaim/protocol';
import { unlessDone } from '@essaim/sdk';
import { expect } from 'chai';

const refused = (code: string) => new EssaimError(code, 'refused', { help: 'none' });

describe('what somebody else did at the same moment', () => {
  const settled = (isDone: boolean) => unlessDone(['Availability_Status'], async () => isDone);

  it('is done where the contract says so, whatever an older block shows', async () => {
    expect(await settled(false)(refused('Availability_Status'))).to.equal(undefined);
  });

  it('is done by what the contract says alone where nothing else can show it', async () => {
    const settled = unlessDone(['ScoredRounds_Phase']);
    expect(await settled(refused('ScoredRounds_Phase'))).to.equal(undefined);
    const error = refused('WALLET_FUNDS');
    expect(await settled(error).catch((thrown) => thrown)).to.equal(error);
  });

  it('is done where the chain shows it, whatever went wrong', async () => {
    expect(await settled(true)(refused('CHAIN_REVERTED'))).to.equal(undefined);
  });

  it('is not done where neither says so: what went wrong is thrown', async () => {
    const error = refused('WALLET_FUNDS');
    expect(await settled(false)(error).catch((thrown) => thrown)).to.equal(error);
  });
});
