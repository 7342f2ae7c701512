import { account, addressOf, type Case, event, NOBODY, START, tell, word } from '../case.ts';

const [owner, buyer, token, shares, issuer] = [1, 2, 9, 5, 6].map(account);
const model = (id: number) => event('ModelRegistry', 'Registered', { model: id, owner, token, price: '40' });
const dataset = event('DatasetRegistry', 'Registered', { dataset: 70, owner, typesHash: word(71), token, price: '5' });

export const assets: Case[] = [
  tell(
    'models: programs, price, owner, and the run that made one',
    [
      [event('ModelRegistry', 'Transfer', { from: NOBODY, to: owner, tokenId: 60 }), model(60)],
      [
        event('ModelRegistry', 'ProgramAdded', { model: 60, programId: word(61), manifest: word(62) }),
        event('ModelRegistry', 'Priced', { model: 60, token: NOBODY, price: '41' }),
        event('ModelRegistry', 'Trained', { model: 60, runId: word(63), owner, manifest: word(64), shares }),
        event('ModelRegistry', 'Transfer', { from: owner, to: buyer, tokenId: 60 }),
        event('ModelRegistry', 'Approval', { owner: buyer, approved: owner, tokenId: 60 }),
        event('ModelRegistry', 'ApprovalForAll', { owner: buyer, operator: issuer, approved: true }),
      ],
    ],
    {
      [`model(id: "${word(60)}") { number owner { id } token price manifest createdAt asset { kind owner { id } }
        programs { program { id } manifest } }`]: {
        model: {
          number: '60',
          owner: { id: buyer },
          token: NOBODY,
          price: '41',
          manifest: word(64),
          createdAt: String(START),
          asset: { kind: 'Model', owner: { id: buyer } },
          programs: [{ program: { id: word(61) }, manifest: word(62) }],
        },
      },
      'approvals(orderBy: spender) { owner spender asset { number } all contract }': {
        approvals: [
          { owner: buyer, spender: owner, asset: { number: '60' }, all: null, contract: addressOf('ModelRegistry') },
          { owner: buyer, spender: issuer, asset: null, all: true, contract: addressOf('ModelRegistry') },
        ],
      },
      'protocol(id: "0x00") { models }': { protocol: { models: 1 } },
    },
  ),
  tell(
    'data sets and their versions',
    [
      [event('DatasetRegistry', 'Transfer', { from: NOBODY, to: owner, tokenId: 70 }), dataset],
      [
        event('DatasetRegistry', 'VersionAdded', {
          dataset: 70,
          version: 1,
          columnsRoot: word(72),
          rows: 100,
          manifest: word(73),
        }),
        event('DatasetRegistry', 'VersionAdded', {
          dataset: 70,
          version: 2,
          columnsRoot: word(74),
          rows: 150,
          manifest: word(75),
        }),
        event('DatasetRegistry', 'Priced', { dataset: 70, token, price: '6' }),
        event('DatasetRegistry', 'Approval', { owner, approved: buyer, tokenId: 70 }),
        event('DatasetRegistry', 'ApprovalForAll', { owner, operator: issuer, approved: false }),
        event('DatasetRegistry', 'Transfer', { from: owner, to: buyer, tokenId: 70 }),
      ],
    ],
    {
      'datasets { number owner { id } typesHash price rows versions(orderBy: version) { version rows columnsRoot manifest } }':
        {
          datasets: [
            {
              number: '70',
              owner: { id: buyer },
              typesHash: word(71),
              price: '6',
              rows: '150',
              versions: [
                { version: 1, rows: '100', columnsRoot: word(72), manifest: word(73) },
                { version: 2, rows: '150', columnsRoot: word(74), manifest: word(75) },
              ],
            },
          ],
        },
      'approvals(orderBy: spender) { spender all asset { id } }': {
        approvals: [
          { spender: NOBODY, all: false, asset: null },
          { spender: buyer, all: null, asset: { id: word(70) } },
        ],
      },
    },
  ),
  tell(
    'revenue, lineage, shares and their holders',
    [
      [
        model(60),
        dataset,
        event('Royalties', 'Descended', { asset: 60, parent: 70, version: 2, bps: 1_000 }),
        event('Royalties', 'Shared', { asset: 60, shares, issuer }),
      ],
      [
        event('Shares', 'Transfer', { from: NOBODY, to: owner, value: '100' }, shares),
        event('Shares', 'Transfer', { from: owner, to: buyer, value: '40' }, shares),
        event('Shares', 'Admitted', { token }, shares),
        event('Shares', 'Approval', { owner, spender: buyer, value: '3' }, shares),
        event('Royalties', 'Received', { token, asset: 60, from: account(7), amount: '500' }),
        event('Royalties', 'Drawn', { token, asset: 60, parent: 70, amount: '50' }),
        event('Royalties', 'Paid', { token, asset: 60, account: buyer, amount: '180' }),
        event('Shares', 'Claimed', { token, holder: buyer, amount: '180' }, shares),
      ],
    ],
    {
      [`model(id: "${word(60)}") { asset {
        parents { parent { number dataset { rows } } version bps }
        shares { supply holders tokens issuer holdings(orderBy: balance) { holder { id } balance claims { amount } } }
        revenues { token received given drawn paid }
        payments(orderBy: amount) { kind account amount } } }`]: {
        model: {
          asset: {
            parents: [{ parent: { number: '70', dataset: { rows: '0' } }, version: 2, bps: 1000 }],
            shares: {
              supply: '100',
              holders: 2,
              tokens: [token],
              issuer,
              holdings: [
                { holder: { id: buyer }, balance: '40', claims: [{ amount: '180' }] },
                { holder: { id: owner }, balance: '60', claims: [] },
              ],
            },
            revenues: [{ token, received: '500', given: '50', drawn: '0', paid: '180' }],
            payments: [
              { kind: 'Drawn', account: word(70), amount: '50' },
              { kind: 'Paid', account: buyer, amount: '180' },
              { kind: 'Received', account: account(7), amount: '500' },
            ],
          },
        },
      },
      [`asset(id: "${word(70)}") { children { asset { number } bps } revenues { drawn } }`]: {
        asset: { children: [{ asset: { number: '60' }, bps: 1000 }], revenues: [{ drawn: '50' }] },
      },
      'earnings { agent { id } amount }': { earnings: [{ agent: { id: buyer }, amount: '180' }] },
      'approvals { contract spender amount }': { approvals: [{ contract: shares, spender: buyer, amount: '3' }] },
    },
  ),
];
