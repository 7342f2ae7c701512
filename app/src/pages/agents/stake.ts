import type { AgentRow, Deployment, ProvisionRow } from '@essaim/sdk';

/** What a provision stands for. */
export type StakedFor = 'jobs' | 'training' | 'audits' | 'other';

const CLIENTS = [
  ['JobMarket', 'jobs'],
  ['TrainingRegistry', 'training'],
  ['AuditPool', 'audits'],
] as const;

/** What a provision to this client backs. */
export function stakedFor(client: string, { addresses }: Pick<Deployment, 'addresses'>): StakedFor {
  const found = CLIENTS.find(([name]) => addresses[name]?.toLowerCase() === client.toLowerCase());
  return found?.[1] ?? 'other';
}

/** Own stake of an account: free, leaving and provisioned, in wei. */
export const ownStake = ({
  free,
  unbonding,
  provisions,
}: Pick<AgentRow, 'free' | 'unbonding' | 'provisions'>): bigint =>
  provisions.reduce((sum, { amount }) => sum + amount, free + unbonding);

/** What others delegated to it. */
export const delegatedStake = (provisions: readonly ProvisionRow[]): bigint =>
  provisions.reduce((sum, { pool }) => sum + (pool?.amount ?? 0n), 0n);

/** What an account is in the network, by what it has at stake; the first letter is small. */
export function rolesOf(
  agent: Pick<AgentRow, 'provisions' | 'auditSeat' | 'posted' | 'challenges'>,
  deployment: Pick<Deployment, 'addresses'>,
): string[] {
  const works = new Set(agent.provisions.map(({ client }) => stakedFor(client, deployment)));
  return [
    works.has('jobs') && 'runs jobs',
    works.has('training') && 'trains',
    agent.auditSeat !== null && 'audits',
    (agent.challenges ?? 0) > 0 && 'challenges',
    (agent.posted ?? 0) > 0 && 'buys inferences',
  ].filter((role): role is string => role !== false);
}
