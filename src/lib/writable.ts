/** The same members, to be set one after another while a value is put together. */
export type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };
