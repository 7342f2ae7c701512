import './models.css';
import { PageHeading } from '../../parts/page-heading.tsx';
import type { Route } from '../../route/route.ts';
import { ModelList } from './model-list.tsx';
import { ModelPage } from './model-page.tsx';

/** All models, or the one whose number the address names. */
export default function Models({ path: [id], query }: Route) {
  if (id === undefined) return <ModelList />;
  const number = numberOf(id);
  if (number === undefined)
    return <PageHeading title="No such model" lead="What the address names is not the number of a model." />;
  return <ModelPage key={id} id={number} job={query.get('job') ?? undefined} />;
}

function numberOf(text: string): bigint | undefined {
  return /^(0x[0-9a-f]{1,64}|\d{1,78})$/i.test(text) ? BigInt(text) : undefined;
}
