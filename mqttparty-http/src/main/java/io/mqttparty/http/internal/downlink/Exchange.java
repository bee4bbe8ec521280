package io.mqttparty.http.internal.downlink;

import io.mqttparty.http.spi.DownlinkCounter;
import io.mqttparty.http.spi.DownlinkResponse;
import io.mqttparty.model.Payload;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request that was admitted and waits for its body, or for its answer. Any thread may call it. */
public final class Exchange {
    private final Downlink downlink;
    private final Call call;
    private final int bodyBytes;
    private final boolean counted;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Exchange(Downlink downlink, Call call, int bodyBytes, boolean counted) {
        this.downlink = downlink;
        this.call = call;
        this.bodyBytes = bodyBytes;
        this.counted = counted;
    }

    /** The largest body. */
    public int bodyBytes() {
        return bodyBytes;
    }

    /** The answer to a body that is larger. */
    public DownlinkResponse tooLarge() {
        return downlink.answered(downlink.tooLarge(bodyBytes));
    }

    /** Does what is asked for. The future never fails, unless it is cancelled: then the caller has gone. Called once. */
    public CompletableFuture<DownlinkResponse> run(Payload body) {
        CompletableFuture<DownlinkResponse> answer = new CompletableFuture<>();
        CompletableFuture<DownlinkResponse> running = begin(body);
        Futures.cancels(answer, running);
        var unused = running.whenComplete((response, failure) -> {
            end();
            if (!answer.isDone()) {
                answer.complete(downlink.answered(failure == null ? response : downlink.failed(failure)));
            }
        });
        var unusedGone = answer.whenComplete((response, failure) -> {
            if (answer.isCancelled()) {
                downlink.count(DownlinkCounter.CALLERS_GONE);
            }
        });
        return answer;
    }

    private CompletableFuture<DownlinkResponse> begin(Payload body) {
        try {
            return call.run(body);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The body will not come. */
    public void drop() {
        end();
    }

    private void end() {
        if (counted && open.compareAndSet(true, false)) {
            downlink.ended();
        }
    }
}
