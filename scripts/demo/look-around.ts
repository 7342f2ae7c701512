/** Where the demo's parts are. */
export interface Places {
  rpc: string;
  storage: string;
  deploymentFile: string;
  /** Address of the job market. */
  market: string;
  /** CID of the convicted job's model. */
  model: string;
  /** Of an account with coins for gas. */
  keyFile: string;
}

/** What somebody can try while the demo's processes still run. */
export function lookAround({ rpc, storage, deploymentFile, market, model, keyFile }: Places): string {
  const params = [{ address: market, fromBlock: '0x0' }];
  const logs = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params });
  const verifier = `${process.execPath} verifier/src/main.ts run`;
  return [
    `Still running (Ctrl-C ends it): chain ${rpc}, storage ${storage}, contracts ${deploymentFile}`,
    'Look around, for instance at',
    `  every event of the job market:\n    curl -s ${rpc} -H 'content-type: application/json' -d '${logs}'`,
    `  the convicted job's model, as it lies on IPFS:\n    curl -s -X POST '${storage}/api/v0/cat?arg=${model}' > model.onnx`,
    '  a second verifier, which comes too late for these jobs:',
    `    ${verifier} --rpc ${rpc} --deployment ${deploymentFile} --storage ${storage} --key-file ${keyFile} --data ./.essaim/second-verifier`,
  ].join('\n');
}
