import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { FeedbackRevoked, NewFeedback, ResponseAppended } from '../generated/ReputationRegistry/ReputationRegistry';
import { Feedback, FeedbackResponse } from '../generated/schema';
import { identity } from './identities';
import { eventId, numberId } from './protocol';

/** agent's number ‖ client ‖ index */
function feedbackId(number: BigInt, client: Bytes, index: BigInt): Bytes {
  return numberId(number).concat(client).concat(numberId(index));
}

export function reputationRegistryNewFeedback(event: NewFeedback): void {
  const at = event.params;
  const row = new Feedback(feedbackId(at.agentId, at.clientAddress, at.feedbackIndex));
  row.identity = identity(at.agentId).id;
  row.client = at.clientAddress;
  row.index = at.feedbackIndex;
  row.value = at.value;
  row.decimals = at.valueDecimals;
  row.tag1 = at.tag1;
  row.tag2 = at.tag2;
  row.endpoint = at.endpoint;
  row.uri = at.feedbackURI;
  row.hash = at.feedbackHash;
  row.isRevoked = false;
  row.time = event.block.timestamp;
  row.save();
}

export function reputationRegistryFeedbackRevoked(event: FeedbackRevoked): void {
  const at = event.params;
  const row = Feedback.load(feedbackId(at.agentId, at.clientAddress, at.feedbackIndex));
  if (row == null) return; // given before the protocol came to this registry
  row.isRevoked = true;
  row.save();
}

export function reputationRegistryResponseAppended(event: ResponseAppended): void {
  const at = event.params;
  const feedback = Feedback.load(feedbackId(at.agentId, at.clientAddress, at.feedbackIndex));
  if (feedback == null) return; // as above
  const row = new FeedbackResponse(eventId(event));
  row.feedback = feedback.id;
  row.responder = at.responder;
  row.uri = at.responseURI;
  row.hash = at.responseHash;
  row.time = event.block.timestamp;
  row.save();
}
