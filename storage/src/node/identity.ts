import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { base58btc } from 'multiformats/bases/base58';

/** What precedes an Ed25519 public key in a peer id: identity multihash of 36 bytes, key type 1, key of 32 bytes. */
const PEER_ID_PREFIX = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];
const PUBLIC_KEY_BYTES = 32;

/** The peer id kept in `file`, made on first use, so that a store is known by one name for life. */
export function peerIdOf(file: string): string {
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    writeFileSync(file, pem, { mode: 0o600 });
  }
  const key = createPublicKey(createPrivateKey(readFileSync(file))).export({ type: 'spki', format: 'der' });
  return base58btc.baseEncode(Uint8Array.from([...PEER_ID_PREFIX, ...key.subarray(-PUBLIC_KEY_BYTES)]));
}
