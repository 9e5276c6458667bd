// #region module
import {
  type CallHandler,
  type ExecutionContext,
  Global,
  HttpException,
  Inject,
  Injectable,
  Module,
} from '@nestjs/common';
import type { NestInterceptor, OnApplicationShutdown } from '@nestjs/common';
import {
  createActions,
  isActionsError,
  memoryEventStore,
  type Actions,
  type EventStore,
} from 'eventstore-actions';
import { from, lastValueFrom, type Observable } from 'rxjs';

export const ACTIONS = Symbol('actions');
/** The store for the application's appends, with the targets in front. */
export const EVENT_STORE = Symbol('event store');

const eventStore = memoryEventStore();

@Global()
@Module({
  providers: [
    {
      provide: ACTIONS,
      useFactory: (): Promise<Actions> =>
        createActions({ eventStore, keyring: 'plaintext', network: { allow: ['127.0.0.1/32'] } }),
    },
    {
      provide: EVENT_STORE,
      useFactory: (actions: Actions): EventStore => actions.intercept(eventStore),
      inject: [ACTIONS],
    },
  ],
  exports: [ACTIONS, EVENT_STORE],
})
export class ActionsModule implements OnApplicationShutdown {
  constructor(@Inject(ACTIONS) private readonly actions: Actions) {}

  onApplicationShutdown(): Promise<void> {
    return this.actions.close();
  }
}
// #endregion module

// #region interceptor
interface HttpRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  body: object | undefined;
}

/** Fires `request/<Controller>/<handler>` before a handler of HTTP runs, and `response/...` before its answer is sent. */
@Injectable()
export class ActionsInterceptor implements NestInterceptor {
  constructor(@Inject(ACTIONS) private readonly actions: Actions) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return from(this.judged(context, next));
  }

  private async judged(context: ExecutionContext, next: CallHandler): Promise<unknown> {
    const method = `/${context.getClass().name}/${context.getHandler().name}`;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    // The caller, and the number of endpoints between the first operation and this call.
    const caller = {
      userID: request.headers['x-user'],
      depth: Number(request.headers['actions-depth'] ?? 0),
    };
    try {
      return await this.actions.runAs(caller, async () => {
        const body = await this.actions.request(method, request.body ?? null);
        request.body = body ?? undefined;
        const answer: unknown = await lastValueFrom(next.handle(), { defaultValue: null });
        return this.actions.response(method, body, answer as object | null);
      });
    } catch (error) {
      // Nest answers 500 for errors that are not its own.
      if (isActionsError(error)) throw new HttpException(error.message, error.status, { cause: error });
      throw error;
    }
  }
}
// #endregion interceptor
