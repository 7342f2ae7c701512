import { useEffect, useState } from 'react';
import { pages } from '../pages/index.ts';
import { to } from '../route/route.ts';
import { WalletMenu } from '../wallet/wallet-menu.tsx';
import { Mark } from './mark.tsx';

/** Name, navigation, wallet. On a narrow screen the navigation opens by a button. */
export function Header({ current }: { current: string }) {
  const [isOpen, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it closes when one went somewhere
  useEffect(() => setOpen(false), [current]);
  return (
    <header className="top">
      {/* a button: the part behind `#` is the address of a page */}
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <a className="brand" href={to('')} aria-label="Essaim, overview">
        <Mark />
        <span>Essaim</span>
      </a>
      <button
        type="button"
        className="menu plain"
        aria-expanded={isOpen}
        aria-controls="navigation"
        onClick={() => setOpen(!isOpen)}
      >
        Menu
      </button>
      <nav id="navigation" aria-label="Pages" data-open={isOpen}>
        <ul>
          {pages
            .filter(({ order }) => order > 0)
            .map(({ path, title }) => (
              <li key={path}>
                <a href={to(path)} aria-current={path === current ? 'page' : undefined}>
                  {title}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      <WalletMenu />
    </header>
  );
}
