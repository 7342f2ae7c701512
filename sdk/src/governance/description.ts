import { EssaimError } from '@essaim/protocol';
import { getAddress } from 'ethers';

/** What a proposal says of itself. */
export interface Said {
  /** One line. */
  title: string;
  /** Why, in Markdown. */
  text?: string;
  /** Where more stands: https or ipfs. */
  links?: readonly string[];
}

const OWNED = /\n*#proposer=0x[0-9a-fA-F]{40}$/;

/**
 * The description that stands on the chain, in Markdown. It ends with the proposer's address, which the governor reads:
 * nobody else can send the same proposal first and cancel it. PROPOSAL_TITLE, PROPOSAL_LINK
 */
export function describeProposal({ title, text = '', links = [] }: Said, proposer: string): string {
  if (title.trim() === '' || title.includes('\n')) {
    const help = 'give one line that says what changes';
    throw new EssaimError('PROPOSAL_TITLE', 'a proposal needs a title of one line', { help });
  }
  const broken = links.find((link) => !/^(https:\/\/|ipfs:\/\/)\S+$/.test(link));
  if (broken !== undefined) {
    throw new EssaimError('PROPOSAL_LINK', `"${broken}" is no link that voters can open`, {
      help: 'give https://… or ipfs://… without spaces',
      details: { link: broken },
    });
  }
  const list = links.map((link) => `- <${link}>`).join('\n');
  const parts = [`# ${title.trim()}`, text.trim(), list, `#proposer=${getAddress(proposer)}`];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The first line of a description, without its mark; `(no title)` where there is none. */
export const titleOf = (description: string): string =>
  textOf(description)
    .split('\n')[0]
    .replace(/^#+\s*/, '')
    .trim() || '(no title)';

/** A description without the line that is for the governor. */
export const textOf = (description: string): string => description.replace(OWNED, '');
