import './training.css';
import { lazy } from 'react';
import { PageHeading } from '../../parts/page-heading.tsx';
import type { Route } from '../../route/route.ts';
import { RunList } from './list/run-list.tsx';

const RunPage = lazy(() => import('./run/run-page.tsx'));

/** Training: all runs, or one of them. */
export default function TrainingPage({ path: [id] }: Route) {
  if (id !== undefined) return <RunPage id={id} />;
  return (
    <>
      <PageHeading
        title="Training"
        lead="Models that many train together. Every step can be recomputed by anyone, and a wrong one costs its trainer its collateral."
      />
      <RunList />
    </>
  );
}
