import { Approval, DelegateChanged, DelegateVotesChanged, Transfer } from '../generated/MielToken/MielToken';
import { Transfer as Moved } from '../generated/schema';
import { agent } from './agents';
import { allowed } from './approvals';
import { eventId, NOBODY, protocol } from './protocol';

export function mielTokenTransfer(event: Transfer): void {
  const at = event.params;
  if (at.from == NOBODY || at.to == NOBODY) {
    const sums = protocol();
    sums.miel = event.address;
    sums.supply = at.from == NOBODY ? sums.supply.plus(at.value) : sums.supply.minus(at.value);
    sums.save();
  }
  if (at.from != NOBODY) {
    const from = agent(at.from);
    from.balance = from.balance.minus(at.value);
    from.save();
  }
  if (at.to != NOBODY) {
    const to = agent(at.to);
    to.balance = to.balance.plus(at.value);
    to.save();
  }
  const moved = new Moved(eventId(event));
  moved.token = event.address;
  moved.from = at.from;
  moved.to = at.to;
  moved.amount = at.value;
  moved.block = event.block.number;
  moved.time = event.block.timestamp;
  moved.transaction = event.transaction.hash;
  moved.save();
}

export function mielTokenApproval(event: Approval): void {
  allowed(event, event.params.owner, event.params.spender, event.params.value);
}

export function mielTokenDelegateChanged(event: DelegateChanged): void {
  const delegator = agent(event.params.delegator);
  delegator.delegate = event.params.toDelegate;
  delegator.save();
}

export function mielTokenDelegateVotesChanged(event: DelegateVotesChanged): void {
  const delegate = agent(event.params.delegate);
  delegate.votes = event.params.newVotes;
  delegate.save();
}
