import { BigInt, Bytes } from '@graphprotocol/graph-ts';
import { Agent, Earning } from '../generated/schema';
import { ZERO } from './protocol';

/** The account, as it is known so far. */
export function agent(address: Bytes): Agent {
  const kept = Agent.load(address);
  if (kept != null) return kept;
  const made = new Agent(address);
  made.balance = ZERO;
  made.free = ZERO;
  made.unbonding = ZERO;
  made.unbondingUntil = ZERO;
  made.credit = ZERO;
  made.votes = ZERO;
  made.stakeVotes = ZERO;
  made.posted = 0;
  made.accepted = 0;
  made.paid = 0;
  made.late = 0;
  made.convictions = 0;
  made.challenges = 0;
  made.slashed = ZERO;
  made.missed = 0;
  made.save();
  return made;
}

/** Adds to what an account was paid in a token. */
export function earned(address: Bytes, token: Bytes, amount: BigInt): void {
  const id = address.concat(token);
  let earning = Earning.load(id);
  if (earning == null) {
    earning = new Earning(id);
    earning.agent = agent(address).id;
    earning.token = token;
    earning.amount = ZERO;
  }
  earning.amount = earning.amount.plus(amount);
  earning.save();
}
