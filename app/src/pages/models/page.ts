import { page } from '../page.ts';

export default page('models', 'Models', 20, () => import('./models.tsx'));
