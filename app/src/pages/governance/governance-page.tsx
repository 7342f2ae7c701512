import './governance.css';
import { lazy } from 'react';
import type { Route } from '../../route/route.ts';
import { Overview } from './overview.tsx';

const ProposalPage = lazy(() => import('./proposal/proposal-page.tsx'));
const ProposePage = lazy(() => import('./propose/propose-page.tsx'));
const ParametersPage = lazy(() => import('./parameters-page.tsx'));

/** Governance: all proposals, one of them, a new one, or what can be changed. */
export default function GovernancePage({ path: [which] }: Route) {
  if (which === undefined) return <Overview />;
  if (which === 'new') return <ProposePage />;
  if (which === 'parameters') return <ParametersPage />;
  return <ProposalPage id={which} />;
}
