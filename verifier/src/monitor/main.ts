#!/usr/bin/env node
import { connectTo, need, Program, runKeyless } from '@essaim/daemon';
import { type Failure, watch } from '@essaim/sdk/node';
import { ALARMS, AlarmBell } from './alarms.ts';
import { Monitor } from './monitor.ts';
import { MONITOR } from './options.ts';

await new Program(MONITOR)
  .addInit()
  .add('check', 'look once: print every alarm, and end with 1 if there is one', async (options, secrets) => {
    const essaim = await connectTo(need(options, MONITOR.prefix, 'rpc', 'deployment', 'storage'));
    const { looked, alarms } = await new Monitor(essaim, options).look().finally(() => essaim.close());
    for (const { alarm, message } of alarms) console.log(secrets.hide(`ALARM  ${alarm.padEnd(9)}  ${message}`));
    console.log(alarms.length === 0 ? `no alarm; looked at: ${looked.join(', ')}` : `${alarms.length} alarms`);
    if (alarms.length > 0) process.exitCode = 1;
  })
  .add('run', 'look again and again, and tell when an alarm begins and when it is over', (options, secrets) =>
    runKeyless(MONITOR, options, secrets, async ({ essaim, say, metrics, part }) => {
      const monitor = new Monitor(essaim, options);
      const bell = new AlarmBell(say);
      const ring = (...found: Parameters<AlarmBell['ring']>): void => {
        bell.ring(...found);
        for (const alarm of ALARMS) metrics.set('essaim_alarms', bell.count(alarm), { alarm });
      };
      const tell = (failure: Failure): void => {
        ring(['blind'], [{ alarm: 'blind', about: 'chain', message: failure.message }]);
        say({ event: 'chain', ...failure });
      };
      const cycle = async (): Promise<void> => {
        const { looked, alarms } = await monitor.look();
        ring([...looked, 'blind'], alarms);
      };
      await part('looks', (signal) => watch(cycle, essaim.pollingInterval, signal, tell));
    }),
  )
  .main();
