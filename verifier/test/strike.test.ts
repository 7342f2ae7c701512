import { EssaimError } from '@essaim/protocol';
import { ClaimState } from '@essaim/sdk';
import { expect } from 'chai';
import type { AuditedBatch } from '../src/audits/batch.ts';
import type { AuditDesk } from '../src/audits/desk.ts';
import type { SubmittedAudit } from '../src/audits/record.ts';
import { strike } from '../src/audits/strike.ts';
import { TwoNodes } from './two-nodes.ts';

const ID = `0x${'12'.repeat(32)}`;
const SELF = `0x${'34'.repeat(20)}`;
const [BEFORE, AFTER] = [9, 10];

interface Told {
  readonly nodes?: TwoNodes;
  /** Whether an endpoint knows of the conviction. */
  readonly isLogged?: boolean;
  /** What showing and striking are answered with. */
  readonly show?: string;
  readonly strike?: string;
}

/** Strikes an audit; what was sent, and what came of it. */
async function striking({ nodes = new TwoNodes(AFTER), isLogged = true, ...fails }: Told) {
  const sent: string[] = [];
  const deliver = async ({ data }: { data: 'show' | 'strike' | 'collect' }) => {
    const code = data === 'collect' ? undefined : fails[data];
    if (code) throw new EssaimError(code, 'refused', { help: 'look again' });
    sent.push(data);
    return { status: 1, logs: [], blockNumber: AFTER };
  };
  const call = (data: string) => ({ populateTransaction: async () => ({ data, gasLimit: 1n }) });
  const isStruck = () => sent.includes('strike') && nodes.head() >= AFTER;
  const getEvent = () => ({ fragment: { topicHash: ID } });
  const contracts = {
    AuditPool: { shown: async () => false, done: async () => false, show: call('show'), strike: call('strike') },
    Claims: {
      getAddress: async () => SELF,
      getEvent,
      state: async () => (isStruck() ? ClaimState.Rejected : ClaimState.Pending),
    },
    Penalties: { collected: async () => false, collect: call('collect') },
    Referee: {
      getFunction: () => ({ fragment: { selector: '0x12345678' } }),
      interface: { decodeFunctionData: () => [ID, '0x12'] },
      examineTrace: async () => ({ verdict: 2n, leaf: 0n }),
    },
  };
  const getTransaction = async () => ({ data: '0x12345678' });
  const getLogs = async () => (isLogged ? [{ transactionHash: ID }] : []);
  const provider = { ...nodes.provider, getTransaction, getLogs };
  const signer = { getAddress: async () => SELF, provider, deliver };
  const essaim = { contracts, provider, signer, deployment: { startBlock: 0 }, pollingInterval: 1 };
  const audit = { auditBatchId: ID, auditor: SELF, record: { passed: true, leaf: 0, seat: 0, number: 0 } };
  const desk = { essaim, say: () => {} } as unknown as AuditDesk;
  const batch = { jobId: ID, batchId: ID, terms: {} } as unknown as AuditedBatch;
  const failed = await strike(desk, batch, audit as unknown as SubmittedAudit).catch(({ code }) => code);
  return { sent, failed };
}

describe('a strike at an audit that passed a fault', () => {
  it('is tried again where an endpoint that is behind does not have the conviction yet', async () => {
    expect(await striking({ isLogged: false })).to.deep.equal({ sent: [], failed: 'CHAIN_BEHIND' });
  });

  it('is tried again where an endpoint that is behind does not know that the fault was shown', async () => {
    const failed = 'AuditPool_NoFault';
    expect(await striking({ strike: failed })).to.deep.equal({ sent: ['show'], failed });
  });

  it('is made where somebody else showed the fault at the same moment', async () => {
    const { sent } = await striking({ show: 'AuditPool_NoFault' });
    expect(sent).to.deep.equal(['strike', 'collect']);
  });

  it('burns the lock once an endpoint that is behind knows of it', async () => {
    const { sent } = await striking({ nodes: new TwoNodes(BEFORE, BEFORE, AFTER) });
    expect(sent).to.deep.equal(['show', 'strike', 'collect']);
  });
});
