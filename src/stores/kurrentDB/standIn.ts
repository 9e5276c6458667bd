/**
 * Runs a method of the client's class with a few members of the client replaced. The method is the class's own, also where
 * the client is wrapped: a wrapper hands out methods that are bound to the client, which sees no replaced member.
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
