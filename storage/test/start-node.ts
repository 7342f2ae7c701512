import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createNode, type IpfsNode, type NodeOptions } from '@essaim/storage/node';

export interface TestNode extends IpfsNode {
  dir: string;
  /** Closes the node and deletes its store. */
  stop(): Promise<void>;
}

/** An embedded node with a store of its own in a temporary folder. */
export async function startNode(options: Omit<NodeOptions, 'dir'> = {}): Promise<TestNode> {
  const dir = await mkdtemp(path.join(tmpdir(), 'essaim-storage-'));
  const node = await createNode({ ...options, dir });
  return {
    ...node,
    dir,
    async stop() {
      await node.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
