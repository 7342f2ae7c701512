import { useEssaim } from '../connection/connection.ts';
import { to } from '../route/route.ts';
import { CopyButton } from './copy-button.tsx';

const short = (hex: string) => (hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex);

/** An account: short, whole in its title, to copy; by default it leads to its page. */
export function Address({ of, link = true, copy = false }: { of: string; link?: boolean; copy?: boolean }) {
  const { wallet, essaim } = useEssaim();
  const isOwn = wallet.account?.toLowerCase() === of.toLowerCase();
  const contract = Object.entries(essaim?.deployment.addresses ?? {}).find(
    ([, address]) => address.toLowerCase() === of.toLowerCase(),
  )?.[0];
  const words = isOwn ? 'you' : (contract ?? short(of));
  const shown = <code title={of}>{words}</code>;
  return (
    <span className="address">
      {link && !contract ? <a href={to('agents', of)}>{shown}</a> : shown}
      {copy && <CopyButton of={of} what="address" />}
    </span>
  );
}

/** An id or hash: short, whole in its title. */
export function Hash({ of, href, copy = false }: { of: string | bigint; href?: string; copy?: boolean }) {
  const whole = typeof of === 'bigint' ? `0x${of.toString(16).padStart(64, '0')}` : of;
  const shown = <code title={whole}>{short(whole)}</code>;
  return (
    <span className="address">
      {href ? <a href={href}>{shown}</a> : shown}
      {copy && <CopyButton of={whole} what="id" />}
    </span>
  );
}
