import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Blocks, type NodeStats } from './blocks.ts';
import type { NodeParts } from './exchange.ts';
import { collectGarbage } from './gc.ts';
import { peerIdOf } from './identity.ts';
import { DEFAULT_LIMITS, type NodeLimits } from './limits.ts';
import { Pins } from './pins.ts';
import { createNodeServer } from './server.ts';

export interface NodeOptions {
  /** Folder of the store; made if it is missing. */
  dir: string;
  /** Port to listen on; 0, the default, takes a free one. */
  port?: number;
  /** Address to listen on, default 127.0.0.1. */
  host?: string;
  /** When given, every RPC call must carry `Authorization: Bearer <token>`. */
  token?: string;
  /** Web origins whose pages may call the RPC, compared exactly; the gateway is open to all pages. */
  origins?: readonly string[];
  /** Addresses of other nodes, asked over their gateways for blocks that are missing here. */
  peers?: readonly string[];
  limits?: Partial<NodeLimits>;
}

export interface IpfsNode {
  /** Address of the node; `ipfsStorage({ url })` and any Kubo RPC client take it. */
  url: string;
  /** What the node holds now. */
  stats: Readonly<NodeStats>;
  /** Ends all connections and closes the store. */
  close(): Promise<void>;
}

/**
 * Starts an IPFS node without libp2p: a block store with pins, a subset of Kubo's RPC and a trustless gateway.
 * @throws StorageError STORAGE_DIR_IN_USE where another node owns the folder.
 */
export async function createNode(options: NodeOptions): Promise<IpfsNode> {
  const { dir, port = 0, host = '127.0.0.1', token, origins = [], peers = [] } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  await mkdir(dir, { recursive: true });
  const pins = new Pins(path.join(dir, 'pins.sqlite'));
  try {
    const blocks = await Blocks.open(path.join(dir, 'blocks'), limits, peers);
    const parts = { blocks, pins, limits, peerId: peerIdOf(path.join(dir, 'identity.pem')) };
    blocks.reclaim = async () => {
      for await (const _ of collectGarbage(parts));
    };
    const server = createNodeServer(parts, { token, origins });
    server.listen(port, host);
    await once(server, 'listening');
    return running(server, parts);
  } catch (cause) {
    pins.close();
    throw cause;
  }
}

function running(server: Server, { blocks, pins }: NodeParts): IpfsNode {
  const address = server.address() as AddressInfo;
  const shownHost = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shownHost}:${address.port}`,
    stats: blocks.stats,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      pins.close();
    },
  };
}
