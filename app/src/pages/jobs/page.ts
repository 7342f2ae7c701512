import { page } from '../page.ts';

export default page('jobs', 'Jobs', 40, () => import('./jobs.tsx'));
