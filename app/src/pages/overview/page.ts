import { page } from '../page.ts';

export default page('', 'Overview', 10, () => import('./overview.tsx'));
