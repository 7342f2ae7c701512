import type { SendOptions } from '@essaim/sdk';
import {
  type ContractTransaction,
  type Provider,
  type TransactionReceipt,
  type TransactionRequest,
  Wallet,
} from 'ethers';
import type { Sender } from './sender.ts';

/** A wallet whose transactions a sender brings into blocks. */
export class DeliveringSigner extends Wallet {
  #sender?: Sender;

  /** The same account, with a provider. */
  connected(provider: Provider): DeliveringSigner {
    return new DeliveringSigner(this.privateKey, provider);
  }

  /** Who delivers from now on. */
  deliverBy(sender: Sender): void {
    this.#sender = sender;
  }

  /** Has a call in a block, once. */
  deliver(call: ContractTransaction, doing: string, options: SendOptions): Promise<TransactionReceipt> {
    return this.#sender!.deliver(call, doing, options);
  }

  override async sendTransaction(request: TransactionRequest) {
    const gasLimit = request.gasLimit ?? ((await this.estimateGas(request)) * 5n) / 4n;
    const { hash } = await this.deliver({ ...request, gasLimit } as ContractTransaction, 'a transaction', {});
    return (await this.provider!.getTransaction(hash))!;
  }
}
