export { open, type Recipient, seal, sealParts } from './envelope.ts';
export { sealedLength } from './header.ts';
export { KEY_BYTES, keyIdOf, makeSealingKey, type SealingKey, sealingKey } from './keys.ts';
export { sealedContents } from './sealed-contents.ts';
