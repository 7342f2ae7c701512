import { lazy } from 'react';
import { PageHeading } from '../../parts/page-heading.tsx';
import type { Route } from '../../route/route.ts';
import { AgentList } from './list/agent-list.tsx';

const AgentPage = lazy(() => import('./agent/agent-page.tsx'));

/** Agents: all accounts that take part, or one of them. */
export default function AgentsPage({ path: [address] }: Route) {
  if (address !== undefined) return <AgentPage address={address} />;
  return (
    <>
      <PageHeading
        title="Agents"
        lead="Every account that runs, trains, checks or buys. What it did stays with it, and so does what it has at stake."
      />
      <AgentList />
    </>
  );
}
