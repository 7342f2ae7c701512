import { page } from '../page.ts';

export default page('shares', 'Shares', 70, () => import('./shares-page.tsx'));
