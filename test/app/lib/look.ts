import { expectAccessible } from './axe.ts';
import { screenshot } from './screens.ts';
import { type Visit, type VisitOptions, visit } from './visit.ts';

const LOOKS: Record<string, Pick<VisitOptions, 'theme' | 'phone'>> = {
  light: { theme: 'light' },
  dark: { theme: 'dark' },
  phone: { theme: 'light', phone: true },
};

/** Looks at a page light, dark and at a phone's width: axe finds nothing wrong, it does not scroll sideways, and it is pictured. */
export async function look(
  name: string,
  path: string,
  ready: (me: Visit) => Promise<unknown>,
  options: VisitOptions = {},
): Promise<void> {
  for (const [kind, how] of Object.entries(LOOKS)) {
    const me = await visit({ ...options, ...how });
    try {
      await me.go(path);
      await ready(me);
      await expectAccessible(me.page);
      const sideways = await me.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (sideways > 0) throw new Error(`${name} is ${sideways} pixels too wide (${kind})`);
      await screenshot(me.page, `${name}-${kind}`);
    } finally {
      await me.close();
    }
  }
}
