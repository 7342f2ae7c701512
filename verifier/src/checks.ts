import {
  balanceCheck,
  type Check,
  chainCheck,
  clockCheck,
  connectTo,
  contractsCheck,
  diskCheck,
  endpointsCheck,
  folderOf,
  type Identity,
  judgesCheck,
  need,
  ok,
  requireAccount,
  runChecks,
  type Secrets,
  storageCheck,
  wrong,
} from '@essaim/daemon';
import type { Essaim } from '@essaim/sdk';
import { formatEther } from 'ethers';
import type { VerifierSettings, verifierTable } from './options.ts';

/** Says what is wrong with a verifier's surroundings; false if anything is. */
export async function checkVerifier(
  { prefix }: Identity<typeof verifierTable>,
  options: VerifierSettings,
  secrets: Secrets,
): Promise<boolean> {
  const values = need(options, prefix, 'rpc', 'deployment', 'storage');
  const address = values.mode === 'watch' ? undefined : (await requireAccount(values, secrets)).address;
  const essaim = await connectTo(values);
  try {
    const checks = [
      chainCheck(essaim),
      endpointsCheck(values, essaim.deployment.chainId),
      contractsCheck(essaim),
      judgesCheck(essaim),
      clockCheck([...values.rpc, values.storage], essaim.provider),
      storageCheck(essaim.storage),
      diskCheck(folderOf(values.data)),
      ...(address ? [balanceCheck(essaim, address)] : []),
      ...(address && (values.audits || values.assignedOnly) ? [seatCheck(essaim, address)] : []),
    ];
    return await runChecks(checks, secrets);
  } finally {
    essaim.close();
  }
}

/** Whether the account has a seat among the auditors, and stake that backs it. */
const seatCheck = (essaim: Essaim, address: string): Check => ({
  name: 'seat',
  async run() {
    const [seat, { tokens, locked }] = await Promise.all([
      essaim.audits.seat(address),
      essaim.staking.provision(address, 'audits'),
    ]);
    const stake = `${formatEther(tokens)} MIEL, ${formatEther(locked)} of it locked`;
    return seat
      ? ok(`seat ${JSON.stringify(seat, (_, value) => (typeof value === 'bigint' ? String(value) : value))}, ${stake}`)
      : wrong(`no auditor’s seat; ${stake}`, 'take one: essaim-verifier enroll');
  },
});
