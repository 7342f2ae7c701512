import { page } from '../page.ts';

export default page('governance', 'Governance', 60, () => import('./governance-page.tsx'));
