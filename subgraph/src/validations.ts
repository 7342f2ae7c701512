import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Validation } from '../generated/schema';
import { ValidationRequest, ValidationResponse } from '../generated/ValidationRegistry/ValidationRegistry';
import { identity } from './identities';

function validation(hash: Bytes, number: BigInt, validator: Bytes): Validation {
  const kept = Validation.load(hash);
  if (kept != null) return kept;
  const made = new Validation(hash);
  made.identity = identity(number).id;
  made.validator = validator;
  return made;
}

export function validationRegistryValidationRequest(event: ValidationRequest): void {
  const at = event.params;
  const row = validation(at.requestHash, at.agentId, at.validatorAddress);
  row.requestUri = at.requestURI;
  row.requestedAt = event.block.timestamp;
  row.save();
}

export function validationRegistryValidationResponse(event: ValidationResponse): void {
  const at = event.params;
  const row = validation(at.requestHash, at.agentId, at.validatorAddress);
  row.response = at.response;
  row.responseUri = at.responseURI;
  row.responseHash = at.responseHash;
  row.tag = at.tag;
  row.respondedAt = event.block.timestamp;
  row.save();
}
