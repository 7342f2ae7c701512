import { readFileSync } from 'node:fs';
import { batchIdOf, type Essaim, type Model } from '@essaim/sdk';
import { parseEther } from 'ethers';
import { accounts } from '../../../scripts/demo/accounts.ts';
import { type Daemon, STAKE, type Town } from '../../e2e/town.ts';

/** A small transformer in floats, and a provider that adds a little to one attention score of the first job it is given. */
export class Liar {
  readonly model: Model;
  readonly #town: Town;
  readonly #requester: Essaim;

  private constructor(town: Town, model: Model, requester: Essaim) {
    this.#town = town;
    this.model = model;
    this.#requester = requester;
  }

  /** Publishes the model and gives the provider stake; it does not work yet. */
  static async ready(town: Town): Promise<Liar> {
    const [modeller, dave, requester] = await Promise.all([
      town.connect('modeller'),
      town.connect('dave'),
      town.connect('requester'),
    ]);
    const model = await modeller.models.publish({
      onnx: new Uint8Array(readFileSync('models/training/language.onnx')),
      name: 'A small transformer',
      description: 'Tells the next letter',
      licence: 'MIT',
      price: 0n,
      token: town.deployment.addresses.MielToken,
    });
    await dave.staking.provide(STAKE);
    for (const essaim of [modeller, dave]) essaim.close();
    return new Liar(town, model, requester);
  }

  /** Posts a job for it; its batch is known before there is one. */
  async post(): Promise<{ jobId: string; batchId: string }> {
    const text = 'the swarm checks every number that anyone claims, '.repeat(11);
    const run = this.#requester.jobs.run({
      model: this.model,
      inputs: [Uint8Array.from({ length: 8 * 64 }, (_, i) => text.charCodeAt(i))],
      token: this.#town.deployment.addresses.MielToken,
      fee: parseEther('2'),
      collateral: parseEther('100'),
      provider: accounts(this.#town.chain).dave.address,
    });
    for await (const stage of run) {
      if (stage.stage !== 'posted') continue;
      const { jobId } = stage;
      return { jobId, batchId: batchIdOf(this.#town.deployment.addresses.JobMarket, jobId) };
    }
    throw new Error('not posted');
  }

  /** From now on it works, and lies once. */
  work(): Promise<Daemon> {
    const lie = { tensor: 'matmul_2', element: 5_000, delta: 0.004 };
    return this.#town.cheat('dave', { cheats: [{ programId: this.model.program.id, claim: 0, lie }] });
  }

  close(): void {
    this.#requester.close();
  }
}
