import { expect } from 'chai';
import { type Alarm, AlarmBell, type AlarmEvent } from '../src/monitor/alarms.ts';

describe('the bell of a monitor', () => {
  const stake: Alarm = { alarm: 'stake', about: 'alice jobs', message: 'little' };
  const judges: Alarm = { alarm: 'judges', about: 'registry', message: 'strange' };

  it('rings once when an alarm begins, and tells once when it is over', () => {
    const heard: AlarmEvent[] = [];
    const bell = new AlarmBell((event) => heard.push(event));
    bell.ring(['stake'], [stake]);
    bell.ring(['stake'], [{ ...stake, message: 'less' }]);
    expect(heard).to.deep.equal([{ event: 'alarm', ...stake }]);
    expect(bell.count('stake')).to.equal(1);
    bell.ring(['stake'], []);
    bell.ring(['stake'], []);
    expect(heard.slice(1)).to.deep.equal([{ event: 'alarm-over', alarm: 'stake', about: 'alice jobs' }]);
    expect(bell.count('stake')).to.equal(0);
  });

  it('keeps an alarm that was not looked for', () => {
    const heard: AlarmEvent[] = [];
    const bell = new AlarmBell((event) => heard.push(event));
    bell.ring(['stake', 'judges'], [stake, judges]);
    bell.ring(['stake'], []);
    expect(heard.at(-1)).to.deep.equal({ event: 'alarm-over', alarm: 'stake', about: 'alice jobs' });
    expect(bell.count('judges')).to.equal(1);
  });
});
