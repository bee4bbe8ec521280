package io.mqttparty.http.internal.server;

import io.mqttparty.http.internal.downlink.Admission;
import io.mqttparty.http.internal.downlink.Exchange;
import io.mqttparty.http.internal.downlink.Problem;
import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkRequest;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection: one request after the other, each answered before the next is looked at. Confined to its event loop. What comes meanwhile waits in
 * an inbox, and the socket is read only while that is empty: it holds no more than one read brings. So the end of the peer is noticed while a
 * request runs.
 *
 * <pre>
 * state     | input                     | next      | effect
 * ----------|---------------------------|-----------|--------------------------------------------
 * IDLE      | head                      | ADMITTING | ask for admission
 * IDLE      | head that breaks a rule   | CLOSED    | the problem
 * IDLE      | silence                   | CLOSED    |
 * ADMITTING | admitted                  | BODY      | 100 if it is expected
 * ADMITTING | refused                   | REFUSED   |
 * ADMITTING | refused, body not worth it| CLOSED    | the refusal
 * BODY      | last piece                | RUNNING   | run
 * BODY      | too much                  | CLOSED    | 413
 * REFUSED   | last piece                | WRITING   | the refusal
 * RUNNING   | answer                    | WRITING   | write it
 * WRITING   | written                   | IDLE      | or close
 * any       | time is over              | CLOSED    | 408 before, if a request is on its way
 * any       | the peer has closed       | CLOSED    | drop the call
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // Of writes whose failure closes the channel, and of timers.
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private enum State {
        IDLE,
        ADMITTING,
        BODY,
        REFUSED,
        RUNNING,
        WRITING,
        CLOSED
    }

    private final HttpServer server;
    private final TimeLimit time = new TimeLimit();
    private final Deque<HttpObject> inbox = new ArrayDeque<>(4);
    private State state = State.IDLE;
    private boolean requestBegun;
    private boolean isUsed;
    private boolean keepAlive = true;
    private boolean isHead;
    private volatile @Nullable ChannelHandlerContext context;
    private @Nullable Exchange exchange;
    private @Nullable BodyReader body;
    private @Nullable DownlinkResponse refusal;
    private @Nullable CompletableFuture<DownlinkResponse> running;

    HttpConnection(HttpServer server) {
        this.server = server;
    }

    // ---- what happens ----

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        idle(ctx);
    }

    /** Bytes came, before they are decoded. */
    void onBytes() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && state == State.IDLE && !requestBegun) {
            requestBegun = true;
            time.set(ctx, server.settings().requestTime(), () -> onLate(ctx));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inbox.add((HttpObject) message);
        consume(ctx);
    }

    /** Looks at what has come as far as its turn is there, and reads more if nothing is left. */
    private void consume(ChannelHandlerContext ctx) {
        while (!inbox.isEmpty() && isItsTurn()) {
            HttpObject message = inbox.remove();
            try {
                if (message instanceof HttpRequest head && state == State.IDLE) {
                    begin(ctx, head);
                } else if (message instanceof HttpContent piece) {
                    onPiece(ctx, piece);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
        ctx.channel().config().setAutoRead(inbox.isEmpty());
    }

    private boolean isItsTurn() {
        return state != State.ADMITTING && state != State.RUNNING && state != State.WRITING;
    }

    private void onPiece(ChannelHandlerContext ctx, HttpContent piece) {
        if (state != State.BODY && state != State.REFUSED) {
            return;
        }
        if (piece.decoderResult().isFailure()) {
            server.count(DownlinkCounter.MALFORMED_REQUESTS);
            reject(ctx, Problem.BAD_REQUEST.response("this is no body of HTTP/1.1"));
        } else if (!collect(ctx, piece) || !(piece instanceof LastHttpContent)) {
            return;
        } else if (state == State.REFUSED && refusal != null) {
            write(ctx, refusal);
        } else if (exchange != null && body != null) {
            run(ctx, exchange, body.payload());
        }
    }

    private boolean collect(ChannelHandlerContext ctx, HttpContent piece) {
        if (body == null || body.add(piece.content())) {
            return true;
        }
        if (state == State.REFUSED && refusal != null) {
            reject(ctx, refusal);
        } else if (exchange != null) {
            reject(ctx, exchange.tooLarge());
        }
        return false;
    }

    private void onLate(ChannelHandlerContext ctx) {
        if (state == State.IDLE && !requestBegun) {
            close(ctx);
        } else if (state == State.WRITING) {
            server.count(DownlinkCounter.RESPONSE_TIMEOUTS);
            close(ctx);
        } else {
            server.count(DownlinkCounter.REQUEST_TIMEOUTS);
            reject(ctx, Problem.REQUEST_TIMEOUT.response("the request did not come in time"));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        close(ctx);
    }

    // ---- one request ----

    private void idle(ChannelHandlerContext ctx) {
        state = State.IDLE;
        requestBegun = false;
        isHead = false;
        exchange = null;
        body = null;
        refusal = null;
        running = null;
        if (server.isStopping()) {
            close(ctx);
        } else {
            time.set(
                    ctx,
                    isUsed ? server.settings().idleTime() : server.settings().requestTime(),
                    () -> onLate(ctx));
            consume(ctx);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        state = State.ADMITTING;
        isUsed = true;
        time.set(ctx, server.settings().requestTime(), () -> onLate(ctx));
        keepAlive = HeadRules.isOneDotOne(head) && HttpUtil.isKeepAlive(head);
        isHead = head.method().equals(HttpMethod.HEAD);
        var violation = HeadRules.violation(head);
        if (violation.isPresent()) {
            server.count(DownlinkCounter.MALFORMED_REQUESTS);
            reject(ctx, violation.get());
            return;
        }
        CompletableFuture<Admission> admission = server.downlink().admit(request(head));
        if (admission.isDone()) {
            onAdmission(ctx, head, admission.join());
        } else {
            admission.thenAccept(decided -> server.execute(
                    ctx,
                    () -> onAdmission(ctx, head, decided),
                    () -> decided.exchange().drop()));
        }
    }

    private static DownlinkRequest request(HttpRequest head) {
        HttpHeaders headers = head.headers();
        Map<String, List<String>> all = headers.names().stream()
                .collect(Collectors.toMap(name -> name, headers::getAll, (first, same) -> first));
        return DownlinkRequest.of(head.method().name(), HeadRules.target(head), all, Payload.EMPTY);
    }

    private void onAdmission(ChannelHandlerContext ctx, HttpRequest head, Admission admission) {
        Exchange admitted = admission.exchange();
        if (state != State.ADMITTING) {
            admitted.drop();
            return;
        }
        exchange = admitted;
        boolean isRefused = admission.refusal().isPresent();
        int limit = isRefused ? server.refusedBodyBytes() : admitted.bodyBytes();
        String expectation = head.headers().get(HttpHeaderNames.EXPECT);
        boolean expectsContinue = "100-continue".equalsIgnoreCase(expectation) && HeadRules.isOneDotOne(head);
        boolean tooLarge = HttpUtil.getContentLength(head, 0L) > limit;
        if (isRefused && (tooLarge || expectsContinue)) {
            reject(ctx, admission.refusal().get());
        } else if (tooLarge) {
            reject(ctx, admitted.tooLarge());
        } else if (expectation != null && !expectsContinue && HeadRules.isOneDotOne(head)) {
            reject(ctx, Problem.EXPECTATION_FAILED.response("Expect: another one (expected: 100-continue)"));
        } else {
            refusal = admission.refusal().orElse(null);
            state = refusal == null ? State.BODY : State.REFUSED;
            body = isRefused ? BodyReader.forgetting(limit) : BodyReader.keeping(limit);
            if (expectsContinue) {
                ctx.writeAndFlush(Responses.CONTINUE.retainedDuplicate());
            }
            consume(ctx);
        }
    }

    private void run(ChannelHandlerContext ctx, Exchange admitted, Payload payload) {
        state = State.RUNNING;
        time.stop();
        body = null;
        CompletableFuture<DownlinkResponse> answer = admitted.run(payload);
        running = answer;
        if (answer.isDone()) {
            write(ctx, answer.join());
            return;
        }
        answer.thenAccept(response -> server.execute(ctx, () -> onAnswer(ctx, response), () -> {}));
    }

    private void onAnswer(ChannelHandlerContext ctx, DownlinkResponse response) {
        if (state == State.RUNNING) {
            write(ctx, response);
        }
    }

    // ---- answers ----

    private void write(ChannelHandlerContext ctx, DownlinkResponse response) {
        state = State.WRITING;
        time.set(ctx, server.settings().requestTime(), () -> onLate(ctx));
        boolean isLast = !keepAlive || server.isStopping();
        ctx.writeAndFlush(Responses.of(response, isLast, isHead)).addListener(written -> {
            if (!written.isSuccess() || isLast) {
                close(ctx);
            } else if (state == State.WRITING) {
                idle(ctx);
            }
        });
    }

    /** Answers before the request has been read, and closes the connection: what follows is not read any more. */
    private void reject(ChannelHandlerContext ctx, DownlinkResponse response) {
        drop();
        state = State.CLOSED;
        time.set(ctx, server.settings().requestTime(), ctx::close); // the peer may not read it
        ctx.writeAndFlush(Responses.of(response, true, isHead)).addListener(written -> LingeringClose.begin(ctx));
    }

    // ---- the end ----

    /** Runs a task on the loop of the connection, as long as there is one. */
    void onLoop(Runnable task) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            server.execute(ctx, task, () -> {});
        }
    }

    /** The server stops: who waits for nothing goes at once, and the others once they are answered. */
    void stop() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && state == State.IDLE) {
            close(ctx);
        }
    }

    /** The server has waited long enough for what runs. */
    void stopNow() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || state == State.CLOSED) {
            return;
        }
        if (state == State.WRITING) {
            close(ctx);
        } else {
            reject(ctx, Problem.UNAVAILABLE.response("the broker is closing"));
        }
    }

    private void close(ChannelHandlerContext ctx) {
        end();
        ctx.close();
    }

    private void end() {
        inbox.forEach(ReferenceCountUtil::release);
        inbox.clear();
        drop();
        state = State.CLOSED;
        time.stop();
    }

    /** Nobody waits for the answer any more. */
    private void drop() {
        if (running != null) {
            running.cancel(false);
        } else if (exchange != null) {
            exchange.drop();
        }
    }

    /** The one time limit that holds at a time. */
    private static final class TimeLimit {
        private @Nullable Future<?> timer;

        void set(ChannelHandlerContext ctx, Duration limit, Runnable onLate) {
            stop();
            timer = ctx.executor().schedule(onLate, limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        void stop() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }
    }
}
