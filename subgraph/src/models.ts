import {
  Approval,
  ApprovalForAll,
  Priced,
  ProgramAdded,
  Registered,
  Trained,
  Transfer,
} from '../generated/ModelRegistry/ModelRegistry';
import { Model } from '../generated/schema';
import { agent } from './agents';
import { approved, approvedForAll } from './approvals';
import { asset, holds } from './assets';
import { numberId, protocol } from './protocol';

export function modelRegistryRegistered(event: Registered): void {
  const at = event.params;
  const row = asset(at.model);
  const model = new Model(row.id);
  model.number = at.model;
  model.asset = row.id;
  model.owner = agent(at.owner).id;
  model.token = at.token;
  model.price = at.price;
  model.createdAt = event.block.timestamp;
  model.save();
  row.kind = 'Model';
  row.model = model.id;
  row.owner = model.owner;
  row.save();
  const sums = protocol();
  sums.models += 1;
  sums.save();
}

export function modelRegistryProgramAdded(event: ProgramAdded): void {
  const at = event.params;
  holds(numberId(at.model), at.programId, at.manifest, event.block.timestamp);
}

export function modelRegistryPriced(event: Priced): void {
  const model = Model.load(numberId(event.params.model))!;
  model.token = event.params.token;
  model.price = event.params.price;
  model.save();
}

export function modelRegistryTrained(event: Trained): void {
  const model = Model.load(numberId(event.params.model))!;
  model.run = event.params.runId;
  model.manifest = event.params.manifest;
  model.save();
}

export function modelRegistryTransfer(event: Transfer): void {
  const row = asset(event.params.tokenId);
  row.owner = agent(event.params.to).id;
  row.save();
  const model = Model.load(row.id);
  if (model == null) return; // it is registered right after it is minted
  model.owner = event.params.to;
  model.save();
}

export function modelRegistryApproval(event: Approval): void {
  approved(event, event.params.owner, event.params.approved, event.params.tokenId);
}

export function modelRegistryApprovalForAll(event: ApprovalForAll): void {
  approvedForAll(event, event.params.owner, event.params.operator, event.params.approved);
}
