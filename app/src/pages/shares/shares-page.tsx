import { lazy } from 'react';
import type { Route } from '../../route/route.ts';
import { OwnShares } from './own-shares.tsx';

const AssetPage = lazy(() => import('./asset-page.tsx'));

/** Shares: one's own, or those of one asset. */
export default function SharesPage({ path: [asset] }: Route) {
  return asset === undefined ? <OwnShares /> : <AssetPage asset={asset} />;
}
