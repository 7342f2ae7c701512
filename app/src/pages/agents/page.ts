import { page } from '../page.ts';

export default page('agents', 'Agents', 50, () => import('./agents-page.tsx'));
