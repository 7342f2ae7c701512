import { type ReactNode, useEffect, useRef } from 'react';
import { hasMoved } from '../route/use-route.ts';

/** A page's one `h1`: names the tab, and takes the focus when one came here by a link, so that it is read out. */
export function PageHeading({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Essaim' ? title : `${title} · Essaim`;
    if (!hasMoved()) return;
    scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <header className="page-heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {lead && <p className="lead">{lead}</p>}
      {children}
    </header>
  );
}
