/**
 * Runs a method of the client's class with some members of the client replaced. The method is taken from the class: a
 * wrapped client returns methods that are bound to the client, and would not use the replaced members.
 */
export function onStandIn(
  client: object,
  method: string,
  replaced: Readonly<Record<string, unknown>>,
  ...values: readonly unknown[]
): unknown {
  const stand = Object.create(
    client,
    Object.fromEntries(Object.entries(replaced).map(([member, value]) => [member, { value }])),
  ) as object;
  const own = Reflect.get(Object(Reflect.getPrototypeOf(client)), method) as (...given: unknown[]) => unknown;
  return Reflect.apply(own, stand, values);
}
