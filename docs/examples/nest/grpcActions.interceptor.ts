// #region interceptor
import type { Metadata } from '@grpc/grpc-js';
import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';
import { isActionsError, type Actions } from 'eventstore-actions';
import { catchError, concatMap, defer, Observable, throwError } from 'rxjs';
import { ACTIONS } from './actions.module';

type Arrived = [message: object, metadata: Metadata, call: { getPath(): string }];

/** Nest sets a gRPC status for its own errors only. */
const asRpc = (error: unknown): unknown =>
  isActionsError(error) ? new RpcException({ code: error.grpcCode, message: error.message }) : error;

/** Fires `request/<service>/<method>` before a handler of gRPC runs, and `response/...` for each message of its answer. */
@Injectable()
export class GrpcActionsInterceptor implements NestInterceptor {
  constructor(@Inject(ACTIONS) private readonly actions: Actions) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<unknown> {
    const arrived = context.getArgs<Arrived>();
    const [, metadata, call] = arrived;
    const method = call.getPath();
    const judged = defer(() => this.judgedRequest(method, arrived)).pipe(
      concatMap(() => next.handle()),
      concatMap((answer) => this.actions.response(method, arrived[0], answer)),
    );
    const header = (name: string): string | undefined => metadata.get(name)[0]?.toString();
    // The caller, and the number of endpoints between the first operation and this call.
    const caller = { userID: header('x-user'), depth: Number(header('actions-depth') ?? 0) };
    return new Observable((subscriber) =>
      this.actions.runAs(caller, () => judged.subscribe(subscriber)),
    ).pipe(catchError((error: unknown) => throwError(() => asRpc(error))));
  }

  /** The handler receives the message as amended by the targets. */
  private async judgedRequest(method: string, arrived: Arrived): Promise<void> {
    arrived[0] = (await this.actions.request(method, arrived[0])) ?? {};
  }
}
// #endregion interceptor
