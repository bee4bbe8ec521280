package io.mqttparty.testkit.contract;

import org.junit.jupiter.api.Nested;

/** The contract of {@link io.mqttparty.spi.SessionStore}. */
public abstract class SessionStoreContract extends BackendContract {
    @Nested
    final class Attaching extends AttachCases {
        Attaching() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Ownership extends OwnershipCases {
        Ownership() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Fences extends FenceCases {
        Fences() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Queues extends QueueCases {
        Queues() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Subscriptions extends SubscriptionCases {
        Subscriptions() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class RetainedPages extends RetainedPageCases {
        RetainedPages() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class InboundQos2 extends InboundQos2Cases {
        InboundQos2() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class OutboundQos2 extends OutboundQos2Cases {
        OutboundQos2() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Wills extends WillCases {
        Wills() {
            super(SessionStoreContract.this);
        }
    }

    @Nested
    final class Expiry extends ExpiryCases {
        Expiry() {
            super(SessionStoreContract.this);
        }
    }
}
