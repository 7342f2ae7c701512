import { expect } from 'chai';
import { type Contract, parseEther, type Signer } from 'ethers';
import type { Contracts } from '../src/contracts/contracts.ts';
import { Staking } from '../src/staking.ts';

const OWNER = `0x${'12'.repeat(20)}`;
const MILLI = 10n ** 15n;
const miel = (amount: number): bigint => parseEther(String(amount));

/** What is unbonded of free stake where a grant binds some and some is at stake for jobs; and what is said to be bound. */
async function takenBack({ free, bound, provisioned }: { free: number; bound: number; provisioned: number }) {
  const unbonded: bigint[] = [];
  const at = (address: string) => ({ getAddress: async () => address }) as unknown as Contract;
  const provision = { tokens: miel(provisioned) / MILLI, locked: miel(provisioned) / MILLI, thawing: 0n, until: 0n };
  const nothing = { tokens: 0n, locked: 0n, thawing: 0n, until: 0n };
  const contracts = {
    ...{ JobMarket: at('jobs'), TrainingRegistry: at('training'), AuditPool: at('audits'), Penalties: at('penalties') },
    BootstrapGrants: { bound: async () => miel(bound) },
    StakeManager: {
      account: async () => ({ free: miel(free), unbonding: unbonded[0] ?? 0n, until: 100n }),
      provisionOf: async (_: string, client: string) => (client === 'jobs' ? provision : nothing),
      unbond: {
        populateTransaction: async (amount: bigint) => {
          unbonded.push(amount);
          return {};
        },
      },
    },
  };
  const signer = {
    getAddress: async () => OWNER,
    provider: { getBlock: async () => ({ timestamp: 10 }) },
    estimateGas: async () => 1n,
    deliver: async () => ({ status: 1 }),
  };
  const staking = new Staking(contracts as unknown as Contracts, signer as unknown as Signer);
  const { bound: kept } = await staking.takeBack();
  return { unbonded, kept };
}

describe('stake that is taken back', () => {
  it('is all that is free without a grant', async () => {
    expect(await takenBack({ free: 10, bound: 0, provisioned: 5 })).to.deep.equal({ unbonded: [miel(10)], kept: 0n });
  });

  it('is what a grant does not bind, which is held by what is at stake first', async () => {
    expect(await takenBack({ free: 10, bound: 8, provisioned: 5 })).to.deep.equal({
      unbonded: [miel(7)],
      kept: miel(3),
    });
    expect(await takenBack({ free: 10, bound: 5, provisioned: 5 })).to.deep.equal({ unbonded: [miel(10)], kept: 0n });
  });

  it('is nothing where a grant binds all that is free', async () => {
    expect(await takenBack({ free: 10, bound: 20, provisioned: 5 })).to.deep.equal({ unbonded: [], kept: miel(10) });
  });
});
