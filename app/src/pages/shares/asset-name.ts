/** What an asset is called by its kind and number. */
export const assetName = (kind: 'model' | 'dataset' | 'unknown', asset: bigint): string =>
  `${{ model: 'Model', dataset: 'Data set', unknown: 'Asset' }[kind]} ${asset}`;
