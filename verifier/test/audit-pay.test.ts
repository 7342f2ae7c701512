import { expect } from 'chai';
import type { Block } from 'ethers';
import type { AuditDesk } from '../src/audits/desk.ts';
import { collectLeft, collectPay } from '../src/audits/settle.ts';
import { TwoNodes } from './two-nodes.ts';

const TOKEN = `0x${'12'.repeat(20)}`;
const SELF = `0x${'34'.repeat(20)}`;
const SETTLED = 10;

describe('what an auditor is owed', () => {
  /** An auditor whose nodes are at such blocks, one after the other; an audit of its was settled in one of them. */
  function auditorWith(...heads: number[]) {
    const nodes = new TwoNodes(...heads);
    const paid: string[] = [];
    const audits = {
      owed: async () => (nodes.head() < SETTLED ? 0n : 5n),
      collect: async () => 5n,
    };
    const getEvent = () => ({ fragment: { topicHash: TOKEN } });
    const contracts = { AuditPool: { getAddress: async () => TOKEN, getEvent } };
    const signer = { getAddress: async () => SELF };
    const { provider } = nodes;
    const essaim = { contracts, provider, signer, audits, deployment: { startBlock: 0 }, pollingInterval: 1 };
    const say = ({ amount }: { amount: string }) => paid.push(amount);
    return { desk: { essaim, say } as unknown as AuditDesk, paid };
  }

  it('is fetched once an endpoint that is behind knows that its audit was settled', async () => {
    const { desk, paid } = auditorWith(SETTLED - 2, SETTLED - 1, SETTLED);
    await collectPay(desk, TOKEN, SETTLED);
    expect(paid).to.deep.equal(['5']);
  });

  it('is looked for again at a start where the endpoint is behind what it told', async () => {
    const { desk } = auditorWith(SETTLED - 1);
    const error = await collectLeft(desk, { number: SETTLED } as Block).catch((thrown) => thrown);
    expect(error.code).to.equal('CHAIN_BEHIND');
  });
});
