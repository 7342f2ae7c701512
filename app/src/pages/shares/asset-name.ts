/** An asset's number as a person tells it from others: hex, its ends only where it is long. */
export function shortNumber(asset: bigint): string {
  const hex = asset.toString(16).padStart(64, '0');
  return asset < 10n ** 9n ? `${asset}` : `0x${hex.slice(0, 4)}…${hex.slice(-4)}`;
}

/** The number of an asset in what was typed or stands in an address, decimal or hex; undefined: none. */
export const assetIn = (text: string): bigint | undefined =>
  /^(\d{1,78}|0x[0-9a-f]{1,64})$/i.test(text.trim()) ? BigInt(text.trim()) : undefined;

/** What an asset is called by its kind and number. */
export const assetName = (kind: 'model' | 'dataset' | 'unknown', asset: bigint): string =>
  `${{ model: 'Model', dataset: 'Data set', unknown: 'Asset' }[kind]} ${shortNumber(asset)}`;
