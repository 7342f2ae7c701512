import type { Route } from '../../route/route.ts';
import { Dispute } from './dispute.tsx';
import { DisputeList } from './list.tsx';
import './style.css';

/** All disputes, or the one that the address names by its batch. */
export default function Disputes({ path: [batchId] }: Route) {
  return batchId ? <Dispute key={batchId} batchId={batchId} /> : <DisputeList />;
}
