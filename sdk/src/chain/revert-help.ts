export { revertHelp } from '../generated/revert-help.ts';
