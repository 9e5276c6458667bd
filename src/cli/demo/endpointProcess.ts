import { fork } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EndpointReport, FromEndpoints, PerEndpoint, ToEndpoints } from './endpointMessages.js';

/** The demo's handle on the process with the four endpoints. */
export interface EndpointProcess {
  readonly processID: number | undefined;
  readonly ports: PerEndpoint<number>;
  /** Sends the endpoints the keys that sign their calls. */
  useSigningKeys(signingKeys: PerEndpoint<string>): Promise<void>;
  /** Ends the outage of the archive, which starts down. */
  bringArchiveBack(): Promise<void>;
  /** The counts of each endpoint so far. */
  report(): Promise<PerEndpoint<EndpointReport>>;
  stop(): Promise<void>;
}

export async function startEndpoints(): Promise<EndpointProcess> {
  // The program beside this file, as TypeScript or built.
  const program = `demoEndpoints${extname(import.meta.url)}`;
  const child = fork(fileURLToPath(new URL(program, import.meta.url)));
  const exited = once(child, 'exit');
  const next = async (): Promise<FromEndpoints> => {
    const answer = once(child, 'message').then(([message]: FromEndpoints[]) => message);
    const message = await Promise.race([answer, exited]);
    if (message === undefined || Array.isArray(message))
      throw new Error('the endpoint process ended unexpectedly');
    return message;
  };
  const ask = (message: ToEndpoints): Promise<FromEndpoints> => {
    const answer = next();
    child.send(message);
    return answer;
  };

  const started = await next();
  if (!('ports' in started)) throw new Error('the endpoint process did not name its ports');
  return {
    processID: child.pid,
    ports: started.ports,
    useSigningKeys: async (signingKeys) => {
      await ask({ signingKeys });
    },
    bringArchiveBack: async () => {
      await ask({ archiveIsBack: true });
    },
    report: async () => {
      const answer = await ask({ reportNow: true });
      if (!('reports' in answer)) throw new Error('the endpoint process did not report');
      return answer.reports;
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
