import { Essaim, type EssaimError, readDeployment } from '@essaim/sdk';
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { type Config, loadConfig, readSettings, type Settings, writeSettings } from '../config/config.ts';
import { useWallet } from '../wallet/use-wallet.ts';
import { type Connected, ConnectionContext } from './connection.ts';
import { optionsOf } from './options-of.ts';
import { toError } from './to-error.ts';

/** Reads the configuration, connects to the network it names, and keeps both for all that is below. */
export function EssaimProvider({ children }: { children: ReactNode }) {
  const [shipped, setShipped] = useState<Config>();
  const [settings, setSettings] = useState(readSettings);
  const [connected, setConnected] = useState<Connected>();
  const [error, setError] = useState<EssaimError>();
  const [attempt, setAttempt] = useState(0);
  const walletState = useWallet();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again
  useEffect(() => {
    let isOver = false;
    let opened: Essaim | undefined;
    setError(undefined);
    setConnected(undefined);
    const connect = async () => {
      const own = await loadConfig();
      const config = { ...own, ...settings };
      const essaim = await Essaim.connect(optionsOf(config));
      if (isOver) return essaim.close();
      opened = essaim;
      setShipped(own);
      setConnected({ essaim, config, chainId: readDeployment(config.deployment).chainId });
    };
    connect().catch(async (cause) => {
      const failure = await toError(cause, 'connecting');
      if (!isOver) setError(failure);
    });
    return () => {
      isOver = true;
      opened?.close();
    };
  }, [settings, attempt]);

  const change = useCallback((next: Settings) => {
    writeSettings(next);
    setSettings(next);
  }, []);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  const value = useMemo(
    () => ({ ...connected, error, shipped, settings, change, again, wallet: walletState }),
    [connected, error, shipped, settings, change, again, walletState],
  );
  return <ConnectionContext value={value}>{children}</ConnectionContext>;
}
