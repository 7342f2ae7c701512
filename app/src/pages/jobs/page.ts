import { page } from '../page.ts';

export default page('jobs', 'Jobs', 30, () => import('./jobs.tsx'));
