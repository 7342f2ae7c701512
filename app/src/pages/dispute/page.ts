import { page } from '../page.ts';

export default page('disputes', 'Disputes', 35, () => import('./disputes.tsx'));
