import { page } from '../page.ts';

export default page('training', 'Training', 40, () => import('./training-page.tsx'));
