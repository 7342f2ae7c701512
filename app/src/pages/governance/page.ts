import { page } from '../page.ts';

export default page('governance', 'Governance', 70, () => import('./governance-page.tsx'));
