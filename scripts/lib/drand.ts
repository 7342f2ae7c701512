/** A drand network of the scheme bls-bn254-unchained-on-g1, as DrandRandomness is deployed for it. */
export interface DrandNetwork {
  /** When its first round is published, in seconds. */
  genesis: bigint;
  /** Seconds from a round to the next. */
  period: bigint;
  /** Its public key on G2. */
  key: { xIm: bigint; xRe: bigint; yIm: bigint; yRe: bigint };
  /** Domain separation tag of its signatures, in hex. */
  tag: string;
}

/** drand's network for EVM chains, chain hash 04f1e9062b8a81f848fded9c12306733282b2727ecced50032187751166ec8c3. */
export const EVMNET: DrandNetwork = {
  genesis: 1_727_521_075n,
  period: 3n,
  key: {
    xIm: 0x07e1d1d335df83fa98462005690372c643340060d205306a9aa8106b6bd0b382n,
    xRe: 0x0557ec32c2ad488e4d4f6008f89a346f18492092ccc0d594610de2732c8b808fn,
    yIm: 0x0095685ae3a85ba243747b1b2f426049010f6b73a0cf1d389351d5aaaa1047f6n,
    yRe: 0x297d3a4f9749b33eb2d904c9d9ebf17224150ddd7abd7567a9bec6c74480ee0bn,
  },
  tag: `0x${Buffer.from('BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_').toString('hex')}`,
};
