import { setTimeout as pause } from 'node:timers/promises';
import { ZERO_HASH } from '@essaim/protocol';
import { abis, ClaimState } from '@essaim/sdk';
import { expect } from 'chai';
import { Contract, Interface, id, ZeroAddress } from 'ethers';
import type { Agenda, Check } from '../src/agenda.ts';
import type { Desk } from '../src/case.ts';
import type { Eye } from '../src/policy/eye.ts';
import { RunVerifier } from '../src/training/run-verifier.ts';

const REGISTRY = `0x${'12'.repeat(20)}`;
const SELF = `0x${'34'.repeat(20)}`;
const TRAINER = `0x${'56'.repeat(20)}`;
const RUN = id('run');
const TOLD = 50;
const registry = new Interface(abis.TrainingRegistry);
const submitted = {
  ...{ kind: 'steps', parent: id('first'), contributions: [], receipt: id('receipt'), transaction: id('submitting') },
  batch: {
    ...{ round: 0, turn: 1, nextTurn: 0, seat: 0, trainer: TRAINER, count: 2 },
    ...{ checkpoint: id('made'), contributions: ZERO_HASH },
  },
};

/** A verifier of runs that was told of one round, by nodes of which some are behind. */
function verifier() {
  const nodes = {
    head: TOLD,
    /** What the history of the run tells of. */
    batches: [submitted] as unknown[],
    /** Who convicted the round: as the block tells that all is read at, and as a node that is behind does. */
    challenger: SELF,
    old: ZeroAddress,
  };
  let isPinned = false;
  const log = {
    ...registry.encodeEventLog('Submitted', [RUN, TRAINER, 0n, id('made'), id('receipt')]),
    ...{ address: REGISTRY, blockNumber: TOLD, blockHash: id(`${TOLD}`), transactionHash: id('submitting'), index: 0 },
  };
  const provider = {
    getBlock: async (tag: number | 'latest') => ({ number: tag === 'latest' ? nodes.head : tag, hash: id(`${tag}`) }),
    getBlockNumber: async () => nodes.head,
    getLogs: async ({ topics: [name] }: { topics: unknown[] }) => (Array.isArray(name) ? [log] : []),
    async atOneBlock(work: () => Promise<unknown>) {
      isPinned = true;
      return work().finally(() => {
        isPinned = false;
      });
    },
  };
  const contracts = {
    TrainingRegistry: new Contract(REGISTRY, registry),
    Claims: {
      state: async () => ClaimState.Rejected,
      conviction: async () => ({ challenger: isPinned ? nodes.challenger : nodes.old }),
    },
  };
  const training = { history: async () => ({ batches: nodes.batches }) };
  const said: { event: string; code?: string }[] = [];
  const essaim = {
    ...{ contracts, provider, training, pollingInterval: 1, deployment: { startBlock: 0 } },
    signer: { getAddress: async () => SELF },
  };
  const desk = { essaim, say: (event: { event: string }) => said.push(event) } as unknown as Desk;
  const eye = { read: async () => {}, meetRound: async () => ({ due: {}, met: {} }) } as unknown as Eye;
  const checks: Check[] = [];
  const agenda = { add: (_: string, check: Check) => checks.push(check) } as unknown as Agenda;
  const outlook = async () => ({ since: 0, others: [] });
  const lanes = {} as never;
  const rounds = new RunVerifier(desk, { sampling: { all: true, steps: 0 }, eye, lanes, outlook, agenda });
  return { nodes, said, checks, rounds };
}

describe('a verifier of runs', () => {
  it('checks a round also where the node that tells the history of its run did not have it at first', async () => {
    const { nodes, said, checks, rounds } = verifier();
    nodes.batches = [];
    for (nodes.head of [TOLD - 1, TOLD + 3]) {
      await rounds.cycle();
      await pause(10);
    }
    expect(said.map(({ code }) => code)).to.deep.equal(['CHAIN_BEHIND', 'CHAIN_BEHIND']);
    nodes.batches = [submitted];
    await rounds.cycle();
    expect(checks).to.have.length(1);
  });

  it('lets go of one that the history of its run does not tell of some blocks later', async () => {
    const { nodes, said, checks, rounds } = verifier();
    nodes.batches = [];
    nodes.head = TOLD + 16;
    await rounds.cycle();
    nodes.batches = [submitted];
    await rounds.cycle();
    expect([said.length, checks.length]).to.deep.equal([0, 0]);
  });

  it('does not take its own conviction for another’s where a node that is behind does not have it', async () => {
    const { said, checks, rounds } = verifier();
    await rounds.cycle();
    const error = await checks[0].work({} as never).catch((thrown) => thrown);
    expect(said).to.deep.equal([]);
    // it goes on to collect, and asks for the run's terms
    expect(error).to.have.property('code', 'RUN_UNKNOWN');
  });
});
