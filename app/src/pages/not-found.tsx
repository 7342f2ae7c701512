import { PageHeading } from '../parts/page-heading.tsx';
import { to } from '../route/route.ts';

export default function NotFound() {
  return (
    <>
      <PageHeading title="No such page" lead="The address names nothing that this page knows." />
      <p>
        <a href={to('')}>Back to the overview</a>
      </p>
    </>
  );
}
