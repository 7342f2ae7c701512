import { inertText } from './inert-text.ts';

/** Words that others wrote: never markup, never a link, of bounded length, and unable to turn the words around them. */
export function Text({ of, limit = 200, empty = '(no words)' }: { of: unknown; limit?: number; empty?: string }) {
  const text = inertText(of, limit);
  return text ? <bdi className="theirs">{text}</bdi> : <span className="muted">{empty}</span>;
}
