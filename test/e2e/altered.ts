/** An object with some of its members replaced; its methods keep their own `this`. */
export function altered<T extends object>(target: T, changes: Partial<Record<keyof T, unknown>>): T {
  return new Proxy(target, {
    get(own, name) {
      if (name in changes) return changes[name as keyof T];
      const value = Reflect.get(own, name);
      return typeof value === 'function' ? value.bind(own) : value;
    },
  });
}
