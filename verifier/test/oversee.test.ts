import { ClaimState, type Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { oversee } from '../src/oversight/oversee.ts';
import type { Action, Queue } from '../src/oversight/queue.ts';

describe('a deed that waits for a person', () => {
  const deed = { kind: 'convict', subject: `0x${'12'.repeat(32)}`, place: '0', why: 'it is wrong' } as const;
  const asked: Action = { id: '12345678', kind: 'convict', why: deed.why, answer: 'asked', at: 0 };
  /** What becomes of it where the endpoint tells such a state of the batch. */
  const became = (state: bigint) => {
    const essaim = { contracts: { Claims: { state: async () => state } }, pollingInterval: 1 };
    const queue = { ask: () => asked, get: () => asked };
    const consent = oversee(essaim as unknown as Essaim, queue as unknown as Queue, () => {});
    return consent(deed).catch((error) => error);
  };

  it('is forgone once its batch cannot be convicted any more', async () => {
    expect((await became(ClaimState.Final)).message).to.contain('too late');
  });

  it('is not forgone where an endpoint that is behind does not have the batch yet', async () => {
    expect((await became(ClaimState.None)).code).to.equal('CHAIN_BEHIND');
  });
});
