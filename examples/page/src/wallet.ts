import { BrowserProvider, type Eip1193Provider, type Signer } from 'ethers';

/** The account of the first wallet that announces itself (EIP-6963). */
export async function signer(): Promise<Signer> {
  const wallet = await new Promise<Eip1193Provider>((found, missing) => {
    const late = setTimeout(
      () => missing(new Error('There is no wallet in this browser. Install one and reload.')),
      500,
    );
    addEventListener('eip6963:announceProvider', (event) => {
      clearTimeout(late);
      found((event as CustomEvent<{ provider: Eip1193Provider }>).detail.provider);
    });
    dispatchEvent(new Event('eip6963:requestProvider'));
  });
  return new BrowserProvider(wallet).getSigner();
}
