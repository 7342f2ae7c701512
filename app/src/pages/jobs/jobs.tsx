import type { Route } from '../../route/route.ts';
import { Job } from './job.tsx';
import { JobList } from './list.tsx';
import './style.css';

/** All jobs, or the one that the address names. */
export default function Jobs({ path: [jobId], query }: Route) {
  return jobId ? <Job key={jobId} jobId={jobId} /> : <JobList query={query} />;
}
