import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('the API’s documentation', () => {
  it('is made from the comments without a warning: every link leads somewhere', async () => {
    await promisify(execFile)('typedoc', ['--options', 'sdk/typedoc.json', '--emit', 'none', '--disableSources']).catch(
      ({ stdout, stderr }) => {
        throw new Error(`${stdout}${stderr}`);
      },
    );
  }).timeout(120_000);
});
