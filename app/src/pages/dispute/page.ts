import { page } from '../page.ts';

export default page('disputes', 'Disputes', 45, () => import('./disputes.tsx'));
