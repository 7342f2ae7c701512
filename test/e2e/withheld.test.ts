import { expect } from 'chai';
import { formatEther } from 'ethers';
import { lieIn, Town } from './town.ts';

const HOUR = 3_600;

describe('a provider that keeps its trace to itself', () => {
  let town: Town;
  before(async () => {
    town = await Town.open();
  });
  after(() => town?.close());

  it('is convicted by the clock where it does not answer, by the proof where it does, and paid where it is honest', async () => {
    const { cnn } = town.models;
    const cheats = [{ programId: cnn.program.id, claim: 0, lie: lieIn(cnn) }];
    const verifier = await town.verifier();
    const silent = await town.cheat('bob', { cheats, withhold: true, silent: true });
    const unanswered = await town.post(cnn, 'bob');
    await silent.heard('submitted', unanswered);
    await verifier.heard('demanded', unanswered);
    await town.pass(6 * HOUR + 60);
    expect(await verifier.heard('convicted', unanswered)).to.include({ fault: 'silence', leaf: 0 });
    await silent.heard('rejected', unanswered);
    await silent.child.stop();

    const answering = await town.cheat('bob', { cheats, withhold: true });
    const lied = await town.post(cnn, 'bob');
    const conviction = await verifier.heard('convicted', lied);
    await answering.heard('answered', lied);
    expect(conviction).to.include({ fault: 'element', operator: 'Conv', element: 20, verdict: 'convicted' });
    expect(Number(formatEther(BigInt(conviction.slashed as string)))).to.be.at.least(100);
    await answering.child.stop();

    const honest = await town.cheat('alice', { cheats: [], withhold: true, hideReceipts: true });
    const right = await town.post(cnn, 'alice');
    await honest.heard('answered', right);
    await verifier.heard('checked', right);
    expect(verifier.lines.filter(({ event, jobId }) => event === 'convicted' && jobId === right)).to.deep.equal([]);
    await town.pass(27 * HOUR);
    await honest.heard('paid', right);
  });
});
