import type { SourceState } from '@essaim/sdk';
import { useEssaim } from '../connection/connection.ts';
import { useAsk } from '../reading/use-ask.ts';
import { to } from '../route/route.ts';

/** Which network this is, who answers for it, and where that can be changed. */
export function Footer() {
  const { chainId, config, error } = useEssaim();
  const { value: source } = useAsk(({ reading }) => reading.source(), [], { every: 8_000 });
  return (
    <footer className="bottom">
      <p>
        {error ? 'Not connected.' : chainId ? `${config?.chain?.name ?? 'Chain'} (${chainId}).` : 'Connecting …'}{' '}
        {source && sourceWords(source)}
      </p>
      <p>
        <a href={to('settings')}>Settings and colours</a>
      </p>
    </footer>
  );
}

/** Who answers and how far behind it is, in a sentence. */
export function sourceWords({ source, head, behind, trouble }: SourceState): string {
  const block = head.toLocaleString('en');
  if (source === 'chain') return `Block ${block}, read from the chain alone${trouble ? `: ${trouble.message}` : ''}.`;
  return behind > 0 ? `Block ${block}; the indexer is ${behind} behind.` : `Block ${block}, by the indexer.`;
}
