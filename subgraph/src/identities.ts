import { BigInt } from '@graphprotocol/graph-ts';
import {
  Approval,
  ApprovalForAll,
  MetadataSet,
  MetadataUpdate,
  Registered,
  Transfer,
  URIUpdated,
} from '../generated/IdentityRegistry/IdentityRegistry';
import { Identity, IdentityMetadata } from '../generated/schema';
import { agent } from './agents';
import { approvedForAll, approvedIdentity } from './approvals';
import { NOBODY, numberId } from './protocol';

/** The agent of this number; one that a chain's own registry had before the protocol came is known by its number. */
export function identity(number: BigInt): Identity {
  const id = numberId(number);
  const kept = Identity.load(id);
  if (kept != null) return kept;
  const made = new Identity(id);
  made.number = number;
  made.paid = 0;
  made.stood = 0;
  made.late = 0;
  made.rejected = 0;
  made.voided = 0;
  made.save();
  return made;
}

export function identityRegistryRegistered(event: Registered): void {
  const at = event.params;
  const row = identity(at.agentId);
  row.owner = agent(at.owner).id;
  row.uri = at.agentURI;
  row.registeredAt = event.block.timestamp;
  row.updatedAt = event.block.timestamp;
  row.save();
}

export function identityRegistryURIUpdated(event: URIUpdated): void {
  const row = identity(event.params.agentId);
  row.uri = event.params.newURI;
  row.updatedAt = event.block.timestamp;
  row.save();
}

export function identityRegistryMetadataUpdate(event: MetadataUpdate): void {
  const row = identity(event.params._tokenId);
  row.updatedAt = event.block.timestamp;
  row.save();
}

export function identityRegistryMetadataSet(event: MetadataSet): void {
  const at = event.params;
  const row = identity(at.agentId);
  row.updatedAt = event.block.timestamp;
  if (at.metadataKey == 'agentWallet') row.wallet = at.metadataValue.length == 20 ? at.metadataValue : null;
  row.save();
  // by the key's hash: a key can be longer than what a database takes for an id
  const entry = new IdentityMetadata(row.id.concat(at.indexedMetadataKey));
  entry.identity = row.id;
  entry.key = at.metadataKey;
  entry.value = at.metadataValue;
  entry.time = event.block.timestamp;
  entry.save();
}

export function identityRegistryTransfer(event: Transfer): void {
  const row = identity(event.params.tokenId);
  row.owner = event.params.to == NOBODY ? null : agent(event.params.to).id;
  row.save();
}

export function identityRegistryApproval(event: Approval): void {
  const at = event.params;
  approvedIdentity(event, at.owner, at.approved, identity(at.tokenId).id);
}

export function identityRegistryApprovalForAll(event: ApprovalForAll): void {
  approvedForAll(event, event.params.owner, event.params.operator, event.params.approved);
}
