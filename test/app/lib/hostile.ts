import { modelIdOf } from '@essaim/sdk';
import { cidOfFile } from '@essaim/storage';
import { encode, prepare } from '@ipld/dag-pb';
import { id } from 'ethers';
import { CID } from 'multiformats/cid';
import type { Town } from '../../e2e/town.ts';

/** Of a gigabyte, in bytes, and how many of them. */
const QUARTER = 2 ** 28;
const QUARTERS = 40;

/** Seven bits a byte, the least first. */
const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** What a hostile publisher puts into a manifest: markup, marks that turn and hide text, a link, and very much of it. */
export const HOSTILE = {
  name: '<img src=x onerror="window.hit=1">\u202egnp.elbatsurt\u200b\u0301\u0301\u0301\u0301\u0301\u0301',
  description: `<script>window.hit=1</script> [click](javascript:window.hit=1) https://evil.example/ ${'A'.repeat(500_000)}`,
  licence: '"><svg onload=window.hit=1>',
};

/** The root of a file that says that it has ten gigabytes, of which nobody has any. */
async function hugeFile({ storage }: Awaited<ReturnType<Town['connect']>>): Promise<string> {
  const leaf = CID.parse(await cidOfFile(Uint8Array.of(1, 2, 3)));
  const links = Array.from({ length: QUARTERS }, () => ({ Hash: leaf, Name: '', Tsize: QUARTER }));
  // UnixFS: a file (1: 2), its size (3), the sizes of its parts (4)
  const sizes = links.flatMap(() => [0x20, ...varint(QUARTER)]);
  const file = Uint8Array.from([0x08, 2, 0x18, ...varint(QUARTERS * QUARTER), ...sizes]);
  return storage.putBlock('dag-pb', encode(prepare({ Data: file, Links: links })), { pin: false });
}

/** Registers a model whose manifest is hostile; returns its number. */
export async function publishHostile(town: Town): Promise<bigint> {
  const modeller = await town.connect('modeller');
  const programId = id('a program that nobody has');
  const onnx = await hugeFile(modeller);
  const manifest = { kind: 'essaim/model/1', ...HOSTILE, onnx, programId };
  const { digest } = await modeller.storage.putManifest(manifest);
  const { ModelRegistry } = modeller.contracts;
  await (await ModelRegistry.register(programId, digest, town.deployment.addresses.MielToken, 0n)).wait();
  const owner = await modeller.signer!.getAddress();
  modeller.close();
  return modelIdOf(owner, programId);
}
