import { EssaimError } from '@essaim/protocol';
import { ZeroAddress } from 'ethers';
import type { AgentDetail, AgentQuery, AgentRow, Fact, ProvisionRow } from '../types/index.ts';
import { orNull, topic } from './list.ts';
import { steadily } from './steady.ts';
import type { View } from './view.ts';

const MILLI = 10n ** 15n;
/** Beyond every time. */
const NOW = 2 ** 48 - 1;

type Role = Exclude<NonNullable<AgentQuery['role']>, 'any'>;

/** By which events of which contract somebody is in a role, and in which argument. */
const ROLES: Record<Role, { contract: keyof View['contracts']; name: string; who: string }> = {
  staker: { contract: 'StakeManager', name: 'Provisioned', who: 'operator' },
  provider: { contract: 'JobMarket', name: 'Accepted', who: 'provider' },
  requester: { contract: 'JobMarket', name: 'Posted', who: 'requester' },
  trainer: { contract: 'TrainingRegistry', name: 'Joined', who: 'trainer' },
  auditor: { contract: 'AuditPool', name: 'Enrolled', who: 'auditor' },
  challenger: { contract: 'Claims', name: 'Rejected', who: 'challenger' },
};

/** Everybody who was ever in a role. INDEXER_NEEDED */
export async function accountsIn(view: View, role: AgentQuery['role'] = 'staker'): Promise<string[]> {
  if (role === 'any') {
    throw new EssaimError('INDEXER_NEEDED', 'the chain alone cannot list every account', {
      help: 'connect with an indexer, or ask for those in a role',
    });
  }
  const { contract, name, who } = ROLES[role];
  const events = await view.events(contract, [name]);
  const everybody = new Set(events.map(({ args }) => args[who] as string));
  everybody.delete(ZeroAddress);
  return [...everybody].sort();
}

/** What the chain cannot tell of an account. */
export const AGENT_MISSING: readonly string[] = [
  ...['posted', 'accepted', 'paid', 'late', 'convictions', 'challenges', 'slashed', 'missed'],
  'provisions.slashed',
];

/** An account as it is at a block. */
export async function agentAt(view: View, address: string, at: { blockTag: number }): Promise<Fact<AgentRow>> {
  const { MielToken, StakeManager, AuditPool, Outcomes } = view.contracts;
  const [[balance, votes, delegate, stake, credit, stakeVotes, stakeDelegate, linked], auditSeat, provisions] =
    await Promise.all([
      steadily('asking for an account', () =>
        Promise.all([
          MielToken.balanceOf(address, at),
          MielToken.getVotes(address, at),
          MielToken.delegates(address, at),
          StakeManager.account(address, at),
          StakeManager.credit(address, at),
          StakeManager.getVotes(address, at),
          StakeManager.delegates(address, at),
          Outcomes.agentAt(address, NOW, at),
        ]),
      ),
      AuditPool.seatOf(address, at).then(Number, (cause: { code?: string }) => {
        if (cause.code === 'CALL_EXCEPTION') return null;
        throw cause;
      }),
      provisionsOf(view, address, at),
    ]);
  return {
    address,
    balance,
    free: stake.free,
    unbonding: stake.unbonding,
    unbondingUntil: Number(stake.until),
    credit,
    delegate: orNull(delegate),
    stakeDelegate: stakeDelegate === address ? null : orNull(stakeDelegate),
    votes,
    stakeVotes,
    auditSeat,
    identity: linked[0] ? linked[1] : null,
    provisions,
  };
}

async function provisionsOf(view: View, operator: string, at: { blockTag: number }): Promise<ProvisionRow[]> {
  const { StakeManager } = view.contracts;
  const events = await view.events('StakeManager', ['Provisioned'], [topic(operator)]);
  const known = new Map(
    events
      .filter(({ block }) => block <= at.blockTag)
      .map(({ args: { client, slasher } }) => [`${client}${slasher}`, { client, slasher }]),
  );
  return Promise.all(
    [...known.values()].map(async ({ client, slasher }) => {
      const [provision, pool] = await steadily('asking for a provision', () =>
        Promise.all([
          StakeManager.provisionOf(operator, client, slasher, at),
          StakeManager.poolOf(operator, client, slasher, at),
        ]),
      );
      return {
        client,
        slasher,
        amount: provision.tokens * MILLI,
        thawing: provision.thawing * MILLI,
        thawingUntil: Number(provision.until),
        pool: await poolAt(view, pool, at),
      };
    }),
  );
}

async function poolAt(view: View, id: bigint, at: { blockTag: number }): Promise<ProvisionRow['pool']> {
  if (id === 0n) return null;
  const { StakeManager, PoolFees } = view.contracts;
  return steadily('asking for a pool', async () => {
    const { fees, tokens } = await StakeManager.poolAt(id, at);
    const { cut } = await (PoolFees.attach(fees) as typeof PoolFees).terms(at);
    return { fees, cut: Number(cut), amount: tokens * MILLI };
  });
}

/** With the record of its agent of ERC-8004. */
export async function agentDetailAt(view: View, address: string, at: { blockTag: number }): Promise<Fact<AgentDetail>> {
  const row = await agentAt(view, address, at);
  const { identity } = row;
  if (identity === null) return { ...row, record: null, uri: null };
  const { Outcomes, IdentityRegistry } = view.contracts;
  return steadily('asking for a record', async () => {
    const [counted, uri] = await Promise.all([
      Outcomes.recordOf(identity, at),
      IdentityRegistry.tokenURI(identity, at),
    ]);
    const [paid, stood, late, rejected, voided] = [...counted].map(Number);
    return { ...row, record: { paid, stood, late, rejected, voided }, uri };
  });
}
