import { ClaimState, type Essaim, pause } from '@essaim/sdk';
import { batchState } from '@essaim/sdk/node';
import { type Consent, Forgone } from '../consent.ts';
import type { VerifierEvent } from '../events.ts';
import type { Queue } from './queue.ts';

/** Lets a deed pass when a person agreed to it; waits for that while the batch can still be convicted. */
export function oversee(essaim: Essaim, queue: Queue, say: (event: VerifierEvent) => void): Consent {
  return async (deed, signal) => {
    const asked = queue.ask(deed);
    const about = { id: asked.id, deed: deed.kind, why: deed.why };
    if (asked.answer === 'asked') say({ event: 'asks', ...about });
    for (;;) {
      const { answer } = queue.get(asked.id) ?? asked;
      if (answer === 'agreed') return say({ event: 'agreed', ...about });
      if (answer === 'refused') throw new Forgone(deed, 'a person said no');
      if (await isOver(essaim, deed)) throw new Forgone(deed, 'it is too late: nobody answered');
      await pause(essaim.pollingInterval, signal);
    }
  };
}

/** Whether a batch cannot be convicted any more; programs can always be barred. CHAIN_BEHIND */
async function isOver({ contracts }: Essaim, { kind, subject }: Parameters<Consent>[0]): Promise<boolean> {
  return kind !== 'bar' && (await batchState(contracts, subject)) !== ClaimState.Pending;
}
