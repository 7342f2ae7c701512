import { page } from '../page.ts';

export default page('shares', 'Shares', 60, () => import('./shares-page.tsx'));
