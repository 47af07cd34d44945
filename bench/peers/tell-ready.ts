/** Tells the bench that both platforms are connected, by the line that it waits for. */
export function tellReady(): void {
  process.stdout.write("The peer is ready.\n");
}

/** A variable of the environment that the bench always sets. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
}
