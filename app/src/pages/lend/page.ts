import { page } from '../page.ts';

export default page('lend', 'Lend', 80, () => import('./lend.tsx'));
