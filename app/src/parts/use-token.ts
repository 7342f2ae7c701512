import type { Essaim } from '@essaim/sdk';
import { Contract } from 'ethers';
import { useEffect, useState } from 'react';
import { useEssaim } from '../connection/connection.ts';
import { inertText } from './inert-text.ts';

export interface Token {
  readonly symbol: string;
  readonly decimals: number;
}

const MIEL: Token = { symbol: 'MIEL', decimals: 18 };
const known = new WeakMap<Essaim, Map<string, Promise<Token>>>();

/** A token's symbol and decimals, asked for once; a name that anybody chose is shown beside its address. */
export function useToken(address: string | undefined): Token {
  const { essaim } = useEssaim();
  const isMiel = !address || address.toLowerCase() === essaim?.deployment.addresses.MielToken.toLowerCase();
  const [token, setToken] = useState<Token>();
  useEffect(() => {
    if (!essaim || isMiel) return;
    let isOver = false;
    const tokens = known.get(essaim) ?? new Map<string, Promise<Token>>();
    known.set(essaim, tokens);
    if (!tokens.has(address)) tokens.set(address, readToken(essaim, address));
    tokens.get(address)?.then((read) => !isOver && setToken(read));
    return () => {
      isOver = true;
    };
  }, [essaim, address, isMiel]);
  if (isMiel) return MIEL;
  return token ?? { symbol: address.slice(0, 6), decimals: 18 };
}

const ERC20 = ['function symbol() view returns (string)', 'function decimals() view returns (uint8)'];

async function readToken({ provider }: Essaim, address: string): Promise<Token> {
  const contract = new Contract(address, ERC20, provider);
  const name = `${address.slice(0, 6)}…${address.slice(-4)}`;
  const [symbol, decimals] = await Promise.all([
    contract.symbol().catch(() => ''),
    contract.decimals().catch(() => 18n),
  ]);
  const said = inertText(symbol, 12);
  return { symbol: said ? `${said} (${name})` : name, decimals: Math.min(Number(decimals), 36) };
}
