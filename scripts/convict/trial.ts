import type { ExternalData } from '@essaim/protocol';
import { Answerer, Archive, Provider } from '@essaim/provider';
import type { Model } from '@essaim/sdk';
import { Verifier } from '@essaim/verifier';
import { cheatingTracer, honestTracer, lieIn } from './cheat.ts';
import type { Court } from './court.ts';
import type { Stages } from './stages.ts';

type Told = Record<string, unknown> & { event: string };

/** Hears daemons speak, and waits for what they say. */
class Ear {
  readonly heard: Told[] = [];
  #wake = () => {};

  readonly say = (event: object): void => {
    this.heard.push(event as Told);
    this.#wake();
  };

  async wait(name: string): Promise<Told> {
    for (;;) {
      const found = this.heard.find(({ event }) => event === name);
      if (found) return found;
      const broken = this.heard.find(({ event }) => ['failed', 'refused', 'checked', 'unanswered'].includes(event));
      if (broken) throw new Error(`no ${name}: ${JSON.stringify(broken)}`);
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
  }
}

/**
 * Bob takes the job and cheats in one number; the verifier, who has the model and the chain, convicts him. Both are the
 * daemons as anybody runs them, but for the model, which is not fetched.
 */
export async function playTrial(
  court: Court,
  model: Model,
  where: { readonly folder: string; readonly external: ExternalData },
  stages: Stages,
): Promise<{ conviction: Told; lie: ReturnType<typeof lieIn>; demands: number }> {
  const lie = lieIn(model.program);
  const ending = new AbortController();
  const ear = new Ear();
  const policy = {
    models: [],
    minimumFee: { [court.deployment.addresses.MielToken.toLowerCase()]: 1n },
    maximumCollateral: 10n ** 24n,
    selfCheck: false,
  };
  const shop = {
    essaim: await court.connect('bob', model),
    policy,
    trace: cheatingTracer(lie, where.folder, where.external, stages),
    archive: new Archive(court.archive),
    say: ear.say,
  };
  const daemons = [new Provider(shop).run(ending.signal), new Answerer(shop).run(ending.signal)];
  try {
    await stages.run('provider, in all: accept, run, commit, submit', () => ear.wait('submitted'));
    const essaim = await court.connect('verifier', model);
    daemons.push(new Verifier(essaim, honestTracer(where.folder, stages), ear.say).run(ending.signal));
    const conviction = await stages.run('verifier, in all: check, demand, accuse, prove', () => ear.wait('convicted'));
    return { conviction, lie, demands: ear.heard.filter(({ event }) => event === 'demanded').length };
  } finally {
    ending.abort();
    await Promise.allSettled(daemons);
  }
}
