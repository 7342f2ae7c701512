import { hexlify, id, toUtf8Bytes } from 'ethers';
import { account, addressOf, type Case, event, NOBODY, START, tell, word } from '../case.ts';

const [owner, buyer, worker, client] = [1, 2, 3, 4].map(account);
const registry = (name: string, params: Record<string, unknown>) => event('IdentityRegistry', name, params);
const reputation = (name: string, params: Record<string, unknown>) => event('ReputationRegistry', name, params);
const validation = (name: string, params: Record<string, unknown>) => event('ValidationRegistry', name, params);
const metadata = (agentId: number, metadataKey: string, metadataValue: string) =>
  registry('MetadataSet', { agentId, indexedMetadataKey: id(metadataKey), metadataKey, metadataValue });
const registered = [
  registry('Registered', { agentId: 7, agentURI: 'ipfs://one', owner }),
  registry('MetadataUpdate', { _tokenId: 7 }),
  metadata(7, 'agentWallet', owner),
  registry('Transfer', { from: NOBODY, to: owner, tokenId: 7 }),
];
const outcome = (batchId: string, kind: number, share: number) =>
  event('Outcomes', 'Recorded', { agentId: 7, account: worker, batchId, outcome: kind, share });

export const identity: Case[] = [
  tell(
    'agents of ERC-8004: owner, wallet, file, metadata',
    [
      registered,
      [
        registry('URIUpdated', { agentId: 7, newURI: 'ipfs://two', updatedBy: owner }),
        metadata(7, 'role', hexlify(toUtf8Bytes('provider'))),
        registry('Approval', { owner, approved: buyer, tokenId: 7 }),
        registry('ApprovalForAll', { owner, operator: client, approved: true }),
      ],
      [
        metadata(7, 'agentWallet', '0x'),
        registry('Transfer', { from: owner, to: buyer, tokenId: 7 }),
        registry('URIUpdated', { agentId: 8, newURI: 'of old', updatedBy: owner }),
      ],
    ],
    {
      'identities(orderBy: number) { id number owner { id } wallet uri registeredAt updatedAt metadata(orderBy: key) { key value } }':
        {
          identities: [
            {
              ...{ id: word(7), number: '7', owner: { id: buyer }, wallet: null, uri: 'ipfs://two' },
              ...{ registeredAt: String(START), updatedAt: String(START + 120) },
              metadata: [
                { key: 'agentWallet', value: '0x' },
                { key: 'role', value: hexlify(toUtf8Bytes('provider')) },
              ],
            },
            {
              ...{ id: word(8), number: '8', owner: null, wallet: null, uri: 'of old' },
              ...{ registeredAt: null, updatedAt: String(START + 120), metadata: [] },
            },
          ],
        },
      'approvals(orderBy: spender) { contract owner spender identity { number } asset { number } all }': {
        approvals: [
          {
            ...{ contract: addressOf('IdentityRegistry'), owner, spender: buyer },
            ...{ identity: { number: '7' }, asset: null, all: null },
          },
          {
            ...{ contract: addressOf('IdentityRegistry'), owner, spender: client },
            ...{ identity: null, asset: null, all: true },
          },
        ],
      },
    },
  ),
  tell('the wallet of an agent', [registered], {
    [`identity(id: "${word(7)}") { wallet owner { id } uri }`]: {
      identity: { wallet: owner, owner: { id: owner }, uri: 'ipfs://one' },
    },
  }),
  tell(
    'outcomes of the accounts that are linked to an agent',
    [
      [
        ...registered,
        event('Outcomes', 'Linked', { agentId: 7, account: worker }),
        event('Outcomes', 'Linked', { agentId: 7, account: owner }),
        event('Claims', 'Submitted', {
          ...{ batchId: word(1), client, executor: worker, subject: word(2), root: word(3) },
          ...{ count: 4, lock: 700, epoch: 2 },
        }),
      ],
      [
        outcome(word(1), 1, 75),
        outcome(word(11), 2, 100),
        outcome(word(12), 3, 0),
        outcome(word(13), 4, 0),
        outcome(word(14), 5, 0),
        event('Outcomes', 'Unlinked', { agentId: 7, account: owner }),
      ],
    ],
    {
      [`identity(id: "${word(7)}") { paid stood late rejected voided accounts { id identity { number } }
        outcomes(orderBy: id) { kind share account { id } batch { id outcome { kind } } time } }`]: {
        identity: {
          ...{ paid: 1, stood: 1, late: 1, rejected: 1, voided: 1 },
          accounts: [{ id: worker, identity: { number: '7' } }],
          outcomes: [
            ['Paid', 75, { id: word(1), outcome: { kind: 'Paid' } }] as const,
            ['Stood', 100, null] as const,
            ['Late', 0, null] as const,
            ['Rejected', 0, null] as const,
            ['Void', 0, null] as const,
          ].map(([kind, share, batch]) => ({
            ...{ kind, share, account: { id: worker }, batch, time: String(START + 60) },
          })),
        },
      },
    },
  ),
  tell(
    'feedback, its responses, and validations',
    [
      [
        ...registered,
        ...[1, 2].map((feedbackIndex) =>
          reputation('NewFeedback', {
            ...{ agentId: 7, clientAddress: client, feedbackIndex, value: '-100', valueDecimals: 2 },
            ...{ indexedTag1: id('rejected'), tag1: 'rejected', tag2: 'job', endpoint: '', feedbackURI: 'ipfs://f' },
            feedbackHash: word(40),
          }),
        ),
        validation('ValidationRequest', {
          ...{ validatorAddress: client, agentId: 7, requestURI: 'ipfs://r', requestHash: word(50) },
        }),
      ],
      [
        reputation('FeedbackRevoked', { agentId: 7, clientAddress: client, feedbackIndex: 2 }),
        reputation('FeedbackRevoked', { agentId: 9, clientAddress: client, feedbackIndex: 2 }),
        ...[1, 8].map((feedbackIndex) =>
          reputation('ResponseAppended', {
            ...{ agentId: 7, clientAddress: client, feedbackIndex, responder: owner, responseURI: 'ipfs://a' },
            responseHash: word(41),
          }),
        ),
        validation('ValidationResponse', {
          ...{ validatorAddress: client, agentId: 7, requestHash: word(50), response: 100, responseURI: '' },
          ...{ responseHash: word(51), tag: 'paid' },
        }),
      ],
    ],
    {
      [`identity(id: "${word(7)}") { feedback(orderBy: index) { client index value decimals tag1 tag2 endpoint uri hash
        isRevoked responses { responder uri hash } }
        validations { id validator requestUri response responseUri responseHash tag requestedAt respondedAt } }`]: {
        identity: {
          feedback: [1, 2].map((index) => ({
            ...{ client, index: String(index), value: '-100', decimals: 2, tag1: 'rejected', tag2: 'job' },
            ...{ endpoint: '', uri: 'ipfs://f', hash: word(40), isRevoked: index === 2 },
            responses: index === 1 ? [{ responder: owner, uri: 'ipfs://a', hash: word(41) }] : [],
          })),
          validations: [
            {
              ...{ id: word(50), validator: client, requestUri: 'ipfs://r', response: 100, responseUri: null },
              ...{ responseHash: word(51), tag: 'paid' },
              ...{ requestedAt: String(START), respondedAt: String(START + 60) },
            },
          ],
        },
      },
      'feedbackResponses { responder }': { feedbackResponses: [{ responder: owner }] },
    },
  ),
];
