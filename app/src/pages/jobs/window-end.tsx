import { useEffect, useState } from 'react';
import { showSpan } from '../../parts/time.tsx';
import { useAsk } from '../../reading/use-ask.ts';

/** Until when a batch can be challenged, counted down by the chain's clock. Both its seconds and its blocks have to pass. */
export function WindowEnd({ batchId }: { batchId: string }) {
  const asked = useAsk(
    async ({ contracts, provider }) => {
      const [{ time, blockNumber, epoch }, open, head] = await Promise.all([
        contracts.Claims.batch(batchId),
        contracts.Claims.openDemands(batchId),
        provider.getBlock('latest'),
      ]);
      const rules = await contracts.ProtocolParameters.claimRules(epoch);
      return {
        endsAt: Number(time + rules.windowSeconds),
        endsAtBlock: Number(blockNumber + rules.windowBlocks),
        block: head!.number,
        // the chain's clock may stand elsewhere than this machine's
        ahead: head!.timestamp - Date.now() / 1000,
        open: Number(open),
      };
    },
    [batchId],
    { every: 15_000 },
  );
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1_000);
    return () => clearInterval(timer);
  }, []);
  if (!asked.value) return <span className="muted">{asked.error ? asked.error.message : '…'}</span>;
  const { endsAt, endsAtBlock, block, ahead, open } = asked.value;
  const seconds = Math.max(0, Math.ceil(endsAt - (now + ahead)));
  const blocks = Math.max(0, endsAtBlock - block);
  const waits = [
    seconds > 0 && showSpan(seconds),
    blocks > 0 && `${blocks.toLocaleString('en')} ${blocks === 1 ? 'block' : 'blocks'}`,
  ].filter(Boolean);
  return (
    <span>
      {waits.length > 0 ? `open for ${waits.join(' and ')} more` : 'over'}
      {open > 0 &&
        `; ${open} ${open === 1 ? 'demand waits' : 'demands wait'} for an answer, and keep it from being final`}
    </span>
  );
}
