import type { Spot } from './program-picture.tsx';

/** Leads the eye from a part of the picture above to all of the one below; says nothing. */
export function Funnel({ spot: [from, to] }: { spot: Spot }) {
  return (
    <div className="funnel">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <path d={`M${100 * from} 0H${100 * to}L100 10H0Z`} />
      </svg>
    </div>
  );
}
