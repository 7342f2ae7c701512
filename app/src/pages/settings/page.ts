import { page } from '../page.ts';

export default page('settings', 'Settings', 0, () => import('./settings.tsx'));
